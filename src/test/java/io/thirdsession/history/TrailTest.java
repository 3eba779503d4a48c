package io.thirdsession.history;

import static io.thirdsession.history.Deed.END_ALL;
import static io.thirdsession.history.Deed.ERASE;
import static io.thirdsession.history.Deed.LOGOUT;
import static io.thirdsession.history.Outcome.DONE;
import static io.thirdsession.history.Outcome.REFUSED;
import static io.thirdsession.history.Outcome.UNKNOWN;
import static io.thirdsession.history.Told.sid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.thirdsession.history.Trail.Event;
import io.thirdsession.history.Trail.Kill;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A missing row of the audit trail is found. */
class TrailTest {
  private static final Event LOGIN = new Event("login", sid(1));

  private final Told told = new Told().login(1, 0, 10);

  static Stream<Arguments> deeds() {
    return Stream.of(
        arguments(LOGOUT, "logout"),
        arguments(END_ALL, "session_ended"),
        arguments(Deed.BIND, "phone_bound"),
        arguments(ERASE, "erased"));
  }

  @ParameterizedTest
  @MethodSource("deeds")
  void everyDeedThatWasDoneHasItsRow(Deed deed, String event) {
    told.ask(deed, 1, DONE, 11, 12);

    assertEquals(0, missing(List.of(LOGIN, new Event(event, sid(1)))));
    assertEquals(1, missing(List.of(LOGIN)));
    assertEquals(1, missing(List.of(LOGIN, new Event(event, sid(2)))));
  }

  @ParameterizedTest
  @MethodSource("deeds")
  void whatWasRefusedOrIsUnknownNeedsNone(Deed deed, String event) {
    told.ask(deed, 1, UNKNOWN, 11, 12).ask(deed, 1, REFUSED, 13, 14);

    assertEquals(0, missing(List.of(LOGIN)));
  }

  @Test
  void aLoginHasOneRow() {
    assertEquals(1, missing(List.of()));
    assertEquals(1, missing(List.of(LOGIN, LOGIN)));
  }

  @Test
  void aKillMayLoseTheRowsOfItsLastMomentsButNotTheirLines() {
    Kill late = new Kill("a", 5, 20);

    assertEquals(0, missing(Set.of(LOGIN), late));
    assertEquals(1, missing(Set.of(), late));
    assertEquals(1, missing(Set.of(LOGIN), new Kill("b", 5, 20)));
    assertEquals(1, missing(Set.of(LOGIN), new Kill("a", 10, 20)));
  }

  @Test
  void theLogIsRead() {
    Stream<String> log =
        Stream.of(
            "Nov 27, 2026 4:00:00 AM io.thirdsession.audit.AuditTrail record",
            "INFO: event=login at=2026-11-27T04:00:00Z user=u app=wx1 sid="
                + sid(1)
                + " address=a");

    assertEquals(Set.of(LOGIN), Trail.read(log));
  }

  private int missing(List<Event> rows) {
    return new Trail(rows, Set.of(), List.of()).check(told.operations()).size();
  }

  private int missing(Set<Event> lines, Kill kill) {
    return new Trail(List.of(), lines, List.of(kill)).check(told.operations()).size();
  }
}
