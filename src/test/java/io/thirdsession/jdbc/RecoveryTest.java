package io.thirdsession.jdbc;

import static io.thirdsession.testing.Eventually.eventually;
import static io.thirdsession.testing.Eventually.within;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.Deadline;
import io.thirdsession.metrics.Metrics;
import io.thirdsession.testing.TcpProxy;
import io.thirdsession.testing.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How soon requests succeed again after an outage, and how long they take during it. */
class RecoveryTest {
  /** Longer than the pauses of a pool that doubles them would be short. */
  private static final Duration OUTAGE = Duration.ofSeconds(6);

  private static final Duration SOON = Duration.ofSeconds(2);
  private static final Duration CHECK = Duration.ofSeconds(4); // 3 s, and what the machine needs

  private TestDatabase testDatabase;
  private TcpProxy proxy;
  private Database database;

  @BeforeEach
  void startDatabase() throws Exception {
    testDatabase = TestDatabase.create();
    proxy = TcpProxy.to(testDatabase.url());
    database = new Database(TestDatabase.settings(proxy.url()), queries -> {}, new Metrics());
    database.start();
    assertEquals(1, check());
    assertEquals(1, login());
  }

  @AfterEach
  void stopDatabase() throws Exception {
    database.close();
    proxy.close();
    testDatabase.close();
  }

  @Test
  void servesSoonAfterADatabaseThatWasAwayIsBack() {
    proxy.cut();
    failsHonestlyThroughout(OUTAGE);
    assertEquals(new Readiness("away", "ok", "ok"), database.readiness());

    proxy.restore();

    servesSoon();
  }

  @Test
  void servesSoonAfterADatabaseThatHungGoesOn() {
    proxy.swallow(true);
    failsHonestlyThroughout(OUTAGE);
    assertEquals(new Readiness("away", "ok", "ok"), database.readiness());

    proxy.swallow(false);

    servesSoon();
  }

  @Test
  void isReadyOnlyAsLongAsTheDatabaseAnswersHoweverSeldomItIsAsked() {
    proxy.cut();
    eventually(() -> assertFalse(database.readiness().ready()));

    proxy.restore();
    eventually(() -> assertTrue(database.readiness().ready()));
  }

  @Test
  void closesAtOnceWhileTheDatabaseIsAway() {
    proxy.cut();
    eventually(() -> assertFalse(database.readiness().ready()));
    Deadline deadline = Deadline.in(Duration.ofSeconds(5));

    database.close();

    assertFalse(deadline.passed());
  }

  private void failsHonestlyThroughout(Duration outage) {
    Deadline end = Deadline.in(outage);
    while (!end.passed()) {
      Deadline deadline = Deadline.in(CHECK);
      StorageException e = assertThrows(StorageException.class, this::check);
      assertTrue(e.isUnavailable());
      assertFalse(deadline.passed(), "a check took longer than " + CHECK);
      assertThrows(StorageException.class, this::login);
    }
  }

  private void servesSoon() {
    within(SOON, () -> assertDoesNotThrow(this::check));
    within(SOON, () -> assertDoesNotThrow(this::login));
    within(SOON, () -> assertTrue(database.readiness().ready()));
  }

  private int check() {
    return database.jdbc().list("SELECT 1 AS n", row -> row.integer("n")).get(0);
  }

  private int login() {
    return database
        .jdbc()
        .inTransaction(tx -> tx.update("UPDATE schema_version SET version = 1 WHERE version = 1"));
  }
}
