package io.thirdsession.purge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.Uuid7;
import io.thirdsession.audit.AuditRetention;
import io.thirdsession.audit.AuditTrail;
import io.thirdsession.event.EventRetention;
import io.thirdsession.metrics.Metrics;
import io.thirdsession.session.SessionLifetime;
import io.thirdsession.testing.DatabaseTestBase;
import io.thirdsession.testing.FakeClock;
import io.thirdsession.testing.LogCapture;
import io.thirdsession.testing.Scrape;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PurgerTest extends DatabaseTestBase {
  private static final Duration IDLE = Duration.ofDays(7);
  private static final Duration ABSOLUTE = Duration.ofDays(30);
  private static final Duration RETENTION = Duration.ofDays(180);
  private static final RandomGenerator RANDOM = RandomGenerator.getDefault();

  private static final String INSERT_IDENTITY =
      "INSERT INTO identity (id, user_id, appid, openid, mac_key, mac, created_at, key_sealed,"
          + " key_fingerprint, key_exchanged_at) VALUES (?, ?, 'wx1', 'o2', '', '', 0, '', '', 0)";

  private static final String INSERT_SESSION =
      "INSERT INTO session (sid, user_id, identity_id, secret_hash, last_seen_at, origin, address)"
          + " VALUES (?, ?, ?, '', UNIX_TIMESTAMP() * 1000, 'login', '')";

  private static final String INSERT_AVATAR =
      "INSERT INTO avatar (user_id, avatar_id, jpeg, created_at) VALUES (?, ?, '', 0)";

  /** Behind the database's own clock, which is the real one. */
  private final FakeClock clock =
      new FakeClock(Instant.ofEpochSecond(Clock.systemUTC().instant().getEpochSecond() - 3_600));

  private Metrics metrics = new Metrics();
  private AuditRetention retention = new AuditRetention(Map.of(), RETENTION);
  private final UUID user = Uuid7.next(clock.instant(), RANDOM);
  private final UUID identity = Uuid7.next(clock.instant(), RANDOM);

  @BeforeEach
  void start() throws SQLException {
    insert("INSERT INTO user (id, created_at, last_login_at) VALUES (?, 0, 0)", user);
    insert(
        "INSERT INTO identity (id, user_id, appid, openid, mac_key, mac, created_at, key_sealed,"
            + " key_fingerprint, key_exchanged_at) VALUES (?, ?, 'wx1', 'o', '', '', 0, '', '', 0)",
        identity,
        user);
  }

  @Test
  void deletesWhatBeganTooLongAgoHoweverMuchItIsUsed() throws SQLException {
    session(ABSOLUTE.plusMillis(1), Duration.ZERO);
    session(ABSOLUTE, Duration.ZERO);

    assertEquals(1, purger().run());
    assertEquals(1, sessions());
  }

  @Test
  void deletesWhatNobodyUsed() throws SQLException {
    session(Duration.ofDays(20), IDLE);
    session(Duration.ofDays(20), IDLE.minusMillis(1));

    assertEquals(1, purger().run());
    assertEquals(1, sessions());
  }

  @Test
  void deletesManyInSmallPieces() throws SQLException {
    sessions(1_201, ABSOLUTE.plusDays(1), Duration.ZERO);
    sessions(1_201, Duration.ofDays(10), IDLE.plusDays(1));
    sessions(10, Duration.ofDays(1), Duration.ZERO);

    assertEquals(2_402, purger().run());
    assertEquals(10, sessions());
  }

  @Test
  void walksOnWhereItStoppedAndBeginsAgainAtTheEnd() throws SQLException {
    sessions(5_200, Duration.ofDays(1), Duration.ZERO); // more than one run looks at
    session(Duration.ofHours(1), IDLE); // at the far end of the key
    Purger purger = purger();

    assertEquals(0, purger.run());
    assertEquals(1, purger.run());
    session(Duration.ofDays(2), IDLE); // at the near end
    assertEquals(1, purger.run());
  }

  @Test
  void deletesAuditRowsAfterTheirRetention() throws SQLException {
    audit(RETENTION.plusMillis(1));
    audit(RETENTION);

    assertEquals(1, purger().run());
    assertEquals(1, testDatabase.number("SELECT COUNT(*) FROM audit"));
  }

  @Test
  void deletesEventsOfAKindThatIsKeptForAShorterTimeAndNoOthers() throws SQLException {
    retention = new AuditRetention(Map.of("login_failed", Duration.ofDays(7)), RETENTION);
    for (String event : List.of("login", "login_failed")) {
      for (Duration age : List.of(Duration.ofDays(7).plusMillis(1), Duration.ofDays(7))) {
        insert(
            "INSERT INTO audit (id, event) VALUES (?, '" + event + "')",
            Uuid7.next(clock.instant().minus(age), RANDOM));
      }
    }
    audit(RETENTION.plusMillis(1));
    Purger purger = purger();

    int deleted = purger.run();
    deleted += purger.run(); // the walk began somewhere

    assertEquals(2, deleted);
    assertEquals(
        List.of("login", "login", "login_failed"),
        testDatabase.column("SELECT event FROM audit ORDER BY 1"));
  }

  @Test
  void emptiesWhatStillTellsWhereErasedUsersWere() throws SQLException {
    UUID erased = Uuid7.next(clock.instant(), RANDOM);
    audits(5_200, Duration.ofDays(1)); // more than one run looks at
    auditOf(erased);
    auditOf(user);
    insert(
        "INSERT INTO audit (id, event, address) VALUES (?, 'login_failed', '192.0.2.1')",
        Uuid7.next(clock.instant(), RANDOM));
    Purger purger = purger();

    purger.run();
    purger.run();
    purger.run(); // the walk began somewhere

    assertEquals(
        List.of("login", "login_failed"),
        testDatabase.column("SELECT event FROM audit WHERE address <> '' ORDER BY 1"));
    assertEquals(
        1,
        testDatabase.number("SELECT COUNT(*) FROM audit WHERE device <> ''"),
        "of whoever is there it is kept");
    assertEquals(5_203, testDatabase.number("SELECT COUNT(*) FROM audit"));
  }

  @Test
  void removesOrphansOfEveryKindAndSaysHowMany() throws SQLException {
    UUID gone = Uuid7.next(clock.instant(), RANDOM);
    plantOrphans(gone);
    sessions(3, Duration.ofDays(1), Duration.ZERO);
    insert("INSERT INTO unionid_user (unionid, user_id) VALUES ('ualice', ?)", user);
    insert(INSERT_AVATAR, user, user);

    try (LogCapture log = LogCapture.of(Orphans.class.getName())) {
      assertEquals(7, purger().run());

      assertEquals(
          List.of("orphans removed sessions=3 identities=1 avatars=1 unionids=2"), log.lines());
    }
    testDatabase.assertNoOrphans();
    assertEquals(3, sessions());
    for (String table : List.of("identity", "avatar", "unionid_user")) {
      assertEquals(1, testDatabase.number("SELECT COUNT(*) FROM " + table), table);
    }
    try (LogCapture log = LogCapture.of(Orphans.class.getName())) {
      assertEquals(0, purger().run());

      assertEquals(List.of(), log.lines(), "of none it says nothing");
    }
  }

  /** One session of each kind, an identity, a picture, and two links, all of this user. */
  private void plantOrphans(UUID gone) throws SQLException {
    UUID identityOfGone = Uuid7.next(clock.instant(), RANDOM);
    insert(INSERT_IDENTITY, identityOfGone, gone);
    insert(INSERT_SESSION, Uuid7.next(clock.instant(), RANDOM), gone, identityOfGone);
    insert(INSERT_SESSION, Uuid7.next(clock.instant(), RANDOM), user, gone);
    UUID other = Uuid7.next(clock.instant(), RANDOM);
    insert("INSERT INTO user (id, created_at, last_login_at) VALUES (?, 0, 0)", other);
    insert(INSERT_SESSION, Uuid7.next(clock.instant(), RANDOM), other, identity);
    insert(INSERT_AVATAR, gone, gone);
    insert("INSERT INTO unionid_user (unionid, user_id) VALUES ('u1', ?), ('u2', ?)", gone, gone);
  }

  @Test
  void findsAnOrphanAtTheFarEndOfAKeyInALaterRun() throws SQLException {
    avatars(5_200); // more than one run looks at
    UUID gone = Uuid7.next(clock.instant(), RANDOM);
    insert(INSERT_AVATAR, gone, gone);
    Purger purger = purger();

    assertEquals(0, purger.run());
    assertEquals(1, purger.run());
    assertEquals(5_200, testDatabase.number("SELECT COUNT(*) FROM avatar"));
  }

  @Test
  void oneNodeDoesItUntilItsLeaseIsOver() throws SQLException {
    Purger one = purger();
    Purger other = purger();
    one.run();
    session(ABSOLUTE.plusDays(1), Duration.ZERO);

    assertEquals(0, other.run());
    letTheLeaseAge(Duration.ofSeconds(50));
    assertEquals(0, other.run());
    letTheLeaseAge(Duration.ofSeconds(10));
    assertEquals(1, other.run());

    session(ABSOLUTE.plusDays(1), Duration.ZERO);
    clock.advance(Duration.ofSeconds(10)); // then it asks again
    assertEquals(0, one.run(), "it has lost the lease");
    assertEquals(1, other.run());
  }

  @Test
  void aNodeThatIsDaysAheadHoldsTheLeaseNoLongerThanOthers() throws SQLException {
    clock.advance(Duration.ofDays(8));
    purger().run();
    clock.advance(Duration.ofDays(-8));
    Purger other = purger();

    session(ABSOLUTE.plusDays(1), Duration.ZERO);

    assertEquals(0, other.run());
    letTheLeaseAge(Duration.ofSeconds(60));
    assertEquals(1, other.run());
  }

  private void letTheLeaseAge(Duration time) {
    testDatabase.execute("UPDATE lease SET held_until = held_until - " + time.toMillis());
  }

  @Test
  void aClockThatRunsAheadDeletesNothingThatIsLive() throws SQLException {
    session(Duration.ofDays(1), Duration.ZERO);
    clock.advance(Duration.ofDays(365));

    assertEquals(0, purger().run());
    assertEquals(1, sessions());
  }

  @Test
  void saysHowLateItIsAndWhatItDeletedOnceItHasWalkedAround() throws SQLException {
    Purger purger = purger();
    assertEquals(Set.of(), Scrape.of(metrics.text()).samples("thirdsession_purge_lag_seconds"));
    session(Duration.ofDays(20), IDLE.plusSeconds(90));
    session(Duration.ofDays(20), IDLE.plusSeconds(30));
    session(ABSOLUTE.plusMillis(1), Duration.ZERO);

    purger.run();

    clock.advance(Duration.ofSeconds(7));
    Scrape said = Scrape.of(metrics.text());
    assertEquals(90, said.value("thirdsession_purge_lag_seconds"), 1);
    assertEquals(7, said.value("thirdsession_purge_walk_age_seconds"), 0.001);
    assertEquals(2, said.value("thirdsession_purged_total{kind=\"idle\"}"));
    assertEquals(1, said.value("thirdsession_purged_total{kind=\"expired\"}"));

    purger.run();

    assertEquals(0, Scrape.of(metrics.text()).value("thirdsession_purge_lag_seconds"));
  }

  @Test
  void aNodeWithoutTheLeaseSaysNothingOfTheWalk() {
    purger().run();
    Metrics others = metrics;

    purger().run();

    assertEquals(1, Scrape.of(others.text()).samples("thirdsession_purge_lag_seconds").size());
    assertEquals(Set.of(), Scrape.of(metrics.text()).samples("thirdsession_purge_lag_seconds"));
  }

  @Test
  void doesNothingOnceItIsClosed() throws SQLException {
    sessions(600, ABSOLUTE.plusDays(1), Duration.ZERO);
    Purger purger = purger();
    purger.close();

    assertTrue(purger.run() <= 500);
  }

  private Purger purger() {
    metrics = new Metrics();
    return new Purger(
        database.jdbc(),
        new AuditTrail(database.jdbc(), clock, RANDOM, new Metrics()),
        new SessionLifetime(IDLE, ABSOLUTE),
        retention,
        new EventRetention(database.jdbc(), Duration.ofDays(7)),
        clock,
        RANDOM,
        metrics);
  }

  private int sessions() {
    return testDatabase.number("SELECT COUNT(*) FROM session");
  }

  private void session(Duration age, Duration unused) throws SQLException {
    sessions(1, age, unused);
  }

  private void sessions(int count, Duration age, Duration unused) throws SQLException {
    try (Connection connection = testDatabase.connect()) {
      connection.setAutoCommit(false);
      try (PreparedStatement insert =
          connection.prepareStatement(
              "INSERT INTO session (sid, secret_hash, user_id, identity_id, last_seen_at, origin,"
                  + " address) VALUES (?, ?, ?, ?, ?, 'login', '')")) {
        for (int i = 0; i < count; i++) {
          insert.setBytes(1, Uuid7.bytes(Uuid7.next(clock.instant().minus(age), RANDOM)));
          insert.setBytes(2, new byte[32]);
          insert.setBytes(3, Uuid7.bytes(user));
          insert.setBytes(4, Uuid7.bytes(identity));
          insert.setLong(5, clock.instant().minus(unused).toEpochMilli());
          insert.addBatch();
        }
        insert.executeBatch();
      }
      connection.commit();
    }
  }

  private void audit(Duration age) throws SQLException {
    audits(1, age);
  }

  private void audits(int count, Duration age) throws SQLException {
    try (Connection connection = testDatabase.connect();
        PreparedStatement insert =
            connection.prepareStatement("INSERT INTO audit (id, event) VALUES (?, 'login')")) {
      connection.setAutoCommit(false);
      for (int i = 0; i < count; i++) {
        insert.setBytes(1, Uuid7.bytes(Uuid7.next(clock.instant().minus(age), RANDOM)));
        insert.addBatch();
      }
      insert.executeBatch();
      connection.commit();
    }
  }

  private void auditOf(UUID whom) throws SQLException {
    insert(
        "INSERT INTO audit (id, user_id, event, address, device)"
            + " VALUES (?, ?, 'login', '192.0.2.1', '{\"model\":\"iPhone\"}')",
        Uuid7.next(clock.instant(), RANDOM),
        whom);
  }

  private void avatars(int count) throws SQLException {
    try (Connection connection = testDatabase.connect()) {
      connection.setAutoCommit(false);
      for (String sql :
          List.of(
              "INSERT INTO user (id, created_at, last_login_at) VALUES (?, 0, 0)",
              "INSERT INTO avatar (user_id, avatar_id, jpeg, created_at) VALUES (?, ?, '', 0)")) {
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
          for (int i = 1; i <= count; i++) {
            byte[] id = Uuid7.bytes(new UUID(i, i));
            for (int p = 1; p <= insert.getParameterMetaData().getParameterCount(); p++) {
              insert.setBytes(p, id);
            }
            insert.addBatch();
          }
          insert.executeBatch();
        }
      }
      connection.commit();
    }
  }

  private void insert(String sql, UUID... ids) throws SQLException {
    try (Connection connection = testDatabase.connect();
        PreparedStatement insert = connection.prepareStatement(sql)) {
      for (int i = 0; i < ids.length; i++) {
        insert.setBytes(i + 1, Uuid7.bytes(ids[i]));
      }
      insert.executeUpdate();
    }
  }
}
