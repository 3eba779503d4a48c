package io.thirdsession.history;

import static io.thirdsession.history.Deed.ERASE;
import static io.thirdsession.history.Outcome.DONE;
import static io.thirdsession.history.Outcome.UNKNOWN;
import static io.thirdsession.history.Told.ALICE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is left out, invented or told in another order is found. */
class EventRulesTest {
  private static final HeardEvent CREATED = new HeardEvent(1, "user.created", ALICE);
  private static final HeardEvent CHANGED = new HeardEvent(2, "profile.changed", ALICE);
  private static final HeardEvent ERASED = new HeardEvent(3, "user.erased", ALICE);

  private final Told told = new Told();

  @Test
  void allThatWasDoneIsToldAndMayBeToldAgain() {
    told.login(1, 0, 10).write("a", DONE, 11, 12).ask(ERASE, 1, DONE, 13, 14);

    assertEquals(
        List.of(),
        EventRules.check(
            told.operations(),
            List.of(CREATED, CHANGED, ERASED),
            List.of(CREATED, CREATED, CHANGED, ERASED, CHANGED)));
  }

  @Test
  void whatMayHaveHappenedMayBeToldOrNot() {
    told.login(1, 0, 10).write("a", UNKNOWN, 11, 12);

    assertEquals(List.of(), check(CREATED));
    assertEquals(List.of(), check(CREATED, CHANGED));
  }

  @Test
  void aDeedThatIsNotToldIsFound() {
    told.login(1, 0, 10).write("a", DONE, 11, 12).bind(1, "138", DONE, 13, 14);

    assertFound("profile.changed of user " + ALICE + " 0 times for 1", CREATED);
    assertFound("phone.bound of user " + ALICE + " 0 times for 1", CREATED, CHANGED);
    assertFound("user.created of user " + ALICE + " 0 times for 1");
  }

  @Test
  void anErasureThatIsNotToldOrNobodyAskedForIsFound() {
    told.login(1, 0, 10).ask(ERASE, 1, DONE, 11, 12);

    assertFound("user.erased of user " + ALICE + " 0 times for 1", CREATED);
    assertEquals(
        List.of("events: nobody erased user " + ALICE),
        EventRules.check(
            new Told().login(1, 0, 10).operations(),
            List.of(CREATED, new HeardEvent(2, "user.erased", ALICE)),
            List.of(CREATED, new HeardEvent(2, "user.erased", ALICE))));
  }

  @Test
  void aHoleAndAPlaceThatIsThereTwiceAreFound() {
    told.login(1, 0, 10);

    assertFound("place 2 is missing", CREATED, ERASED);
    assertFound("place 2 is missing", CREATED, new HeardEvent(1, "profile.changed", ALICE));
  }

  @Test
  void anOrderThatCannotBeIsFound() {
    told.login(1, 0, 10).bind(1, "138", DONE, 11, 12).ask(ERASE, 1, DONE, 13, 14);

    assertFound(
        "before they were created",
        new HeardEvent(1, "phone.bound", ALICE),
        new HeardEvent(2, "user.created", ALICE));
    assertFound(
        "after the erasure",
        CREATED,
        new HeardEvent(2, "user.erased", ALICE),
        new HeardEvent(3, "phone.bound", ALICE));
    assertFound("created twice", CREATED, new HeardEvent(2, "user.created", ALICE));
  }

  @Test
  void aListenerThatMissesSomethingOrHearsItInAnotherOrderIsFound() {
    told.login(1, 0, 10);

    assertTrue(
        EventRules.check(told.operations(), List.of(CREATED, CHANGED), List.of(CREATED))
            .toString()
            .contains("was not told of"));
    assertTrue(
        EventRules.check(told.operations(), List.of(CREATED, CHANGED), List.of(CHANGED, CREATED))
            .toString()
            .contains("was told after place 2"));
  }

  private List<String> check(HeardEvent... events) {
    return EventRules.check(told.operations(), List.of(events), List.of(events));
  }

  private void assertFound(String part, HeardEvent... events) {
    List<String> wrong = check(events);
    assertTrue(wrong.toString().contains(part), wrong.toString());
  }
}
