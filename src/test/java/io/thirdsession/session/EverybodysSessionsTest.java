package io.thirdsession.session;

import static io.thirdsession.testing.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.audit.Actor;
import io.thirdsession.audit.AuditTrail;
import io.thirdsession.audit.Subject;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.metrics.Counter;
import io.thirdsession.metrics.Metrics;
import io.thirdsession.session.EverybodysSessions.Ended;
import io.thirdsession.session.EverybodysSessions.Rest;
import io.thirdsession.testing.DatabaseTestBase;
import io.thirdsession.testing.FakeClock;
import io.thirdsession.testing.TestEvents;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pieces, and where the next one begins, below HTTP. */
class EverybodysSessionsTest extends DatabaseTestBase {
  /** One a millisecond, the last at the given time; the users of apps a and b alternate. */
  private static final String INSERT =
      """
      INSERT INTO session (sid, secret_hash, user_id, identity_id, last_seen_at, origin, address)
      WITH RECURSIVE digit (d) AS (SELECT 0 UNION ALL SELECT d + 1 FROM digit WHERE d < 9)
      SELECT UNHEX(CONCAT(LPAD(HEX(%d - n.n), 12, '0'), '70008000000000000000')), REPEAT('x', 32),
             i.user_id, i.id, 0, 'login', ''
      FROM (SELECT a.d * 1000 + b.d * 100 + c.d * 10 + e.d AS n
            FROM digit a, digit b, digit c, digit e) n
      JOIN identity i ON i.appid = IF(MOD(n.n, 2) = 0, 'wxa', 'wxb')
      WHERE n.n < %d
      """;

  private static final Actor OPERATOR =
      Actor.of(
          Subject.client("ops"),
          new RequestFacts(
              "r",
              Optional.empty(),
              "127.0.0.1",
              Optional.empty(),
              Locale.CHINESE,
              "http://localhost",
              0));

  private final FakeClock clock = new FakeClock(Instant.parse("2026-11-22T08:00:00Z"));
  private final Metrics metrics = new Metrics();
  private final Counter counter = new EndedSessions(metrics).of(SessionEnd.EVERYBODY);
  private AuditTrail audit;

  @BeforeEach
  void insertIdentities() {
    for (String app : List.of("a", "b")) {
      testDatabase.execute(
          "INSERT INTO identity (id, user_id, appid, openid, mac_key, mac, created_at, key_sealed,"
              + " key_fingerprint, key_exchanged_at) VALUES (REPEAT('"
              + app
              + "', 16), REPEAT('u', 16), 'wx"
              + app
              + "', 'o', '', '', 0, '', '', 0)");
    }
    audit = new AuditTrail(database.jdbc(), clock, RandomGenerator.getDefault(), metrics);
    audit.start();
  }

  @AfterEach
  void closeAudit() {
    audit.close();
  }

  @Test
  void endsPieceAfterPieceInOneRequest() {
    insert(1_300, Duration.ofDays(1));
    insert(7, Duration.ofSeconds(1));

    Ended ended = sessions(Duration.ofMinutes(1)).end(Optional.empty(), OPERATOR);

    assertEquals(new Ended(1_307, Optional.empty()), ended);
    assertEquals(0, stored());
    assertEquals(
        List.of("which=everybody state=begun", "which=everybody state=done ended=1307"),
        recorded(2));
  }

  @ParameterizedTest
  @CsvSource({"499, 1", "500, 2", "501, 2", "1000, 3"})
  void goesOnWhereARequestRanOutOfTime(int count, int requests) {
    insert(count, Duration.ofDays(1));

    int made = 1;
    Ended ended = sessions(Duration.ZERO).end(Optional.empty(), OPERATOR);
    int all = ended.count();
    while (ended.rest().isPresent()) {
      made++;
      // as another node would, that was told nothing but the text
      EverybodysSessions another = sessions(Duration.ZERO);
      Rest rest = another.rest(ended.rest().get().text()).orElseThrow();
      ended = another.endRest(rest, Optional.empty(), OPERATOR);
      assertTrue(ended.count() <= 500);
      all += ended.count();
    }

    assertEquals(count, all);
    assertEquals(requests, made);
    assertEquals(0, stored());
  }

