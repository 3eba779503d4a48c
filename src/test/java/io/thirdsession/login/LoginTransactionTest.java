package io.thirdsession.login;

import static io.thirdsession.testing.Eventually.eventually;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.Deadline;
import io.thirdsession.jdbc.Database;
import io.thirdsession.jdbc.StorageException;
import io.thirdsession.metrics.Metrics;
import io.thirdsession.session.EndedSessions;
import io.thirdsession.session.NewSessions;
import io.thirdsession.session.SessionEnd;
import io.thirdsession.session.SessionLifetime;
import io.thirdsession.session.SessionTokens;
import io.thirdsession.session.Touches;
import io.thirdsession.testing.Scrape;
import io.thirdsession.testing.TestDatabase;
import io.thirdsession.testing.TestEvents;
import io.thirdsession.testing.TestKeys;
import io.thirdsession.user.IdentityMacs;
import io.thirdsession.user.LoginRecorder;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several logins in one transaction. */
class LoginTransactionTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final int MAX_SESSIONS = 3;

  private TestDatabase database;
  private Metrics metrics;
  private Database own;
  private LoginTransaction transaction;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    metrics = new Metrics();
    own = new Database(database.settings(), queries -> {}, metrics);
    own.start();
    transaction = transaction(false);
  }

  @AfterEach
  void close() {
    database.assertNoOrphans();
    own.close();
    database.close();
  }

  @Test
  void everyReturningUserGetsASessionAndTheNewSessionKey() {
    List<String> users = IntStream.range(0, 32).mapToObj(i -> "user" + i).toList();
    users.forEach(this::login);
    String keys = "SELECT HEX(key_sealed) FROM identity ORDER BY openid";
    List<String> before = database.column(keys);

    Map<ConfirmedLogin, Login> done = together(users);

    assertEquals(32, done.size());
    assertEquals(64, database.number("SELECT COUNT(*) FROM session"));
    done.forEach(
        (confirmed, login) -> {
          assertEquals(confirmed.token(), login.token());
          assertEquals(confirmed.appLogin().codeSession().openId(), login.session().openId());
          assertEquals(NOW, login.user().lastLoginAt());
        });
    assertEquals(
        32,
        database.number(
            "SELECT COUNT(*) FROM session s JOIN identity i ON i.id ="
                + " s.identity_id AND i.user_id = s.user_id WHERE s.last_seen_at = "
                + NOW.toEpochMilli()));
    for (int i = 0; i < 32; i++) {
      assertNotEquals(before.get(i), database.column(keys).get(i));
    }
  }

  @Test
  void aRepetitionAfterALostCommitChangesNothing() {
    login("alice");
    login("bob");
    List<ConfirmedLogin> logins = List.of(confirmed("alice"), confirmed("bob"));
    Set<Object> first = sids(transaction.recordPlain(logins, soon()));
    long sessions = database.number("SELECT COUNT(*) FROM session");

    assertEquals(first, sids(transaction.recordPlain(logins, soon())));
    assertEquals(sessions, database.number("SELECT COUNT(*) FROM session"));
  }

  @Test
  void everyNewUserIsMadeTogetherWithTheReturningOnes() {
    login("alice");
    List<String> users = IntStream.range(0, 31).mapToObj(i -> "new" + i).toList();

    Map<ConfirmedLogin, Login> done =
        together(Stream.concat(Stream.of("alice"), users.stream()).toList());

    assertEquals(32, done.size());
    done.forEach(
        (confirmed, login) -> {
          String openId = confirmed.appLogin().codeSession().openId();
          assertEquals(openId, login.session().openId());
          assertEquals(!openId.equals("alice"), login.newUser());
          assertEquals(login.newUser(), login.user().id().equals(confirmed.appLogin().newUserId()));
        });
    assertEquals(32, database.number("SELECT COUNT(*) FROM user"));
    assertEquals(
        31, database.number("SELECT COUNT(*) FROM user WHERE created_at = " + NOW.toEpochMilli()));
    assertEquals(
        33,
        database.number(
            "SELECT COUNT(*) FROM session s JOIN identity i ON i.id ="
                + " s.identity_id AND i.user_id = s.user_id AND i.key_sealed IS NOT NULL"));
    assertEquals(32, together(users).size() + together(List.of("alice")).size());
  }

  @Test
  void aRepetitionOfFirstLoginsAfterALostCommitFindsTheNewUsers() {
    List<ConfirmedLogin> logins = List.of(confirmed("alice"), confirmed("bob"));
    Set<Object> first = sids(transaction.recordPlain(logins, soon()));

    Map<ConfirmedLogin, Login> again = transaction.recordPlain(logins, soon());

    assertEquals(first, sids(again));
    assertTrue(again.values().stream().allMatch(Login::newUser));
    assertEquals(2, database.number("SELECT COUNT(*) FROM user"));
    assertEquals(2, database.number("SELECT COUNT(*) FROM session"));
  }

  @Test
  void aFirstLoginThatMustNotMakeAUserIsLeftOutAndLeavesNoTrace() {
    List<ConfirmedLogin> logins = List.of(confirmed("alice"), confirmed("stranger").ofKnownUser());

    assertDone(Set.of("alice"), transaction.recordPlain(logins, soon()));
    assertEquals(1, database.number("SELECT COUNT(*) FROM user"));
    assertEquals(1, database.number("SELECT COUNT(*) FROM identity"));
  }

  @Test
  void aFirstLoginThatFollowsOrMakesALinkIsLeftOut() {
    LoginTransaction linking = transaction(true);
    List<ConfirmedLogin> logins = aliceWithUnionIdAndBob(linking);

    assertDone(Set.of("bob"), linking.recordPlain(logins, soon()));
    assertEquals(1, database.number("SELECT COUNT(*) FROM user"));
  }

  @Test
  void ifAnotherFirstLoginOfOneIsQuickerAllAreUndone() throws Exception {
    try (Connection other = database.connect();
        Statement statement = other.createStatement();
        Connection onlooker = database.connect()) {
      onlooker.setTransactionIsolation(Connection.TRANSACTION_READ_UNCOMMITTED);
      other.setAutoCommit(false);
      statement.execute(
          "INSERT INTO identity (id, user_id, appid, openid, mac_key, mac, created_at)"
              + " VALUES (REPEAT('i', 16), REPEAT('u', 16), 'wx1', 'bob', 'k1', REPEAT('m', 32), 1)");
      CompletableFuture<Map<ConfirmedLogin, Login>> logins =
          CompletableFuture.supplyAsync(() -> together(List.of("alice", "bob")));
      eventually(() -> assertEquals(2, users(onlooker))); // so the identities are next
      other.commit();

      ExecutionException e =
          assertThrows(ExecutionException.class, () -> logins.get(10, TimeUnit.SECONDS));
      assertInstanceOf(StorageException.DuplicateKey.class, e.getCause());
    }
    assertEquals(0, database.number("SELECT COUNT(*) FROM user"));
    assertEquals(1, database.number("SELECT COUNT(*) FROM identity"));
    database.execute("DELETE FROM identity");
  }

  private static int users(Connection connection) {
    try (Statement statement = connection.createStatement();
        ResultSet count = statement.executeQuery("SELECT COUNT(*) FROM user")) {
      count.next();
      return count.getInt(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whoMakesTheSameUsersInAnotherOrderWaitsButNeverInACircle() throws Exception {
    for (int round = 0; round < 30; round++) {
      List<String> users = new ArrayList<>();
      for (int i = 0; i < 32; i++) {
        users.add("round" + round + "user" + i);
      }
      List<ConfirmedLogin> logins = users.stream().map(this::confirmed).toList();
      Collections.reverse(users);
      List<ConfirmedLogin> reversed = users.stream().map(this::confirmed).toList();
      CyclicBarrier both = new CyclicBarrier(2);
      CompletableFuture<Integer> one = CompletableFuture.supplyAsync(() -> made(logins, both));
      int made = made(reversed, both) + one.get(10, TimeUnit.SECONDS);
      assertTrue(made == 32 || made == 64, "made or found: " + made);
    }
    assertEquals(30 * 32, database.number("SELECT COUNT(*) FROM user"));
    assertEquals(
        0, Scrape.of(metrics.text()).value("thirdsession_db_retries_total{reason=\"deadlock\"}"));
  }

  private int made(List<ConfirmedLogin> logins, CyclicBarrier both) {
    try {
      both.await();
      return transaction.recordPlain(logins, soon()).size();
    } catch (StorageException.DuplicateKey e) {
      return 0;
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aDisabledUserIsLeftOut() {
    login("alice");
    login("bob");
    database.execute(
        "UPDATE user SET disabled_at = 1 WHERE id ="
            + " (SELECT user_id FROM identity WHERE openid = 'bob')");

    assertDone(Set.of("alice"), together(List.of("alice", "bob")));
    assertEquals(1, database.number(sessionsOf("bob")), "the one of before");
  }

  @Test
  void anIdentityThatIsNotGenuineIsLeftOut() {
    login("alice");
    login("bob");
    database.execute("UPDATE identity SET unionid = 'pointed' WHERE openid = 'bob'");

    assertDone(Set.of("alice"), together(List.of("alice", "bob")));
  }

  @Test
  void anIdentityWithoutAUserIsLeftOut() {
    login("alice");
    login("bob");
    database.execute(
        "DELETE s FROM session s JOIN identity i ON i.id = s.identity_id WHERE openid = 'bob'");
    database.execute(
        "DELETE FROM user WHERE id = (SELECT user_id FROM identity WHERE openid = 'bob')");

    assertDone(Set.of("alice"), together(List.of("alice", "bob")));
    database.execute("DELETE FROM identity WHERE openid = 'bob'");
  }

  @Test
  void whoseRowsSomebodyHasLockedIsLeftOutAndHoldsUpNobody() throws Exception {
    List<String> users = List.of("alice", "bob", "carol");
    users.forEach(this::login);
    try (Connection other = database.connect();
        Statement statement = other.createStatement()) {
      other.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      other.setAutoCommit(false);
      statement.execute(
          "SELECT id FROM identity WHERE openid = 'bob' AND appid = 'wx1' FOR UPDATE");
      statement.execute(
          "SELECT id FROM user WHERE id ="
              + " (SELECT user_id FROM identity WHERE openid = 'carol') FOR UPDATE");

      assertDone(Set.of("alice"), together(users));
      other.rollback();
    }
    assertDone(Set.of("alice", "bob", "carol"), together(users));
  }

  @Test
  void ofTwoIdentitiesOfOneUserOneIsLeftOut() {
    LoginTransaction linking = transaction(true);
    Optional<String> unionId = Optional.of("u1");
    for (String appId : List.of("wx1", "wx2")) {
      linking.record(
          linking.confirmed(
              ConfirmedLogins.request(appId), ConfirmedLogins.of("o" + appId, unionId), NOW),
          soon());
    }
    assertEquals(1, database.number("SELECT COUNT(*) FROM user"));

    Map<ConfirmedLogin, Login> done =
        linking.recordPlain(
            List.of(
                linking.confirmed(
                    ConfirmedLogins.request("wx1"), ConfirmedLogins.of("owx1", unionId), NOW),
                linking.confirmed(
                    ConfirmedLogins.request("wx2"), ConfirmedLogins.of("owx2", unionId), NOW)),
            soon());

    assertEquals(1, done.size());
  }

  @Test
  void aLoginThatMakesALinkIsLeftOut() {
    login("alice");
    login("bob");
    LoginTransaction linking = transaction(true);
    List<ConfirmedLogin> logins = aliceWithUnionIdAndBob(linking);

    assertDone(Set.of("bob"), linking.recordPlain(logins, soon()));
    linking.record(logins.get(0), soon());
    assertEquals(1, database.number("SELECT COUNT(*) FROM unionid_user"));
    assertDone(Set.of("alice", "bob"), linking.recordPlain(logins, soon()));
  }

  @Test
  void noUserHasMoreSessionsThanTheyMay() {
    login("alice");
    login("bob");
    for (int i = 0; i < 5; i++) {
      assertEquals(2, together(List.of("alice", "bob")).size());
    }

    assertEquals(MAX_SESSIONS, database.number(sessionsOf("alice")));
    assertEquals(MAX_SESSIONS, database.number(sessionsOf("bob")));
  }

  private static List<ConfirmedLogin> aliceWithUnionIdAndBob(LoginTransaction transaction) {
    return List.of(
        transaction.confirmed(
            ConfirmedLogins.REQUEST, ConfirmedLogins.of("alice", Optional.of("u1")), NOW),
        transaction.confirmed(ConfirmedLogins.REQUEST, ConfirmedLogins.of("bob"), NOW));
  }

  private static String sessionsOf(String openId) {
    return "SELECT COUNT(*) FROM session s JOIN identity i ON i.id = s.identity_id WHERE openid = '"
        + openId
        + "'";
  }

  private static void assertDone(Set<String> openIds, Map<ConfirmedLogin, Login> done) {
    assertEquals(
        openIds, done.values().stream().map(login -> login.session().openId()).collect(toSet()));
  }

  private static Set<Object> sids(Map<ConfirmedLogin, Login> done) {
    return done.values().stream().map(login -> login.session().sid()).collect(toSet());
  }

  private void login(String openId) {
    transaction.record(
        transaction.confirmed(
            ConfirmedLogins.REQUEST, ConfirmedLogins.of(openId), NOW.minusSeconds(60)),
        soon());
  }

  private Map<ConfirmedLogin, Login> together(List<String> openIds) {
    return transaction.recordPlain(openIds.stream().map(this::confirmed).toList(), soon());
  }

  private ConfirmedLogin confirmed(String openId) {
    return transaction.confirmed(
        ConfirmedLogins.REQUEST,
        ConfirmedLogins.of(openId, openId + "-2nd", Optional.empty()),
        NOW);
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(5));
  }

  private LoginTransaction transaction(boolean unionIdLink) {
    SecureRandom random = new SecureRandom();
    var keys = TestKeys.ring("k1");
    return new LoginTransaction(
        own.jdbc(),
        new LoginRecorder(keys, new IdentityMacs(keys), TestEvents.none(), unionIdLink),
        new NewSessions(
            new SessionTokens(keys, random),
            new SessionLifetime(Duration.ofDays(7), Duration.ofDays(30)),
            MAX_SESSIONS,
            new Touches(own.jdbc(), new Metrics()),
            new EndedSessions(new Metrics()).of(SessionEnd.LOGIN)),
        random);
  }
}
