package io.thirdsession.jdbc;

import static io.thirdsession.testing.Eventually.eventually;
import static io.thirdsession.testing.Eventually.within;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.Deadline;
import io.thirdsession.testing.DatabaseMember;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What we do when another of the servers that DB_URL lists becomes the one that can write. */
class PrimaryChangeTest {
  /** What an operator is promised for logins. */
  private static final Duration FAILOVER = Duration.ofSeconds(10);

  private static DatabaseMember one;
  private static DatabaseMember two;

  private Database database;

  @BeforeAll
  static void startServers() throws Exception {
    one = DatabaseMember.start("member-a");
    two = DatabaseMember.start("member-b");
  }

  @AfterAll
  static void stopServers() throws Exception {
    one.close();
    two.close();
  }

  @BeforeEach
  void startWithTheFirstAsPrimary() {
    one.readOnly(false);
    two.readOnly(true);
    database = DatabaseMember.database(one, two);
    database.start();
    assertEquals(one.port(), login());
    assertEquals(one.port(), check());
  }

  @AfterEach
  void stop() {
    database.close();
    one.proxy.thaw();
    one.proxy.swallow(false);
    one.proxy.restore();
    two.proxy.thaw();
    two.proxy.restore();
  }

  @Test
  void aLoginUnderWayWaitsForTheNextPrimary() {
    one.readOnly(true);
    CompletableFuture<Void> elected =
        CompletableFuture.runAsync(
            () -> two.readOnly(false), CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS));

    assertEquals(two.port(), login());

