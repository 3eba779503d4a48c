package io.thirdsession.purge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.Uuid7;
import io.thirdsession.audit.AuditTrail;
import io.thirdsession.jdbc.Database;
import io.thirdsession.session.SessionLifetime;
import io.thirdsession.testing.FakeClock;
import io.thirdsession.testing.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PurgerTest {
  private static final Duration IDLE = Duration.ofDays(7);
  private static final Duration ABSOLUTE = Duration.ofDays(30);
  private static final Duration RETENTION = Duration.ofDays(180);
  private static final RandomGenerator RANDOM = RandomGenerator.getDefault();

  /** Behind the database's own clock, which is the real one. */
  private final FakeClock clock =
      new FakeClock(Instant.ofEpochSecond(Clock.systemUTC().instant().getEpochSecond() - 3_600));

  private final UUID user = Uuid7.next(clock.instant(), RANDOM);
  private final UUID identity = Uuid7.next(clock.instant(), RANDOM);
  private TestDatabase testDatabase;
  private Database database;

  @BeforeEach
  void start() throws SQLException {
    testDatabase = TestDatabase.create();
    database = new Database(testDatabase.settings(), queries -> {});
    database.start();
    insert("INSERT INTO user (id, created_at, last_login_at) VALUES (?, 0, 0)", user);
    insert(
        "INSERT INTO identity (id, user_id, app_id, openid, created_at, key_sealed,"
            + " key_fingerprint, key_exchanged_at) VALUES (?, ?, 'wx1', 'o', 0, '', '', 0)",
        identity,
        user);
  }

  @AfterEach
  void stop() {
    database.close();
    testDatabase.close();
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
  void oneNodeDoesItUntilItsLeaseIsOver() throws SQLException {
    Purger one = purger();
    Purger other = purger();
    one.run();
    session(ABSOLUTE.plusDays(1), Duration.ZERO);

    assertEquals(0, other.run());
    clock.advance(Duration.ofSeconds(59));
    assertEquals(0, other.run());
    clock.advance(Duration.ofSeconds(1));
    assertEquals(1, other.run());

    session(ABSOLUTE.plusDays(1), Duration.ZERO);
    assertEquals(0, one.run(), "it has lost the lease");
    assertEquals(1, other.run());
  }

  @Test
  void aClockThatRunsAheadDeletesNothingThatIsLive() throws SQLException {
    session(Duration.ofDays(1), Duration.ZERO);
    clock.advance(Duration.ofDays(365));

    assertEquals(0, purger().run());
    assertEquals(1, sessions());
  }

  @Test
  void doesNothingOnceItIsClosed() throws SQLException {
    sessions(600, ABSOLUTE.plusDays(1), Duration.ZERO);
    Purger purger = purger();
    purger.close();

    assertTrue(purger.run() <= 500);
  }

  private Purger purger() {
    return new Purger(
        database.jdbc(),
        new AuditTrail(database.jdbc(), clock, RANDOM),
        new SessionLifetime(IDLE, ABSOLUTE),
        RETENTION,
        clock,
        RANDOM);
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
