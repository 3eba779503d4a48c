package io.thirdsession.compat;

import static io.thirdsession.testing.AppServer.APP;
import static io.thirdsession.testing.AppServer.OTHER_APP;
import static io.thirdsession.testing.TestHttp.bearer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.thirdsession.simulator.Fault;
import io.thirdsession.simulator.ProfileEvent;
import io.thirdsession.testing.AppServer;
import io.thirdsession.testing.AppTestBase;
import io.thirdsession.testing.LogCapture;
import io.thirdsession.testing.TcpProxy;
import io.thirdsession.testing.TestHttp.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The calls of wafer's client SDKs, with the headers they send and the fields they read. */
class WaferTest extends AppTestBase {
  private static final String MAGIC = "F2C224D4-2BCE-4C64-AF9F-A6D872000D1A";
  private static final String ALICE = AppServer.openId("alice");

  @Test
  void theLoginAnswersBothVersionsInOneBody() {
    Response login = weappLogin("alice");

    assertEquals(200, login.status(), login.toString());
    JsonObject body = login.json();
    assertEquals(List.of(MAGIC, "session", "code", "data"), List.copyOf(body.keySet()));
    assertEquals(1, body.get(MAGIC).getAsInt());
    JsonObject session = body.getAsJsonObject("session");
    JsonObject data = body.getAsJsonObject("data");
    assertEquals(List.of("id", "skey"), List.copyOf(session.keySet()));
    assertEquals(List.of("userinfo", "skey", "time"), List.copyOf(data.keySet()));
    assertEquals(0, body.get("code").getAsInt());
    assertEquals(session.get("skey"), data.get("skey"));
    assertEquals(
        session.get("id").getAsString(), server.http.check(skey(login)).field("sid"), "the sid");
    assertEquals(
        Instant.parse("2026-11-22T08:00:00Z").getEpochSecond(), data.get("time").getAsLong());
    assertEquals(
        JsonParser.parseString(
            "{\"openId\":\""
                + ALICE
                + "\",\"nickName\":\"\",\"avatarUrl\":\"\",\"gender\":0,\"province\":\"\","
                + "\"city\":\"\",\"country\":\"\",\"language\":\"\"}"),
        data.get("userinfo"));
  }

  @Test
  void theTokenIsOneLikeAnyOther() {
    String skey = skey(weappLogin("alice"));

    assertEquals(ALICE, database.column("SELECT openid FROM identity").get(0));
    assertEquals(200, server.http.get("/api/me", bearer(skey)).status());
    assertEquals(
        "wafer",
        server
            .http
            .get("/api/sessions", bearer(skey))
            .json()
            .getAsJsonArray("sessions")
            .get(0)
            .getAsJsonObject()
            .get("origin")
            .getAsString());
  }

  @Test
  void theLoginTakesAnyCaseOfHeaderAndEitherMethod() {
    assertEquals(
        "0", server.http.get("/weapp/login", "x-wx-code", server.code("alice")).field("code"));
    assertEquals(
        "0",
        server
            .http
            .post("/weapp/login", "{\"a\":1}", "X-WX-CODE", server.code("alice"))
            .field("code"));
  }

  @Test
  void theLoginTakesOverTheProfileOfGetUserInfo() {
    Response login = loginWithProfile("alice", "老王 +%😀");

    JsonObject userinfo = login.json().getAsJsonObject("data").getAsJsonObject("userinfo");
    assertEquals("老王 +%😀", userinfo.get("nickName").getAsString(), "at once");
    assertEquals("老王 +%😀", me(skey(login)).get("nickName").getAsString(), "and for good");
  }

  @Test
  void anAnonymousProfileLeavesTheStoredOne() {
    loginWithProfile("alice", "老王");
    String code = server.code("alice");
    ProfileEvent anonymous = server.weChat.profile(APP, ALICE);

    Response login = loginWithData(code, anonymous.encryptedData(), anonymous.iv());

    assertEquals("老王", me(skey(login)).get("nickName").getAsString());
  }

  @Test
  void aProfileThatDoesNotOpenIsNoObstacle() {
    loginWithProfile("alice", "老王");
    server.weChat.loginCode(APP, AppServer.openId("bob"));
    ProfileEvent bobs = server.weChat.profile(APP, AppServer.openId("bob"), named("小李"));

    for (String[] data :
        List.of(
            new String[] {bobs.encryptedData(), bobs.iv()},
            new String[] {"undefined", "undefined"},
            new String[] {"", ""},
            new String[] {bobs.encryptedData(), ""})) {
      Response login = loginWithData(server.code("alice"), data[0], data[1]);

      assertEquals(200, login.status(), login.toString());
      assertEquals("0", login.field("code"));
      assertEquals("老王", me(skey(login)).get("nickName").getAsString());
    }
  }