    elected.join();
    assertEquals(two.port(), check());
  }

  @Test
  void anUpdateThatTheFormerPrimaryRefusesIsDoneOnTheNext() {
    one.readOnly(true);
    two.readOnly(false);

    assertEquals(
        1, database.jdbc().update("UPDATE schema_version SET version = 1 WHERE version = 1"));
  }

  @Test
  void nobodyIsTakenToTheFormerPrimaryAgain() {
    one.readOnly(true);
    two.readOnly(false);
    within(FAILOVER, () -> assertEquals(two.port(), assertDoesNotThrow(this::login)));

    for (int i = 0; i < 50; i++) {
      assertEquals(two.port(), check());
      assertEquals(two.port(), login());
    }
    within(FAILOVER, () -> assertTrue(database.readiness().ready()));
  }

  @Test
  void aPrimaryThatIsReplacedWithoutAnyLoginIsLeftToo() {
    one.readOnly(true);
    two.readOnly(false);

    within(FAILOVER, () -> assertEquals(two.port(), assertDoesNotThrow(this::check)));
  }

  @Test
  void loginsGoOnWhileTheFormerPrimaryHangs() {
    one.proxy.freeze();
    two.readOnly(false);

    within(FAILOVER, () -> assertEquals(two.port(), assertDoesNotThrow(this::login)));
    within(FAILOVER, () -> assertEquals(two.port(), assertDoesNotThrow(this::check)));
  }

  @Test
  void loginsGoOnWhileTheFormerPrimaryIsAway() {
    one.proxy.cut();
    two.readOnly(false);

    within(FAILOVER, () -> assertEquals(two.port(), assertDoesNotThrow(this::login)));
    within(FAILOVER, () -> assertEquals(two.port(), assertDoesNotThrow(this::check)));
  }

  /** It takes itself for the primary until the others tell it. */
  @Test
  void aFormerPrimaryThatThawsAnswersNoCheck() {
    one.proxy.freeze();
    two.readOnly(false);
    within(FAILOVER, () -> assertEquals(two.port(), assertDoesNotThrow(this::login)));

    one.proxy.thaw();

    for (int i = 0; i < 200; i++) {
      assertEquals(two.port(), check());
    }
  }

  @Test
  void whatTheFormerPrimarySaysAfterItWasLeftIsNotBelieved() {
    CompletableFuture<Integer> slow =
        CompletableFuture.supplyAsync(
            () ->
                database
                    .jdbc()
                    .list(
                        "SELECT @@port AS n, SLEEP(IF(@@port = ?, 2, 0))",
                        row -> row.integer("n"),
                        one.port())
                    .get(0));
    awaitStatementOn(one, "SLEEP");
    one.readOnly(true);
    two.readOnly(false);
    assertEquals(two.port(), login());

    assertEquals(two.port(), slow.join());
  }

  @Test
  void aServerThatHangsDoesNotUseUpTheTimeOfTheOthers() {
    database.close();
    one.proxy.swallow(true);
    two.readOnly(false);
    database = DatabaseMember.database(one, two);
    Deadline deadline = Deadline.in(Duration.ofSeconds(6));

    database.start();

    assertEquals(two.port(), login());
    assertEquals(two.port(), check());
    assertFalse(deadline.passed());
  }

  @Test
  void aCheckEndsByItsDeadlineWhileEveryServerHangs() {
    one.proxy.freeze();
    two.proxy.freeze();

    Deadline end = Deadline.in(Duration.ofSeconds(6));
    while (!end.passed()) {
      Deadline deadline = Deadline.in(Duration.ofSeconds(4)); // 3 s, and what the machine needs
      assertTrue(assertThrows(StorageException.class, this::check).isUnavailable());
      assertFalse(deadline.passed());
    }
  }

  @Test
  void checksGoOnAndLoginsDoNotWhileEveryServerIsReadOnly() {
    one.readOnly(true);
    within(FAILOVER, () -> assertEquals("read_only", database.readiness().database()));

    within(FAILOVER, () -> assertDoesNotThrow(this::check));
    assertTrue(assertThrows(StorageException.class, this::login).isUnavailable());

    one.readOnly(false);
    within(FAILOVER, () -> assertDoesNotThrow(this::login));
    within(FAILOVER, () -> assertTrue(database.readiness().ready()));
  }

  @Test
  void noServerThatIsReadOnlyAnswersChecksWhileAnotherMayHaveNewerRows() {
    one.proxy.cut();

    eventually(() -> assertEquals("read_only", database.readiness().database()));
    assertThrows(StorageException.class, this::check);
  }

  @Test
  void startsOnServersThatAreAllReadOnly() {
    database.close();
    one.readOnly(true);
    database = DatabaseMember.database(two, one);

    database.start();

    assertEquals(new Readiness("read_only", "ok", "ok"), database.readiness());
    within(FAILOVER, () -> assertDoesNotThrow(this::check));
    one.readOnly(false);
    within(FAILOVER, () -> assertEquals(one.port(), assertDoesNotThrow(this::login)));
    within(FAILOVER, () -> assertEquals(one.port(), assertDoesNotThrow(this::check)));
  }

  @Test
  void waitsForAServerThatCanWriteWhileItsTablesAreMissing() {
    database.close();
    one.execute("DROP DATABASE thirdsession", "CREATE DATABASE thirdsession CHARACTER SET utf8mb4");
    one.readOnly(true);
    database = DatabaseMember.database(one);

    database.start();

    assertEquals(new Readiness("read_only", "unknown", "unknown"), database.readiness());
    one.readOnly(false);
    within(FAILOVER, () -> assertTrue(database.readiness().ready()));
    assertEquals(one.port(), login());
  }

  private int login() {
    return database
        .jdbc()
        .inTransaction(
            tx -> {
              tx.update("UPDATE schema_version SET version = 1 WHERE version = 1");
              return tx.first("SELECT @@port AS n", row -> row.integer("n")).orElseThrow();
            });
  }

  private int check() {
    return database.jdbc().first("SELECT @@port AS n", row -> row.integer("n")).orElseThrow();
  }

  private static void awaitStatementOn(DatabaseMember member, String part) {
    eventually(() -> assertTrue(member.statements().stream().anyMatch(sql -> sql.contains(part))));
  }
}
