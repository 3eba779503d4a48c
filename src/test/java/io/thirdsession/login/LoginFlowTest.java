package io.thirdsession.login;

import static io.thirdsession.testing.ApiAssertions.assertError;
import static io.thirdsession.testing.AppServer.APP;
import static io.thirdsession.testing.AppServer.OTHER_APP;
import static io.thirdsession.testing.Eventually.eventually;
import static io.thirdsession.testing.TestHttp.bearer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.thirdsession.jdbc.SchemaFault;
import io.thirdsession.simulator.Fault;
import io.thirdsession.simulator.FaultMode;
import io.thirdsession.testing.AppServer;
import io.thirdsession.testing.AppTestBase;
import io.thirdsession.testing.LogCapture;
import io.thirdsession.testing.TcpProxy;
import io.thirdsession.testing.TestHttp.Response;
import io.thirdsession.testing.TestKeys;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoginFlowTest extends AppTestBase {
  LoginFlowTest() {
    super("TRUSTED_PROXIES", "127.0.0.1");
  }

  @AfterEach
  void findNoOrphans() {
    database.assertNoOrphans();
  }

  @Test
  void aCodeBecomesASessionOfANewUser() {
    Response login = server.login("alice");

    assertEquals(200, login.status(), login.toString());
    assertTrue(login.json().get("newUser").getAsBoolean());
    assertEquals("2026-11-29T08:00:00.000Z", login.field("expiresAt"));
    assertEquals("604800", login.field("expiresIn"));
    JsonObject user = login.json().getAsJsonObject("user");
    assertEquals("", user.get("nickName").getAsString());
    assertEquals(0, user.get("gender").getAsInt());
    assertTrue(user.get("maskedPhone").isJsonNull());
    assertEquals("2026-11-22T08:00:00.000Z", user.get("createdAt").getAsString());

    Response check = server.http.check(login.token());
    assertEquals(200, check.status());
    assertEquals(user.get("userId").getAsString(), check.field("userId"));
    assertEquals(APP, check.field("appId"));
    assertEquals("604800", check.field("expiresIn"));
  }

  @Test
  void aReturningUserIsTheSameUser() {
    Response first = server.login("alice");
    server.clock.advance(Duration.ofHours(1));
    Response second = server.login("alice");

    assertFalse(second.json().get("newUser").getAsBoolean());
    assertEquals(first.userId(), second.userId());
    assertNotEquals(first.token(), second.token());
    assertEquals(
        "2026-11-22T09:00:00.000Z",
        second.json().getAsJsonObject("user").get("lastLoginAt").getAsString());
  }

  @Test
  void oneOpenidInTwoAppsIsTwoUsers() {
    String openId = AppServer.openId("alice");
    Response first = server.http.login(server.weChat.loginCode(APP, openId));
    Response second =
        server.http.post(
            "/api/login",
            "{\"code\":\""
                + server.weChat.loginCode(OTHER_APP, openId)
                + "\",\"appId\":\""
                + OTHER_APP
                + "\"}");

    assertNotEquals(first.userId(), second.userId());
    assertEquals(OTHER_APP, server.http.check(second.token()).field("appId"));
  }

  @Test
  void theRefererSaysWhichAppWhereTheClientDoesNot() {
    String code = server.weChat.loginCode(OTHER_APP, AppServer.openId("alice"));

    Response login =
        server.http.login(
            code,
            "Referer",
            "https://servicewechat.com/" + OTHER_APP + "/devtools/page-frame.html");

    assertEquals(OTHER_APP, server.http.check(login.token()).field("appId"));
  }

  @Test
  void theLogSaysInWhichRequestAnotherAppWasNamed() {
    try (LogCapture log = LogCapture.of("io.thirdsession.login")) {
      Response login =
          server.http.post(
              "/api/login",
              json("code", server.code("alice"), "appId", APP).toString(),
              "Referer",
              "https://servicewechat.com/" + OTHER_APP + "/devtools/page-frame.html");

      assertEquals(
          List.of(
              "app mismatch named=%s referer=%s request=%s"
                  .formatted(APP, OTHER_APP, login.header("X-Request-Id"))),
          log.linesWith("app mismatch"));
    }
  }

  @Test
  void aRefererOfAnUnknownAppIsIgnored() {
    Response login = server.login("alice", "Referer", "https://servicewechat.com/wxother/1/x.html");

    assertEquals(200, login.status());
  }

  @Test
  void openidsThatDifferInCaseAreTwoUsers() {
    Response lower =
        server.http.login(server.weChat.loginCode(APP, "oabcdefghijklmnopqrstuvwxyz1"));
    Response upper =
        server.http.login(server.weChat.loginCode(APP, "oABCDEFGHIJKLMNOPQRSTUVWXYZ1"));

    assertNotEquals(lower.userId(), upper.userId());
  }

  @Test
  void fiftyCopiesOfACodeMakeOneExchangeAndOneSession() throws Exception {
    String code = server.code("alice");

    List<Response> responses = atOnce(50, () -> server.http.login(code));

    Set<String> tokens = new HashSet<>();
    for (Response response : responses) {
      assertEquals(200, response.status(), response.toString());
      tokens.add(response.token());
    }
    assertEquals(1, tokens.size());
    assertEquals(1, server.weChat.calls().size());
    assertEquals(1, database.number("SELECT COUNT(*) FROM user"));
    assertEquals(1, database.number("SELECT COUNT(*) FROM session"));
  }

  @Test
  void aCodeSentAgainSoonGivesTheSameSession() {
    String code = server.code("alice");
    Response first = server.http.login(code);

    Response second = server.http.login(code);

    assertEquals(first.token(), second.token());
    assertEquals(1, server.weChat.calls().size());
  }

  @Test
  void aCodeSentAgainFromAnotherAddressIsRefusedByWeChat() {
    String code = server.code("alice");
    server.http.login(code, "X-Forwarded-For", "1.1.1.1");

    Response stolen = server.http.login(code, "X-Forwarded-For", "2.2.2.2");

    assertError(stolen, 400, "code_invalid", true, false);
    assertEquals(2, server.weChat.calls().size());
  }

  @Test
  void aCodeUnderWayIsSharedWithItsOwnAddressOnly() throws Exception {
    String code = server.code("alice");
    server.weChat.faults(Fault.of(FaultMode.OK).delayed(Duration.ofMillis(500)));
    CompletableFuture<Response> owner =
        CompletableFuture.supplyAsync(() -> server.http.login(code, "X-Forwarded-For", "1.1.1.1"));
    eventually(() -> assertEquals(1, server.weChat.calls().size()));

    Response stranger = server.http.login(code, "X-Forwarded-For", "2.2.2.2");

    assertError(stranger, 400, "code_invalid", true, false);
    String token = owner.get().token();
    assertEquals(
        token,
        server.http.login(code, "X-Forwarded-For", "1.1.1.1").token(),
        "the stranger's refusal takes nothing from the owner");
  }

  @Test
  void aCodeSentAgainAfterLogoutIsRefusedByWeChat() {
    String code = server.code("alice");
    server.http.logout(server.http.login(code).token());

    assertError(server.http.login(code), 400, "code_invalid", true, false);
  }

  @Test
  void aFailureIsNotRemembered() {
    String code = server.code("alice");
    server.weChat.faults(Fault.errcode(45011).times(1));
    assertEquals(429, server.http.login(code).status());

    assertEquals(200, server.http.login(code).status());
  }

  @Test
  void twoFirstLoginsAtOnceMakeOneUser() throws Exception {
    for (int round = 0; round < 10; round++) {
      String name = "user" + round;
      List<Response> responses = atOnce(4, () -> server.login(name));

      Set<String> users = new HashSet<>();
      int newUsers = 0;
      for (Response response : responses) {
        assertEquals(200, response.status(), response.toString());
        users.add(response.userId());
        newUsers += response.json().get("newUser").getAsBoolean() ? 1 : 0;
      }
      assertEquals(1, users.size());
      assertEquals(1, newUsers, "newUser is said once");
    }
    assertEquals(10, database.number("SELECT COUNT(*) FROM user"));
    assertEquals(10, database.number("SELECT COUNT(*) FROM identity"));
  }

  @Test
  void fiftyLoginsOfOneUserAtOnceKeepWithinTheCap() throws Exception {
    server.login("alice");

    List<Response> responses = atOnce(50, () -> server.login("alice"));

    for (Response response : responses) {
      assertEquals(200, response.status(), response.toString());
    }
    assertEquals(10, database.number("SELECT COUNT(*) FROM session"));
    assertEquals(1, database.number("SELECT COUNT(*) FROM user"));
  }

  @Test
  void tenLaunchesOfOnePhoneLeaveOneSession() {
    String token = server.login("alice").token();
    for (int i = 0; i < 9; i++) {
      token = server.login("alice", bearer(token)).token();
    }

    assertEquals(1, database.number("SELECT COUNT(*) FROM session"));
    assertEquals(200, server.http.check(token).status());
  }

  @Test
  void theTokenOfAnotherUserIsLeftAlone() {
    String bob = server.login("bob").token();

    server.login("alice", bearer(bob));

    assertEquals(200, server.http.check(bob).status());
  }

  @Test
  void aTokenThatTheClientMadeUpIsNeverAdopted() {
    String wanted = server.login("bob").token();
    server.http.logout(wanted);

    String given = server.login("alice", bearer(wanted)).token();

    assertNotEquals(wanted, given);
    assertEquals(401, server.http.check(wanted).status());
  }

  @Test
  void theEleventhSessionEndsTheLeastRecentlyUsed() {
    List<String> tokens = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      tokens.add(server.login("alice").token());
      server.clock.advance(Duration.ofMinutes(1));
    }
    server.clock.advance(Duration.ofDays(1));
    server.http.check(tokens.get(0)); // now it is the latest used

    server.login("alice");

    assertEquals(200, server.http.check(tokens.get(0)).status());
    assertEquals(401, server.http.check(tokens.get(1)).status());
    assertEquals(200, server.http.check(tokens.get(2)).status());
    assertEquals(10, database.number("SELECT COUNT(*) FROM session"));
  }

  @Test
  void deadSessionsGoWithTheNextLogin() {
    server.login("alice");
    server.clock.advance(Duration.ofDays(8));

    server.login("alice");

    assertEquals(1, database.number("SELECT COUNT(*) FROM session"));
  }

  @Test
  void logoutEndsTheSessionAndNoOther() {
    String phone = server.login("alice").token();
    String tablet = server.login("alice").token();

    assertEquals(204, server.http.logout(phone).status());

    assertEquals(401, server.http.check(phone).status());
    assertEquals(401, server.http.logout(phone).status());
    assertEquals(200, server.http.check(tablet).status());
  }

  @Test
  void aDisabledUserIsRefusedAndTheirSessionsCountNoMore() {
    String token = server.login("alice").token();
    database.execute("UPDATE user SET disabled_at = 1");

    assertError(server.login("alice"), 403, "user_disabled", false, false);
    assertEquals(401, server.http.check(token).status());
    assertEquals(1, database.number("SELECT COUNT(*) FROM session"), "nothing was stored");
  }

  @Test
  void nothingIsStoredForALoginThatWeChatRefuses() {
    for (int errcode : new int[] {40029, 40226, 45011, 40125, 99999}) {
      server.weChat.faults(Fault.errcode(errcode));
      server.login("alice");
    }
    server.weChat.faults(Fault.raw("{\"openid\":\"oalice\",\"session_key\":\"short\"}"));
    assertEquals(502, server.login("alice").status());

    assertEquals(0, database.number("SELECT COUNT(*) FROM user"));
    assertEquals(0, database.number("SELECT COUNT(*) FROM identity"));
    assertEquals(0, database.number("SELECT COUNT(*) FROM session"));
  }

  @Test
  void keepsTheSessionKeyOfTheLoginBeforeWhenWeChatChangesIt() {
    server.login("alice");
    String first = fingerprint("key_fingerprint");
    server.login("alice");
    assertEquals(first, fingerprint("key_fingerprint"), "the same key again");
    assertEquals("", fingerprint("previous_key_fingerprint"));

    server.weChat.rotateKeyAtNextLogin(APP, AppServer.openId("alice"));
    server.login("alice");

    assertNotEquals(first, fingerprint("key_fingerprint"));
    assertEquals(first, fingerprint("previous_key_fingerprint"));
  }

  @Test
  void aStolenDatabaseHoldsNoTokenAndNoSessionKey() {
    String token = server.login("alice").token();
    String sessionKey = server.weChat.sessionKey(APP, AppServer.openId("alice"));
    byte[] tokenBytes = Base64.getUrlDecoder().decode(token.substring(4));
    String secret = HexFormat.of().formatHex(tokenBytes, 16, 48);
    String keyHex = HexFormat.of().formatHex(Base64.getDecoder().decode(sessionKey));

    StringBuilder dump = new StringBuilder();
    for (String table :
        database.column(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()")) {
      for (String column :
          database.column(
              "SELECT column_name FROM information_schema.columns"
                  + " WHERE table_schema = DATABASE() AND table_name = ?",
              table)) {
        database
            .column("SELECT HEX(" + column + ") FROM " + table)
            .forEach(value -> dump.append(value).append('\n'));
      }
    }

    String all = dump.toString().toLowerCase(Locale.ROOT);
    assertTrue(all.contains(hexOf(AppServer.openId("alice"))), "what is there is found");
    for (String hidden :
        List.of(secret, keyHex, hexOf(token), hexOf(token.substring(4)), hexOf(sessionKey))) {
      assertFalse(all.contains(hidden));
    }
  }

  @Test
  void aKilledConnectionCostsNoLogin() {
    for (int i = 0; i < 10; i++) {
      database.killConnections();
      Response login = server.login("alice");
      assertEquals(200, login.status(), login.toString());
    }
  }

  @Test
  void keepsWhatTheClientSaysOfItsDeviceCutButNotRefused() {
    server.http.post(
        "/api/login",
        "{\"code\":\""
            + server.code("alice")
            + "\",\"device\":{\"model\":\""
            + "😀".repeat(70)
            + "\",\"version\":8.5,\"dark\":true}}");

    assertEquals(
        List.of("{\"model\":\"" + "😀".repeat(64) + "\",\"version\":\"8.5\",\"dark\":\"true\"}"),
        database.column("SELECT device FROM session"));
  }

  @Test
  void asksWeChatNoMoreForAMomentAfterItHasFailedOften() {
    server.weChat.faults(Fault.of(FaultMode.STATUS));
    for (int i = 0; i < 20; i++) {
      assertError(server.http.login("code" + i), 502, "wechat_malformed", true, false);
    }

    Response login = server.login("alice");

    assertError(login, 503, "overloaded", false, true);
    assertEquals("1", login.header("Retry-After"));
  }

  @Test
  void saysThatTheCodeIsSpentWhenTheDatabaseIsAwayAfterwards() throws Exception {
    try (TcpProxy proxy = TcpProxy.to(database.url());
        AppServer behind = AppServer.start(proxy.url())) {
      String token = behind.login("alice").token();
      proxy.cut();

      Response login = behind.login("alice");
      Response check = behind.http.check(token);

      assertError(login, 503, "storage_unavailable", true, false);
      assertError(check, 503, "storage_unavailable", false, true);
      assertEquals("1", check.header("Retry-After"));
    }
  }

  @Test
  void answersWithinTheDeadlineWhenTheDatabaseHangs() throws Exception {
    try (TcpProxy proxy = TcpProxy.to(database.url());
        AppServer behind = AppServer.start(proxy.url())) {
      behind.login("alice");
      proxy.swallow(true);

      long startedNanos = System.nanoTime();
      Response login = behind.login("alice");
      long seconds = (System.nanoTime() - startedNanos) / 1_000_000_000;

      assertError(login, 503, "storage_unavailable", true, false);
      assertTrue(seconds < 15, "seconds: " + seconds);
    }
  }

  @Test
  void refusesMadeUpTokensWithoutAskingTheDatabase() throws Exception {
    try (TcpProxy proxy = TcpProxy.to(database.url());
        AppServer behind = AppServer.start(proxy.url())) {
      String token = behind.login("alice").token();
      proxy.cut();

      for (int i = 4; i < token.length(); i++) {
        char other = token.charAt(i) == 'A' ? 'B' : 'A';
        String changed = token.substring(0, i) + other + token.substring(i + 1);
        assertEquals(401, behind.http.check(changed).status(), "position " + i);
      }
      assertEquals(503, behind.http.check(token).status(), "a good one does ask");
    }
  }

  @Test
  void checksGoOnWhileWeChatHangs() throws Exception {
    String token = server.login("alice").token();
    server.weChat.faults(Fault.of(FaultMode.HANG));
    ExecutorService threads = Executors.newFixedThreadPool(100);
    try {
      List<Future<Response>> logins = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        String code = "c" + i;
        logins.add(threads.submit(() -> server.http.login(code)));
      }
      for (int i = 0; i < 50; i++) {
        assertEquals(200, server.http.check(token).status());
      }
      assertTrue(logins.stream().noneMatch(Future::isDone), "WeChat still hangs");
      for (Future<Response> login : logins) {
        assertEquals(504, login.get().status());
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void refusesToStartWithOtherBytesUnderAKnownKeyId() {
    String other = TestKeys.setting("k2").replace("k2:", "k1:");

    SchemaFault fault =
        assertThrows(
            SchemaFault.class, () -> AppServer.start(database, "MASTER_KEYS", other).close());

    assertEquals(
        "MASTER_KEYS: key k1 is not the one that this database was used with", fault.getMessage());
  }

  @Test
  void twoNodesOnOneDatabaseKnowEachOthersSessions() throws Exception {
    try (AppServer other = AppServer.start(database)) {
      String token = server.login("alice").token();

      assertEquals(200, other.http.check(token).status());
      assertEquals(204, other.http.logout(token).status());
      assertEquals(401, server.http.check(token).status());
    }
  }

  private <T> List<T> atOnce(int count, Callable<T> call) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(count);
    CyclicBarrier start = new CyclicBarrier(count);
    try {
      List<Future<T>> running = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        running.add(
            threads.submit(
                () -> {
                  start.await();
                  return call.call();
                }));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : running) {
        results.add(future.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }

  private String fingerprint(String column) {
    String hex = database.column("SELECT HEX(" + column + ") FROM identity").get(0);
    return hex == null ? "" : hex;
  }

  private static String hexOf(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
  }
}