  @Test
  void theLogSaysWhichRequestsProfileDidNotOpen() {
    server.weChat.loginCode(APP, AppServer.openId("bob"));
    ProfileEvent bobs = server.weChat.profile(APP, AppServer.openId("bob"), named("小李"));

    try (LogCapture log = LogCapture.of("io.thirdsession.compat")) {
      Response login = loginWithData(server.code("alice"), bobs.encryptedData(), bobs.iv());

      String request = "request=" + login.header("X-Request-Id") + " user=";
      assertEquals(
          1, log.linesWith("profile not taken over " + request).size(), log.lines()::toString);
    }
  }

  @Test
  void theUserComesInTheFormsOfBothVersions() {
    Response login = loginWithProfile("alice", "老王");
    JsonObject userinfo = login.json().getAsJsonObject("data").getAsJsonObject("userinfo");

    for (Response response : List.of(user(skey(login)), user(skey(login), id(login)))) {
      assertEquals(200, response.status(), response.toString());
      assertEquals(List.of("code", "message", "data"), List.copyOf(response.json().keySet()));
      assertEquals("0", response.field("code"));
      JsonObject data = response.json().getAsJsonObject("data");
      assertEquals(userinfo, data.remove("userinfo"));
      assertEquals(userinfo, data.remove("userInfo"));
      assertEquals(userinfo, data);
      assertFalse(response.text().contains(MAGIC), "the SDK would take that for a refusal");
    }
  }

  @Test
  void theUserMayBeAskedByPost() {
    String skey = skey(weappLogin("alice"));

    assertEquals(
        "0", server.http.post("/weapp/user", "{\"a\":1}", "X-WX-Skey", skey).field("code"));
  }

  @Test
  void theUnionIdIsThereWhereWeChatTellsIt() {
    Response login =
        server.http.get("/weapp/login", "X-WX-Code", server.weChat.loginCode(APP, ALICE, "uAlice"));

    assertEquals(
        "uAlice", user(skey(login)).json().getAsJsonObject("data").get("unionId").getAsString());
  }

  @Test
  void anEndedSessionIsRefusedAsBothVersionsExpectIt() {
    Response login = weappLogin("alice");
    server.http.logout(skey(login));

    assertSessionRefused(user(skey(login)));
    assertSessionRefused(user(skey(login), id(login)));
  }

  @Test
  void anExpiredSessionIsRefused() {
    Response login = weappLogin("alice");
    server.clock.advance(Duration.ofDays(7));

    assertSessionRefused(user(skey(login)));
  }

  @Test
  void whatIsNoTokenIsRefused() {
    String skey = skey(weappLogin("alice"));

    assertSessionRefused(server.http.get("/weapp/user"));
    for (String other : List.of("", "x", skey.substring(1), skey + "A", skey.toUpperCase())) {
      assertSessionRefused(user(other));
    }
  }

  @Test
  void aDisabledUserIsRefused() {
    String skey = skey(weappLogin("alice"));
    database.execute("UPDATE user SET disabled_at = 1");

    assertSessionRefused(user(skey));
    assertLoginRefused(weappLogin("alice"), "ERR_LOGIN_FAILED");
  }

  @Test
  void theIdMustBeTheTokensOwn() {
    Response alice = weappLogin("alice");
    Response again = weappLogin("alice");

    for (String id : List.of(id(again), id(alice).toUpperCase(), "", "1", id(alice) + ",")) {
      assertSessionRefused(user(skey(alice), id));
    }
    assertSessionRefused(
        server.http.get(
            "/weapp/user", "X-WX-Skey", skey(alice), "X-WX-Id", id(alice), "X-WX-Id", id(again)));
  }

  @Test
  void twoTokensAreNone() {
    String one = skey(weappLogin("alice"));
    String other = skey(weappLogin("bob"));

    assertSessionRefused(server.http.get("/weapp/user", "X-WX-Skey", one, "X-WX-Skey", other));
  }