  @Test
  void saysInTheTrailThatItIsUnfinished() {
    insert(600, Duration.ofDays(1));

    sessions(Duration.ZERO).end(Optional.of("wxa"), OPERATOR);

    assertEquals(
        List.of("which=everybody state=begun", "which=everybody state=unfinished ended=250"),
        recorded(2));
    assertEquals(List.of("wxa", "wxa"), testDatabase.column("SELECT appid FROM audit ORDER BY id"));
  }

  @Test
  void endsThoseOfOneAppAlone() {
    insert(1_300, Duration.ofDays(1));
    insert(6, Duration.ofSeconds(1));

    Ended ended = sessions(Duration.ofMinutes(1)).end(Optional.of("wxb"), OPERATOR);

    assertEquals(new Ended(653, Optional.empty()), ended);
    assertEquals(
        List.of("wxa"),
        testDatabase.column(
            "SELECT DISTINCT i.appid FROM session s JOIN identity i ON i.id = s.identity_id"));
  }

  @Test
  void whatBeginsAfterTheCallStaysHoweverOftenItGoesOn() {
    insert(1_200, Duration.ofDays(1));
    EverybodysSessions sessions = sessions(Duration.ZERO);
    Optional<Rest> rest = sessions.end(Optional.empty(), OPERATOR).rest();
    insert(1, Duration.ofSeconds(59)); // on a node whose clock is as far behind as it may be
    insert(1, Duration.ZERO);

    while (rest.isPresent()) {
      clock.advance(Duration.ofMinutes(10));
      rest = sessions.endRest(rest.get(), Optional.empty(), OPERATOR).rest();
    }

    assertEquals(2, stored());
  }

  @ParameterizedTest
  @ValueSource(ints = {-60_001, -60_000, -1, 0, 1, 60_000})
  void whatBeganBeforeTheCallEndsByWhateverClock(int millis) {
    insert(1, Duration.ofMillis(-millis));

    assertEquals(1, sessions(Duration.ZERO).end(Optional.empty(), OPERATOR).count());
    assertEquals(0, stored());
  }

  @Test
  void endsSessionsWhoseIdentityIsGoneWithTheOthersAndNotWithAnApps() {
    insert(2, Duration.ofDays(1));
    testDatabase.execute("DELETE FROM identity");

    assertEquals(0, sessions(Duration.ZERO).end(Optional.of("wxa"), OPERATOR).count());
    assertEquals(2, sessions(Duration.ZERO).end(Optional.empty(), OPERATOR).count());
  }

  @Test
  void anotherTextIsNoRest() {
    String id = "01a20244-e800-7000-8000-000000000000";
    String later = "01a20245-e800-7000-8000-000000000000";
    clock.set(Instant.ofEpochMilli(UUID.fromString(id).getMostSignificantBits() >>> 16));

    EverybodysSessions sessions = sessions(Duration.ZERO);

    assertTrue(sessions.rest(id + "." + id).isPresent());
    for (String text : List.of("", id, id + ".", "." + id, id + id, id + "." + id + ".", "x")) {
      assertFalse(sessions.rest(text).isPresent(), text);
    }
    assertFalse(sessions.rest(id + "." + later).isPresent(), "of sessions that have not begun");
  }

  private EverybodysSessions sessions(Duration workingTime) {
    return new EverybodysSessions(
        database.jdbc(), audit, TestEvents.none(), clock, counter, workingTime);
  }

  private void insert(int count, Duration age) {
    long newest = clock.instant().minus(age).toEpochMilli();
    testDatabase.execute(INSERT.formatted(newest, count));
  }

  private int stored() {
    return testDatabase.number("SELECT COUNT(*) FROM session");
  }

  private List<String> recorded(int count) {
    eventually(() -> assertEquals(count, testDatabase.number("SELECT COUNT(*) FROM audit")));
    // both may be of the same millisecond
    return testDatabase.column("SELECT detail FROM audit ORDER BY detail");
  }
}
