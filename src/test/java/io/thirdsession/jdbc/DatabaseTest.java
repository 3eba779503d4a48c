package io.thirdsession.jdbc;

import static io.thirdsession.testing.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.Deadline;
import io.thirdsession.Secret;
import io.thirdsession.metrics.Metrics;
import io.thirdsession.testing.TcpProxy;
import io.thirdsession.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DatabaseTest {
  private TestDatabase testDatabase;
  private Database database;

  @BeforeEach
  void createDatabase() {
    testDatabase = TestDatabase.create();
    database = new Database(testDatabase.settings(), queries -> {}, new Metrics());
  }

  @AfterEach
  void dropDatabase() {
    database.close();
    testDatabase.close();
  }

  @Test
  void isReadyOnceStarted() {
    database.start();

    assertTrue(database.readiness().ready());
  }

  @Test
  void letsNobodyInBeforeItWasStarted() {
    StorageException e = assertThrows(StorageException.class, () -> database.jdbc().update("DO 1"));

    assertTrue(e.isUnavailable());
    assertEquals(new Readiness("away", "unknown", "unknown"), database.readiness());
  }

  @Test
  void doesTheFirstUseOnTheFinishedSchemaBeforeAnybodyElse() {
    database.close();
    AtomicInteger versions = new AtomicInteger();
    database =
        new Database(
            testDatabase.settings(),
            queries ->
                versions.set(
                    queries
                        .first("SELECT version FROM schema_version", row -> row.integer("version"))
                        .orElseThrow()),
            new Metrics());

    database.start();

    assertEquals(1, versions.get());
  }

  @Test
  void waitsForADatabaseThatIsAwayAndSaysSo() throws Exception {
    try (TcpProxy proxy = TcpProxy.to(testDatabase.url())) {
      proxy.cut();
      database.close();
      database = new Database(TestDatabase.settings(proxy.url()), queries -> {}, new Metrics());

      database.start();
      assertEquals(new Readiness("away", "unknown", "unknown"), database.readiness());

      proxy.restore();
      awaitReady(true);
    }
  }

  @Test
  void isNotHeldUpByADatabaseThatFallsSilentAfterTheHandshake() throws Exception {
    try (TcpProxy proxy = TcpProxy.to(testDatabase.url())) {
      database.close();
      for (int responses = 1; responses < 6; responses++) {
        proxy.swallowAfter(responses);
        database = new Database(TestDatabase.settings(proxy.url()), queries -> {}, new Metrics());
        Deadline deadline = Deadline.in(Duration.ofSeconds(15));

        database.start();

        assertFalse(deadline.passed(), "answers: " + responses);
        assertFalse(database.readiness().ready());
        database.close();
      }
    }
  }

  @Test
  void startsWithAPasswordThatIsMendedWhileItWaits() throws Exception {
    try (TcpProxy proxy = TcpProxy.to(testDatabase.url())) {
      proxy.cut();
      database.close();
      Secret wrong = Secret.of("canary-wrong-password");
      database =
          new Database(
              new DatabaseSettings(
                  proxy.url(), TestDatabase.user(), wrong, 2, 2, true, TestDatabase.user(), wrong),
              queries -> {},
              new Metrics());
      database.start();
      proxy.restore();
      eventually(() -> assertEquals("wrong", database.readiness().configuration()));

      Secret right = Secret.of(TestDatabase.password());
      database.passwords(right, right);

      awaitReady(true);
    }
  }

  @Test
  void saysThatTheDatabaseWentAwayAndCameBack() throws Exception {
    try (TcpProxy proxy = TcpProxy.to(testDatabase.url())) {
      database.close();
      database = new Database(TestDatabase.settings(proxy.url()), queries -> {}, new Metrics());
      database.start();
      awaitReady(true);

      proxy.cut();
      awaitReady(false);
      assertEquals(new Readiness("away", "ok", "ok"), database.readiness());

      proxy.restore();
      awaitReady(true);
    }
  }

  @Test
  void refusesToStartOnADatabaseThatDoesNotExist() {
    database.close();
    database =
        new Database(
            TestDatabase.settings(testDatabase.url() + "_missing"), queries -> {}, new Metrics());

    SchemaFault fault = assertThrows(SchemaFault.class, database::start);

    assertTrue(
        fault.getMessage().endsWith("cure: create the database that DB_URL names"),
        fault.getMessage());
  }

  @Test
  void refusesToStartWithAWrongPasswordAndDoesNotQuoteIt() {
    database.close();
    Secret wrong = Secret.of("canary-wrong-password");
    database =
        new Database(
            new DatabaseSettings(
                testDatabase.url(),
                TestDatabase.user(),
                wrong,
                2,
                2,
                true,
                TestDatabase.user(),
                wrong),
            queries -> {},
            new Metrics());

    SchemaFault fault = assertThrows(SchemaFault.class, database::start);

    assertTrue(
        fault
            .getMessage()
            .endsWith("cure: check the name and the password of DB_USER (or MIGRATE_USER)"),
        fault.getMessage());
    assertFalse(fault.getMessage().contains("canary"), fault.getMessage());
  }

  @Test
  void refusesToStartOnAnotherSchemaWhenItMayNotMigrate() {
    database.close();
    DatabaseSettings s = testDatabase.settings();
    database =
        new Database(
            new DatabaseSettings(
                s.url(), s.user(), s.password(), 2, 2, false, s.user(), s.password()),
            queries -> {},
            new Metrics());

    assertThrows(SchemaFault.class, database::start);
    assertEquals(new Readiness("ok", "wrong", "unknown"), database.readiness());
  }

  @Test
  void aKilledConnectionCostsNoStatement() {
    database.start();
    database.jdbc().list("SELECT 1 AS n", row -> row.integer("n"));

    for (int i = 0; i < 5; i++) {
      testDatabase.killConnections();
      assertEquals(List.of(1), database.jdbc().list("SELECT 1 AS n", row -> row.integer("n")));
    }
  }

  @Test
  void aConnectionKilledInsideAUnitOfWorkCostsNothingEither() throws SQLException {
    database.start();
    AtomicInteger tries = new AtomicInteger();

    // connected before: what fails late is not done again, and a slow machine connects slowly
    try (Connection other = testDatabase.connect();
        Statement killer = other.createStatement()) {
      database
          .jdbc()
          .inTransaction(
              Deadline.in(Duration.ofSeconds(5)),
              tx -> {
                tx.update("INSERT INTO schema_version (version) VALUES (70)");
                if (tries.incrementAndGet() == 1) {
                  kill(tx, killer);
                }
                return tx.update("INSERT INTO schema_version (version) VALUES (71)");
              });
    }

    assertEquals(2, tries.get());
    assertEquals(2, testDatabase.number("SELECT COUNT(*) FROM schema_version WHERE version >= 70"));
  }

  private static void kill(Transaction transaction, Statement killer) {
    long id = transaction.list("SELECT CONNECTION_ID() AS id", row -> row.number("id")).get(0);
    try {
      killer.execute("KILL " + id);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void isNotTriedAgainWhenTheDeadlineLeavesNoRoom() {
    database.start();
    AtomicInteger tries = new AtomicInteger();

    StorageException e =
        assertThrows(
            StorageException.class,
            () ->
                database
                    .jdbc()
                    .inTransaction(
                        Deadline.in(Duration.ofMillis(1)),
                        tx -> {
                          tries.incrementAndGet();
                          testDatabase.killConnections();
                          return tx.update("DO 1");
                        }));

    assertTrue(e.isUnavailable());
    assertEquals(1, tries.get());
  }

  @Test
  void aUnitOfWorkThatIsTheVictimOfSeveralDeadlocksIsRepeatedUntilItIsNot() {
    database.start();
    AtomicInteger tries = new AtomicInteger();

    int updated = database.jdbc().inTransaction(tx -> victim(tx, tries, 4));

    assertEquals(1, updated);
    assertEquals(5, tries.get());
    assertEquals(1, testDatabase.number("SELECT COUNT(*) FROM schema_version WHERE version = 70"));
  }

  @Test
  void aUnitOfWorkThatIsAlwaysTheVictimFailsAfterFiveTries() {
    database.start();
    AtomicInteger tries = new AtomicInteger();

    StorageException e =
        assertThrows(
            StorageException.class,
            () -> database.jdbc().inTransaction(tx -> victim(tx, tries, Integer.MAX_VALUE)));

    assertTrue(e.isUnavailable());
    assertEquals(5, tries.get());
    assertEquals(0, testDatabase.number("SELECT COUNT(*) FROM schema_version WHERE version = 70"));
  }

  @Test
  void aVictimOfADeadlockIsNotTriedAgainWhenTheDeadlineLeavesNoRoom() {
    database.start();
    AtomicInteger tries = new AtomicInteger();

    assertThrows(
        StorageException.class,
        () ->
            database
                .jdbc()
                .inTransaction(
                    Deadline.in(Duration.ofMillis(499)),
                    tx -> victim(tx, tries, Integer.MAX_VALUE)));

    assertEquals(1, tries.get());
  }

  /** Inserts a row, and fails as a deadlock's victim does as often as that. */
  private static int victim(Transaction tx, AtomicInteger tries, int deadlocks) {
    int inserted = tx.update("INSERT INTO schema_version (version) VALUES (70)");
    if (tries.incrementAndGet() <= deadlocks) {
      throw StorageException.of(new SQLException("Deadlock found", "40001", 1213));
    }
    return inserted;
  }

  @Test
  void whateverAUnitOfWorkThrowsRollsItBack() {
    database.start();

    assertThrows(
        IllegalStateException.class,
        () ->
            database
                .jdbc()
                .inTransaction(
                    Deadline.in(Duration.ofSeconds(5)),
                    tx -> {
                      tx.update("INSERT INTO schema_version (version) VALUES (70)");
                      throw new IllegalStateException("on purpose");
                    }));

    assertEquals(0, testDatabase.number("SELECT COUNT(*) FROM schema_version WHERE version = 70"));
  }

  @Test
  void tellsADuplicateKeyFromAnOutage() {
    database.start();

    StorageException.DuplicateKey e =
        assertThrows(
            StorageException.DuplicateKey.class,
            () -> database.jdbc().update("INSERT INTO schema_version (version) VALUES (1)"));

    assertFalse(e.isUnavailable());
  }

  @Test
  void tellsAFaultOfOursFromAnOutage() {
    database.start();

    StorageException e =
        assertThrows(StorageException.class, () -> database.jdbc().update("SELEKT 1"));

    assertFalse(e.isUnavailable());
  }

  @Test
  void givesUpWaitingForALockAndTriesOnceMore() throws Exception {
    database.start();
    AtomicInteger tries = new AtomicInteger();
    try (var other = testDatabase.connect();
        var statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.executeUpdate("UPDATE schema_version SET version = 1 WHERE version = 1");

      StorageException e =
          assertThrows(
              StorageException.class,
              () ->
                  database
                      .jdbc()
                      .inTransaction(
                          Deadline.in(Duration.ofSeconds(5)),
                          tx -> {
                            tries.incrementAndGet();
                            return tx.update("DELETE FROM schema_version WHERE version = 1");
                          }));

      assertTrue(e.isUnavailable());
      assertEquals(2, tries.get());
      other.rollback();
    }
  }

  @Test
  void worksOverALineThatIsSlowAndSlicesEveryPacket() throws Exception {
    try (TcpProxy proxy = TcpProxy.to(testDatabase.url())) {
      database.close();
      database = new Database(TestDatabase.settings(proxy.url()), queries -> {}, new Metrics());
      database.start();
      awaitReady(true);
      proxy.slice(true);

      String text = "slow 😀".repeat(300);
      String sql = "SELECT ? AS text";
      assertEquals(List.of(text), database.jdbc().list(sql, row -> row.text("text"), text));
      int inserted =
          database
              .jdbc()
              .inTransaction(tx -> tx.update("INSERT INTO schema_version (version) VALUES (70)"));
      assertEquals(1, inserted);
      assertEquals(
          1, testDatabase.number("SELECT COUNT(*) FROM schema_version WHERE version = 70"));
    }
  }

  @Test
  void answersWithinItsDeadlineWhenTheDatabaseHangs() throws Exception {
    try (TcpProxy proxy = TcpProxy.to(testDatabase.url())) {
      database.close();
      database = new Database(TestDatabase.settings(proxy.url()), queries -> {}, new Metrics());
      database.start();
      database.jdbc().list("SELECT 1 AS n", row -> row.integer("n"));
      proxy.swallow(true);
      Deadline deadline = Deadline.in(Duration.ofSeconds(10));

      StorageException e =
          assertThrows(
              StorageException.class,
              () -> database.jdbc().list("SELECT 1 AS n", row -> row.integer("n")));

      assertTrue(e.isUnavailable());
      assertFalse(deadline.passed(), "the driver's own default would wait for ever");
    }
  }

  @Test
  void statementsThatShareADeadlineEndByIt() {
    database.start();
    Queries queries = database.jdbc().within(Deadline.in(Duration.ofSeconds(3)));
    Deadline end = Deadline.in(Duration.ofSeconds(5)); // 3 s, and what the machine needs

    queries.first("SELECT SLEEP(2) AS n", row -> row.integer("n"));
    StorageException e =
        assertThrows(
            StorageException.class,
            () -> queries.first("SELECT SLEEP(2.9) AS n", row -> row.integer("n")));

    assertTrue(e.isUnavailable());
    assertFalse(end.passed());
  }

  @Test
  void whatADeadlineCutShortHoldsUpNobodyElse() {
    database.start();
    Queries hasty = database.jdbc().within(Deadline.in(Duration.ofMillis(200)));
    for (int i = 0; i < 5; i++) {
      assertThrows(
          StorageException.class,
          () -> hasty.first("SELECT SLEEP(1) AS n", row -> row.integer("n")));
    }

    assertEquals(1, database.jdbc().list("SELECT 1, SLEEP(1)", row -> 1).get(0));
  }

  private void awaitReady(boolean expected) {
    eventually(() -> assertEquals(expected, database.readiness().ready(), "ready"));
  }
}