  @Test
  void theTokenIsReadFromItsHeaderAloneAndFromThereHereAlone() {
    String skey = skey(weappLogin("alice"));

    assertSessionRefused(server.http.get("/weapp/user", bearer(skey)));
    assertSessionRefused(server.http.get("/weapp/user?X-WX-Skey=" + skey));
    assertSessionRefused(server.http.get("/weapp/user?third_Session=" + skey));
    for (String path : List.of("/api/session", "/api/me", "/api/gateway")) {
      assertEquals(401, server.http.get(path, "X-WX-Skey", skey).status());
    }
    assertEquals("2", server.http.get("/getUserInfo.html", "X-WX-Skey", skey).field("isLogin"));
  }

  @Test
  void aLoginEndsTheSessionWhoseTokenIsSentAlong() {
    String old = skey(weappLogin("alice"));
    String modern = server.login("alice").token();

    weappLogin("alice", "X-WX-Skey", old);
    assertEquals(401, server.http.check(old).status());
    weappLogin("alice", "X-WX-Skey", modern);
    assertEquals(401, server.http.check(modern).status(), "whichever way it was made");
  }

  @Test
  void aLoginEndsNobodyElsesSession() {
    String bobs = skey(weappLogin("bob"));
    String alices = skey(weappLogin("alice"));

    for (String sent : List.of(bobs, "x", "", alices.substring(1))) {
      assertEquals(200, weappLogin("alice", "X-WX-Skey", sent).status());
    }
    assertEquals(200, server.http.check(bobs).status());
    assertEquals(200, server.http.check(alices).status());
  }

  /** Version 2 can log in before every request, ten of which may be under way at once. */
  @Test
  void aLoginLeavesTheSessionsOfTheLoginsBeforeIt() {
    List<String> skeys =
        List.of(skey(weappLogin("alice")), skey(weappLogin("alice")), skey(weappLogin("alice")));

    for (String skey : skeys) {
      assertEquals(200, user(skey).status());
    }
  }

  @Test
  void loginsThatNobodyEndsStayWithinTheCap() {
    for (int i = 0; i < 15; i++) {
      weappLogin("alice");
      server.clock.advance(Duration.ofSeconds(1));
    }

    assertEquals(10, database.number("SELECT COUNT(*) FROM session"));
  }

  @Test
  void aLoginWantsACode() {
    assertLoginRefused(server.http.get("/weapp/login"), "INVALID_REQUEST");
    for (String code : List.of("", "a/b", "a&appid=b", "a".repeat(129))) {
      assertLoginRefused(server.http.get("/weapp/login", "X-WX-Code", code), "INVALID_REQUEST");
    }
    assertLoginRefused(server.http.get("/weapp/login?X-WX-Code=abc"), "INVALID_REQUEST");
    assertEquals(0, server.weChat.calls().size(), "WeChat was not asked");
  }

  @Test
  void theLoginStandsWithDataThatAreTooLong() {
    Response login = loginWithData(server.code("alice"), "aaaa", "a".repeat(65));

    assertEquals("0", login.field("code"), login.toString());
  }

  @ParameterizedTest
  @ValueSource(ints = {40029, 40163, 40226, 45011, 45009, 40125, -1, 12345})
  void whateverWeChatRefusesIsAFailedLogin(int errcode) {
    server.weChat.faults(Fault.errcode(errcode));

    assertLoginRefused(weappLogin("alice"), "ERR_LOGIN_FAILED");
  }

  @Test
  void aCodeIsGoodOnce() {
    String code = server.code("alice");
    server.http.logout(skey(server.http.get("/weapp/login", "X-WX-Code", code)));

    assertLoginRefused(server.http.get("/weapp/login", "X-WX-Code", code), "ERR_LOGIN_FAILED");
  }

  @Test
  void messagesSpeakTheClientsLanguage() {
    assertEquals(
        "Invalid session; log in",
        server.http.get("/weapp/user", "Accept-Language", "en").field("message"));
    assertEquals("登录状态已失效，请重新登录", server.http.get("/weapp/user").field("message"));
  }

  /** With the marks of an ended session every phone would drop its own, and log in. */
  @Test
  void aFaultOfOursCostsNoClientItsSession() throws Exception {
    try (TcpProxy proxy = TcpProxy.to(database.url());
        AppServer behind = AppServer.start(proxy.url())) {
      Response login = behind.http.get("/weapp/login", "X-WX-Code", behind.code("alice"));
      proxy.cut();

      Response response = behind.http.get("/weapp/user", "X-WX-Skey", skey(login));
      assertEquals(503, response.status(), response.toString());
      assertEquals("503", response.field("code"), "not -1");
      assertEquals("storage_unavailable", response.field("error"));
      assertFalse(response.json().has(MAGIC));

      Response again = behind.http.get("/weapp/login", "X-WX-Code", behind.code("alice"));
      assertEquals(503, again.status(), again.toString());
      assertEquals("ERR_LOGIN_FAILED", again.field("error"));
      assertTrue(again.json().has(MAGIC));
    }
  }

