package io.thirdsession.history;

import static io.thirdsession.history.Deed.END_ALL;
import static io.thirdsession.history.Deed.ERASE;
import static io.thirdsession.history.Deed.LOGOUT;
import static io.thirdsession.history.Outcome.DONE;
import static io.thirdsession.history.Outcome.UNKNOWN;
import static io.thirdsession.history.Told.ALICE;
import static io.thirdsession.history.Told.sid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.history.Stored.Identity;
import io.thirdsession.history.Stored.Session;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is planted in the database is found. */
class StoredRulesTest {
  private static final Identity IDENTITY = new Identity("alice", ALICE);

  private final Told told = new Told();

  @Test
  void whatWasToldIsStored() {
    told.login(1, 0, 10).login(2, 0, 10).ask(LOGOUT, 2, DONE, 11, 12);

    assertEquals(List.of(), check(stored(new Session(sid(1), ALICE))));
  }

  @Test
  void aSessionThatIsNotStoredIsALoss() {
    told.login(1, 0, 10);

    assertFound("loss: a session", stored());
  }

  @Test
  void anEndedSessionThatIsStoredIsAGhost() {
    told.login(1, 0, 10).ask(END_ALL, 1, DONE, 11, 12);

    assertFound("ghost: an ended session", stored(new Session(sid(1), ALICE)));
  }

  @Test
  void aSessionThatMayHaveEndedMayBeStoredOrNot() {
    told.login(1, 0, 10).ask(LOGOUT, 1, UNKNOWN, 11, 12);

    assertEquals(List.of(), check(stored(new Session(sid(1), ALICE))));
    assertEquals(List.of(), check(stored()));
  }

  @Test
  void aSessionOfAnotherUserIsAMixUp() {
    told.login(1, 0, 10);

    assertFound(
        "mix-up",
        new Stored(
            List.of(ALICE), List.of(IDENTITY), List.of(new Session(sid(1), "bob")), List.of()));
  }

  @Test
  void aLoginWithoutAnAnswerMayHaveMadeOneSession() {
    told.login(1, 0, 10).unknownLogin(11);
    Session known = new Session(sid(1), ALICE);
    Session second = new Session(sid(2), ALICE);
    Session third = new Session(sid(3), ALICE);

    assertEquals(List.of(), check(stored(known, second)));
    assertFound("ghost: 2 sessions", stored(known, second, third));
  }

  @Test
  void aUserWhoIsNotStoredIsALoss() {
    told.login(1, 0, 10).ask(LOGOUT, 1, DONE, 11, 12);

    assertFound("loss: a user", new Stored(List.of(), List.of(), List.of(), List.of()));
  }

  @Test
  void anErasedUserWhoIsStoredIsAGhost() {
    told.login(1, 0, 10).ask(ERASE, 1, DONE, 11, 12);

    assertFound("ghost: an erased user", stored());
  }

  @Test
  void twoIdentitiesOfOneOpenIdAreTwins() {
    told.login(1, 0, 10).ask(LOGOUT, 1, DONE, 11, 12).unknownLogin(13);
    Identity twin = new Identity("alice", "twin-of-alice");

    assertFound(
        "twin: two identities of alice",
        new Stored(List.of(ALICE, "twin-of-alice"), List.of(IDENTITY, twin), List.of(), List.of()));
  }

  @Test
  void aUserWithoutIdentityIsATwin() {
    told.login(1, 0, 10).ask(LOGOUT, 1, DONE, 11, 12);

    assertFound(
        "twin: a user without identity",
        new Stored(List.of(ALICE, "twin-of-alice"), List.of(IDENTITY), List.of(), List.of()));
  }

  @Test
  void aUserOfWhomNobodyWasToldIsATwinUnlessALoginHadNoAnswer() {
    told.login(1, 0, 10).ask(ERASE, 1, DONE, 11, 12);
    Stored again =
        new Stored(
            List.of("alice-again"),
            List.of(new Identity("alice", "alice-again")),
            List.of(),
            List.of());
    assertFound("twin: a user of whom nobody was told", again);

    told.unknownLogin(13);
    assertEquals(List.of(), check(again));
  }

  @Test
  void orphansAreFound() {
    assertFound(
        "orphans", new Stored(List.of(), List.of(), List.of(), List.of("session without user 1")));
  }

  private static Stored stored(Session... sessions) {
    return new Stored(List.of(ALICE), List.of(IDENTITY), List.of(sessions), List.of());
  }

  private List<String> check(Stored stored) {
    return StoredRules.check(told.operations(), stored);
  }

  private void assertFound(String what, Stored stored) {
    List<String> wrong = check(stored);
    assertEquals(1, wrong.size(), wrong.toString());
    assertTrue(wrong.get(0).startsWith(what), wrong.toString());
  }
}
