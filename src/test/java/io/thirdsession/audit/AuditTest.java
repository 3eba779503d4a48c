package io.thirdsession.audit;

import static io.thirdsession.testing.AppServer.APP;
import static io.thirdsession.testing.AppServer.OTHER_APP;
import static io.thirdsession.testing.Eventually.eventually;
import static io.thirdsession.testing.TestClients.basic;
import static io.thirdsession.testing.TestHttp.bearer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.simulator.Fault;
import io.thirdsession.simulator.FaultMode;
import io.thirdsession.simulator.WeChatSimulator;
import io.thirdsession.testing.AppServer;
import io.thirdsession.testing.AppTestBase;
import io.thirdsession.testing.LogCapture;
import io.thirdsession.testing.LongTrail;
import io.thirdsession.testing.TestClients;
import io.thirdsession.testing.TestHttp.Response;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AuditTest extends AppTestBase {
  AuditTest() {
    super("SERVICE_CLIENTS", TestClients.setting());
  }

  @Test
  void writesOneRowForEachThingThatHappens() throws Exception {
    String openId = AppServer.openId("alice");
    server.http.login("made-up");
    Response login =
        server.http.post(
            "/api/login",
            "{\"code\":\"" + server.code("alice") + "\",\"device\":{\"model\":\"iPhone\"}}");
    String token = login.token();
    String userId = login.userId();
    post(token, "/api/me/phone", json("code", server.weChat.phone(APP, openId).code()));
    server.http.send("DELETE", "/api/me/phone", null, bearer(token));
    post(token, "/api/me/decrypt", json("encryptedData", "AAAA", "iv", "x"));
    server.http.get("/api/me/export", bearer(token));
    String other = server.login("alice").token();
    server.http.send(
        "DELETE", "/api/sessions/" + server.http.check(other).field("sid"), null, bearer(token));
    server.http.logout(token);
    server.http.get("/api/users?unionid=u", basic("all", "canary-client-secret-wrong"));
    for (String action : List.of("/end-sessions", "/disable", "/enable", "/reset-session-keys")) {
      server.http.send("POST", "/api/users/" + userId + action, null, basic());
    }
    server.http.send("DELETE", "/api/users/" + userId, null, basic());

    assertEquals(
        List.of(
            "client_refused",
            "decrypt_failed",
            "disabled",
            "enabled",
            "erased",
            "exported",
            "key_reset",
            "login",
            "login",
            "login_failed",
            "logout",
            "phone_bound",
            "phone_unbound",
            "session_ended",
            "session_ended"),
        events(15));
    assertEquals(
        List.of("all"), database.column("SELECT DISTINCT client FROM audit WHERE client <> ''"));
  }

  @Test
  void aKeyThatWasResetIsWrittenDownThoughAnotherAppsWasNot() throws Exception {
    restart("UNIONID_LINK", "true");
    String userId = "";
    for (String app : List.of(APP, OTHER_APP)) {
      String code =
          server.weChat.loginCode(app, WeChatSimulator.openIdOf(app, "alice"), "unionalice");
      Response login = server.http.post("/api/login", json("code", code, "appId", app).toString());
      userId = login.userId();
    }
    Map<String, String> before = sessionKeysOfAlice();
    server.weChat.faults(Fault.of(FaultMode.GARBAGE));
    server.weChat.faults(Fault.of(FaultMode.OK).on("/cgi-bin/stable_token"));
    server.weChat.faults(Fault.of(FaultMode.OK).times(1).on("/wxa/resetusersessionkey"));

    Response response =
        server.http.send("POST", "/api/users/" + userId + "/reset-session-keys", null, basic());

    assertEquals(502, response.status(), response.toString());
    assertEquals(List.of("key_reset", "login", "login"), events(3));
    Map<String, String> after = sessionKeysOfAlice();
    assertEquals(
        Stream.of(APP, OTHER_APP).filter(app -> !after.get(app).equals(before.get(app))).toList(),
        database.column("SELECT appid FROM audit WHERE event = 'key_reset'"));
  }

  @Test
  void theFailureThatLetsAKeyRestWritesItDownAndNoneAfterIt() throws Exception {
    String token = server.login("alice").token();
    failToDecrypt(token, 4);
    assertEquals(5, events(5).size());
    assertEquals(0, database.number("SELECT COUNT(*) FROM audit WHERE event LIKE 'key%'"));

    failToDecrypt(token, 1);
    assertEquals("key_quarantined", events(7).get(5));

    failToDecrypt(token, 3);
    assertEquals(1, events(10).stream().filter("key_quarantined"::equals).count());
  }

  @Test
  void everyKeyThatRestsIsWrittenDown() throws Exception {
    String token = server.login("alice").token();
    failToDecrypt(token, 5);
    server.weChat.rotateKeyAtNextLogin(APP, AppServer.openId("alice"));
    failToDecrypt(server.login("alice").token(), 5);

    assertEquals(2, events(14).stream().filter("key_quarantined"::equals).count());
  }

  private void failToDecrypt(String token, int times) {
    for (int i = 0; i < times; i++) {
      post(
          token,
          "/api/me/decrypt",
          json(
              "encryptedData",
              (char) ('A' + i) + "A".repeat(21) + "==",
              "iv",
              "A".repeat(22) + "=="));
    }
  }

  @Test
  void anErasedUserIsFoundNowhereInTheTrail() throws Exception {
    Response login =
        server.http.post(
            "/api/login",
            "{\"code\":\"" + server.code("alice") + "\",\"device\":{\"model\":\"iPhone\"}}");
    server.login("bob");
    events(2);
    assertEquals(1, database.number("SELECT COUNT(*) FROM audit WHERE device LIKE '%iPhone%'"));

    server.http.send("DELETE", "/api/me", null, bearer(login.token()));
    events(3);

    assertEquals(
        List.of("erased:", "login:", "login:127.0.0.1"),
        database.column("SELECT CONCAT(event, ':', address) FROM audit ORDER BY 1"));
    assertEquals(0, database.number("SELECT COUNT(*) FROM audit WHERE device LIKE '%iPhone%'"));
  }

  @Test
  void anErasureIsCompleteWhenItIsAnsweredHoweverLongTheTrail() throws Exception {
    String token = server.login("alice").token();
    events(1);
    LongTrail.add(database, AppServer.openId("alice"), 2_501, server.clock.instant());

    assertEquals(204, server.http.send("DELETE", "/api/me", null, bearer(token)).status());

    assertEquals(
        0, database.number("SELECT COUNT(*) FROM audit WHERE address <> '' OR device <> ''"));
  }

  @Test
  void theOperatorsStatementsEndEverySessionAndSaySo() throws Exception {
    String token = server.login("alice").token();
    events(1);
    String guide = Files.readString(Path.of("src/site/markdown/operations.md"));
    int begin = guide.indexOf("DELETE FROM session;");
    String statements = guide.substring(begin, guide.indexOf("```", begin));

    database.execute(statements.split(";\\s*"));

    assertEquals(401, server.http.check(token).status());
    assertEquals(List.of("login", "session_ended"), events(2));
    String id = database.column("SELECT HEX(id) FROM audit WHERE event = 'session_ended'").get(0);
    assertTrue(id.matches("[0-9A-F]{12}7[0-9A-F]{3}8[0-9A-F]{15}"), id);
    long ageMillis = System.currentTimeMillis() - Long.parseLong(id.substring(0, 12), 16);
    assertTrue(Math.abs(ageMillis) < 60_000, "it began " + ageMillis + " ms ago");
  }

  @Test
  void nothingIsLostByAnOrderlyStop() throws Exception {
    for (int i = 0; i < 50; i++) {
      server.login("user-" + i);
    }

    server.stopNode();

    assertEquals(50, database.number("SELECT COUNT(*) FROM audit"));
    server = server.anotherNode();
  }

  @Test
  void whatAnybodyCanRepeatFillsNoTable() throws Exception {
    for (int i = 0; i < 40; i++) {
      server.http.login("made-up-" + i);
      server.http.get("/api/users?unionid=u", basic("all", "canary-client-secret-wrong"));
    }
    String token = server.login("alice").token();
    for (int i = 0; i < 10; i++) {
      server.http.get("/api/me/export", bearer(token));
      server.http.send("DELETE", "/api/me/phone", null, bearer(token)); // nothing is bound
      post(token, "/api/sessions/end", json("which", "others")); // there are none
    }

    assertEquals(List.of("client_refused", "exported", "login", "login_failed"), events(4));
  }

  @Test
  void theLogHasTheSameInOneLineWithoutSecrets() {
    try (LogCapture log = LogCapture.of("io.thirdsession.audit")) {
      String code = server.code("alice");
      Response login =
          server.http.post(
              "/api/login",
              "{\"code\":\"" + code + "\",\"device\":{\"model\":\"a\\nevent=forged\"}}");

      String line = String.join("\n", log.lines());
      assertEquals(1, line.lines().count(), line);
      assertTrue(
          line.matches(
              "event=login at=2026-11-22T08:00:00Z user=[0-9a-f-]{36} app="
                  + APP
                  + " sid=[0-9a-f-]{36} address=127.0.0.1 request=[0-9a-f]{16}"
                  + " newUser=true origin=login"),
          line);
      assertFalse(line.contains(code));
      assertFalse(line.contains(login.token()));
    }
  }

  @Test
  void loginsGoOnWhileTheTrailCannotBeWritten() {
    database.execute("ALTER TABLE audit RENAME TO audit_away");
    assertEquals(200, server.login("alice").status());
    server.weChat.faults(Fault.errcode(40029));
    assertEquals(400, server.login("alice").status());
  }

  private Map<String, String> sessionKeysOfAlice() {
    Map<String, String> keys = new HashMap<>();
    for (String app : List.of(APP, OTHER_APP)) {
      keys.put(app, server.weChat.sessionKey(app, WeChatSimulator.openIdOf(app, "alice")));
    }
    return keys;
  }

  /** Returns the events, sorted, once so many rows are there. */
  private List<String> events(int count) {
    eventually(() -> assertTrue(database.number("SELECT COUNT(*) FROM audit") >= count));
    return database.column("SELECT event FROM audit ORDER BY event");
  }
}