  @Test
  void otherMethodsAreNotAllowed() {
    Response put = server.http.send("PUT", "/weapp/user", "{}");

    assertEquals(405, put.status());
    assertEquals("GET, POST", put.header("Allow"));
    assertFalse(put.json().has(MAGIC));
    assertEquals("405", put.field("code"));
  }

  @Test
  void theRefererSaysWhichApp() {
    String code = server.weChat.loginCode(OTHER_APP, "owafer");

    Response login =
        server.http.get(
            "/weapp/login",
            "X-WX-Code",
            code,
            "Referer",
            "https://servicewechat.com/" + OTHER_APP + "/0/page-frame.html");

    assertEquals(OTHER_APP, server.http.check(skey(login)).field("appId"));
  }

  @ParameterizedTest
  @CsvSource({"off, 404, 404", "seed, 404, 200", "wafer, 401, 404", "'wafer,seed', 401, 200"})
  void compatSaysWhichClientsAreServed(String compat, int wafer, int seed) throws Exception {
    restart("COMPAT", compat);

    assertEquals(wafer, server.http.get("/weapp/user").status());
    assertEquals(wafer == 404 ? 404 : 200, server.http.get("/weapp/login").status());
    assertEquals(seed, server.http.get("/getUserInfo.html").status());
  }

  @Test
  void noAnswerHoldsASessionKeyOrIsKept() {
    Response login = loginWithProfile("alice", "老王");
    String sessionKey = server.weChat.sessionKey(APP, ALICE);

    for (Response response :
        List.of(
            login,
            user(skey(login)),
            user("x"),
            weappLogin("alice"),
            server.http.get("/weapp/login"))) {
      assertFalse(response.text().contains("session_key"));
      assertFalse(response.text().contains(sessionKey));
      assertEquals("no-store", response.header("Cache-Control"));
      assertEquals("", response.header("Set-Cookie"));
    }
  }

  private Response weappLogin(String name, String... headers) {
    String[] all = new String[headers.length + 2];
    all[0] = "X-WX-Code";
    all[1] = server.code(name);
    System.arraycopy(headers, 0, all, 2, headers.length);
    return server.http.get("/weapp/login", all);
  }

  private Response loginWithData(String code, String encryptedData, String iv) {
    return server.http.get(
        "/weapp/login",
        "X-WX-Code",
        code,
        "X-WX-Encrypted-Data",
        encryptedData,
        "X-WX-IV",
        iv,
        "content-type",
        "application/json");
  }

  /** Calls wx.login, then wx.getUserInfo, as the SDKs do. */
  private Response loginWithProfile(String name, String nickName) {
    String code = server.code(name);
    ProfileEvent profile = server.weChat.profile(APP, AppServer.openId(name), named(nickName));
    return loginWithData(code, profile.encryptedData(), profile.iv());
  }

  private static JsonObject named(String nickName) {
    return json("nickName", nickName);
  }

  private Response user(String skey) {
    return server.http.get("/weapp/user", "X-WX-Skey", skey);
  }

  private Response user(String skey, String id) {
    return server.http.get("/weapp/user", "X-WX-Skey", skey, "X-WX-Id", id);
  }

  private static String skey(Response login) {
    return login.json().getAsJsonObject("session").get("skey").getAsString();
  }

  private static String id(Response login) {
    return login.json().getAsJsonObject("session").get("id").getAsString();
  }

  private static void assertSessionRefused(Response response) {
    assertEquals(401, response.status(), response.toString());
    assertRefused(response, "ERR_INVALID_SESSION");
    assertEquals("Bearer", response.header("WWW-Authenticate"));
  }

  private static void assertLoginRefused(Response response, String error) {
    assertEquals(200, response.status(), response.toString());
    assertRefused(response, error);
  }

  private static void assertRefused(Response response, String error) {
    assertEquals(
        List.of(MAGIC, "code", "error", "message"),
        List.copyOf(response.json().keySet()),
        response.toString());
    assertEquals("1", response.field(MAGIC));
    assertEquals("-1", response.field("code"));
    assertEquals(error, response.field("error"));
    assertFalse(response.field("message").isBlank());
  }
}
