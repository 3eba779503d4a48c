package io.thirdsession.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.Uuid7;
import io.thirdsession.metrics.Metrics;
import io.thirdsession.testing.DatabaseTestBase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TouchesTest extends DatabaseTestBase {
  private static final Instant LOGIN = Instant.parse("2026-11-22T08:00:00.100Z");
  private static final Instant USED = Instant.parse("2026-11-23T08:00:00.200Z");

  private final Random random = new Random(1);
  private Touches touches;

  @BeforeEach
  void start() {
    touches = new Touches(database.jdbc(), new Metrics());
  }

  @AfterEach
  void stop() {
    touches.close();
  }

  @Test
  void writesWhenEachSessionWasUsedInStatementsOfLimitedLength() throws Exception {
    List<UUID> sids = sessions(Touches.MAX_AT_ONCE + 3);
    UUID unused = sessions(1).get(0);
    sids.forEach(sid -> assertTrue(touches.note(sid, USED)));

    touches.write();

    assertEquals(sids.size(), seen(USED));
    assertEquals(LOGIN.toEpochMilli(), lastSeenAt(unused));
    assertEquals(Optional.empty(), touches.of(sids.get(0)));
  }

  @Test
  void knowsWhatIsNotWrittenYetAndOfThatTheLatest() {
    UUID sid = Uuid7.next(LOGIN, random);

    touches.note(sid, USED);
    touches.note(sid, USED.minusMillis(1));

    assertEquals(Optional.of(USED), touches.of(sid));
    assertEquals(Optional.empty(), touches.of(Uuid7.next(LOGIN, random)));
  }

  @Test
  void noSessionSeemsUsedBeforeItWasNorMoreThanASecondAfter() throws Exception {
    List<UUID> sids = sessions(3);
    touches.note(sids.get(0), USED);
    touches.note(sids.get(1), USED.plusMillis(500));
    touches.note(sids.get(2), USED.plusSeconds(1));

    touches.write();

    assertEquals(USED.plusMillis(500).toEpochMilli(), lastSeenAt(sids.get(0)));
    assertEquals(USED.plusMillis(500).toEpochMilli(), lastSeenAt(sids.get(1)));
    assertEquals(USED.plusSeconds(1).toEpochMilli(), lastSeenAt(sids.get(2)));
  }

  @Test
  void neverWritesAnEarlierMoment() throws Exception {
    UUID sid = sessions(1).get(0);
    testDatabase.execute("UPDATE session SET last_seen_at = " + (USED.toEpochMilli() + 1));
    touches.note(sid, USED);

    touches.write();

    assertEquals(USED.toEpochMilli() + 1, lastSeenAt(sid));
  }

  @Test
  void aSessionThatWasEndedStaysEnded() throws Exception {
    List<UUID> sids = sessions(2);
    sids.forEach(sid -> touches.note(sid, USED));
    testDatabase.execute("DELETE FROM session ORDER BY sid LIMIT 1");

    touches.write();

    assertEquals(1, testDatabase.number("SELECT COUNT(*) FROM session"));
    assertEquals(1, seen(USED));
  }

  @Test
  void whatCannotBeWrittenWaits() throws Exception {
    UUID sid = sessions(1).get(0);
    touches.note(sid, USED);
    try (Connection other = testDatabase.connect();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.executeUpdate("UPDATE session SET last_seen_at = last_seen_at + 1");

      touches.write();

      assertEquals(Optional.of(USED), touches.of(sid));
      other.rollback();
    }

    touches.write();

    assertEquals(1, seen(USED));
  }

  @Test
  void takesNoMoreThanItHasRoomFor() {
    List<UUID> sids = new ArrayList<>();
    for (int i = 0; i < Touches.MAX_WAITING; i++) {
      sids.add(Uuid7.next(LOGIN, random));
    }
    sids.forEach(sid -> assertTrue(touches.note(sid, USED)));

    UUID other = Uuid7.next(LOGIN, random);
    assertFalse(touches.note(other, USED));
    assertEquals(Optional.empty(), touches.of(other));
    assertTrue(touches.note(sids.get(0), USED.plusMillis(1)));
  }

  private List<UUID> sessions(int count) throws Exception {
    List<UUID> sids = new ArrayList<>();
    try (Connection connection = testDatabase.connect();
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO session (sid, secret_hash, user_id, identity_id, last_seen_at, origin,"
                    + " address) VALUES (?, ?, ?, ?, ?, 'login', '')")) {
      connection.setAutoCommit(false);
      for (int i = 0; i < count; i++) {
        UUID sid = Uuid7.next(LOGIN, random);
        sids.add(sid);
        insert.setBytes(1, Uuid7.bytes(sid));
        insert.setBytes(2, new byte[32]);
        insert.setBytes(3, Uuid7.bytes(sid));
        insert.setBytes(4, Uuid7.bytes(sid));
        insert.setLong(5, LOGIN.toEpochMilli());
        insert.executeUpdate();
      }
      connection.commit();
    }
    return sids;
  }

  private int seen(Instant time) {
    return testDatabase.number(
        "SELECT COUNT(*) FROM session WHERE last_seen_at = " + time.toEpochMilli());
  }

  private long lastSeenAt(UUID sid) {
    return Long.parseLong(
        testDatabase
            .column("SELECT last_seen_at FROM session WHERE sid = ?", Uuid7.bytes(sid))
            .get(0));
  }
}
