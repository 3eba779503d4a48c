package io.thirdsession.compat;

import static io.thirdsession.testing.AppServer.APP;
import static io.thirdsession.testing.AppServer.OTHER_APP;
import static io.thirdsession.testing.TestHttp.bearer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.thirdsession.simulator.Fault;
import io.thirdsession.simulator.ProfileEvent;
import io.thirdsession.testing.AppServer;
import io.thirdsession.testing.AppTestBase;
import io.thirdsession.testing.TcpProxy;
import io.thirdsession.testing.TestHttp;
import io.thirdsession.testing.TestHttp.Response;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages of the old tutorials, with what the tutorials' own clients send and read. */
class SeedPagesTest extends AppTestBase {
  @Test
  void onLoginGivesTheTokenUnderTheTutorialsNames() {
    Response login = get("/onLogin.html", "code", server.code("alice"));

    assertEquals(200, login.status(), login.toString());
    assertEquals(
        List.of("code", "message", "Data", "third_Session", "openid", "userId"),
        List.copyOf(login.json().keySet()));
    assertEquals("0", login.field("code"));
    assertEquals("", login.field("message"));
    assertEquals(AppServer.openId("alice"), login.field("openid"));
    assertEquals(
        server.http.check(login.field("third_Session")).field("userId"), login.field("userId"));
  }

  @Test
  void onLoginsDataIsATextForThePageThatParsesIt() {
    Response login = get("/onLogin.html", "code", server.code("alice"));

    // var json = JSON.parse(res.data.Data); json.third_Session
    JsonObject data = JsonParser.parseString(login.field("Data")).getAsJsonObject();
    assertEquals(Set.of("third_Session", "openid"), data.keySet());
    assertEquals(login.field("third_Session"), data.get("third_Session").getAsString());
  }

  @Test
  void onLoginTakesTheCodeInEveryForm() {
    Response form =
        server.http.send(
            "POST",
            "/onLogin",
            "code=" + server.code("alice"),
            "Content-Type",
            "application/x-www-form-urlencoded");
    assertEquals("0", form.field("code"), form.toString());
    Response json = server.http.post("/onLogin", "{\"code\":\"" + server.code("alice") + "\"}");
    assertEquals("0", json.field("code"), json.toString());
  }

  @Test
  void onLoginLeavesTheOtherSessionsOfAUserAlone() {
    String phone = onLogin("alice");
    String tablet = onLogin("alice");

    assertEquals(200, server.http.check(phone).status(), "each device keeps its token");
    assertEquals(200, server.http.check(tablet).status());
  }

  @Test
  void onLoginEndsTheSessionWhoseTokenIsSentAlong() {
    String old = onLogin("alice");
    String bobs = onLogin("bob");

    get("/onLogin.html", "code", server.code("alice"), "third_Session", old);
    get("/onLogin.html", "code", server.code("alice"), "third_Session", bobs);

    assertEquals(401, server.http.check(old).status());
    assertEquals(200, server.http.check(bobs).status(), "only the same user's");
  }

  @Test
  void onLoginsThatNobodyEndsStayWithinTheCap() {
    for (int i = 0; i < 15; i++) {
      onLogin("alice");
      server.clock.advance(Duration.ofSeconds(1));
    }

    assertEquals(10, database.number("SELECT COUNT(*) FROM session"));
  }

  @Test
  void onLoginWantsACode() {
    for (String query : List.of("", "?code=", "?code=a%00b", "?Code=x")) {
      Response response = server.http.get("/onLogin.html" + query);

      assertRefused(response, -1, "invalid_request");
      assertEquals("code", response.field("field"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "40029, 40029, code_invalid",
    "40163, 40163, code_invalid",
    "40226, 40226, user_blocked",
    "45011, 45011, rate_limited",
    "40125, -1, wechat_config",
  })
  void onLoginSaysWeChatsNumberWhereItConcernsTheCaller(int errcode, int said, String error) {
    server.weChat.faults(Fault.errcode(errcode));

    assertRefused(get("/onLogin.html", "code", server.code("alice")), said, error);
  }

  @Test
  void setUserInfoKeepsWhatTheTutorialSends() {
    String token = onLogin("alice");

    Response response = setUserInfo(token, "老王😀", "https://wx.qlogo.cn/a/0", "1");

    assertEquals("{\"code\":0}", response.text());
    JsonObject me = me(token);
    assertEquals("老王😀", me.get("nickName").getAsString());
    assertEquals("https://wx.qlogo.cn/a/0", me.get("avatarUrl").getAsString());
    assertEquals(1, me.get("gender").getAsInt());
    assertEquals("广东", me.get("province").getAsString());
    assertEquals("广州", me.get("city").getAsString());
    assertEquals("中国", me.get("country").getAsString());
  }

  @Test
  void setUserInfoTakesJsonWithNumbers() {
    String token = onLogin("alice");

    Response response =
        server.http.post(
            "/setUserInfo.html",
            "{\"third_Session\":\"" + token + "\",\"nickName\":\"小李\",\"gender\":2}");

    assertEquals("{\"code\":0}", response.text());
    assertEquals(2, me(token).get("gender").getAsInt());
  }

  @Test
  void setUserInfoNeverOverwritesWithAnAnonymousProfile() {
    String token = onLogin("alice");
    setUserInfo(token, "老王😀", "https://wx.qlogo.cn/a/0", "1");
    JsonObject before = me(token);

    ProfileEvent today = server.weChat.profile(APP, AppServer.openId("alice"));
    JsonObject userInfo = today.userInfo();
    userInfo.addProperty("third_Session", token);
    Response response = server.http.post("/setUserInfo.html", userInfo.toString());

    assertEquals("{\"code\":0}", response.text());
    assertEquals(before, me(token));
  }

  @Test
  void setUserInfoSetsNothingButTheProfile() {
    String token = onLogin("alice");
    String bob = onLogin("bob");
    JsonObject bobBefore = me(bob);
    JsonObject before = me(token);

    Response response =
        get(
            "/setUserInfo.html",
            "third_Session",
            token,
            "nickName",
            "小李",
            "userId",
            bobBefore.get("userId").getAsString(),
            "openid",
            AppServer.openId("bob"),
            "createdAt",
            "0",
            "maskedPhone",
            "1");

    assertEquals("{\"code\":0}", response.text());
    before.addProperty("nickName", "小李");
    assertEquals(before, me(token));
    assertEquals(bobBefore, me(bob));
  }

  @Test
  void getUserInfoGivesThePageOfTheUser() {
    String token = onLogin("alice");
    setUserInfo(token, "老王", "https://wx.qlogo.cn/a/0", "1");
    server.http.send(
        "PUT", "/api/me", "{\"title\":\"懒\"}", bearer(token, "Content-Type", "application/json"));

    assertEquals(
        JsonParser.parseString(
            "{\"code\":0,\"isLogin\":1,\"dataList\":{\"head_photo\":\"https://wx.qlogo.cn/a/0\","
                + "\"username\":\"老王\",\"title\":\"懒\"}}"),
        get("/getUserInfo.html", "third_Session", token).json());
  }

  @Test
  void getUserInfosTextsAreEmptyWhereNothingWasGiven() {
    assertEquals(
        JsonParser.parseString("{\"head_photo\":\"\",\"username\":\"\",\"title\":\"\"}"),
        get("/getUserInfo.html", "third_Session", onLogin("alice")).json().get("dataList"));
  }

  @Test
  void getUserInfoSaysWhenNobodyIsLoggedIn() {
    for (String query : List.of("", "?third_Session=", "?third_Session=x")) {
      Response response = server.http.get("/getUserInfo.html" + query);

      assertRefused(response, -1, "session_invalid");
      assertEquals("2", response.field("isLogin"));
      assertFalse(response.json().has("dataList"));
    }
  }

  @Test
  void getUserIdGivesWeChatsUserInfo() {
    String token = onLogin("alice");
    setUserInfo(token, "老王", "https://wx.qlogo.cn/a/0", "1");

    Response response = get("/getUserId.html", "third_Session", token);

    assertEquals(Set.of("code", "userId", "userInfo"), response.json().keySet());
    assertEquals(me(token).get("userId").getAsString(), response.field("userId"));
    assertEquals(
        JsonParser.parseString(
            "{\"nickName\":\"老王\",\"avatarUrl\":\"https://wx.qlogo.cn/a/0\",\"gender\":1,"
                + "\"province\":\"广东\",\"city\":\"广州\",\"country\":\"中国\",\"language\":\"\"}"),
        response.json().get("userInfo"));
  }

  @Test
  void getUserIdsUserInfoIsNullWhereNoneWasGiven() {
    Response response = get("/getUserId.html", "third_Session", onLogin("alice"));

    assertTrue(response.json().get("userInfo").isJsonNull(), response.text());
  }

  @Test
  void checkSignatureChecksAndStoresNothing() {
    String token = onLogin("alice");
    JsonObject userInfo = new JsonObject();
    userInfo.addProperty("nickName", "老王 +%😀");
    ProfileEvent event = server.weChat.profile(APP, AppServer.openId("alice"), userInfo);

    for (boolean byPost : new boolean[] {false, true}) {
      assertEquals(
          "{\"code\":0}", checkSignature(byPost, token, event.rawData(), event.signature()).text());
    }
    assertEquals("", me(token).get("nickName").getAsString());
  }

  @Test
  void checkSignatureRefusesWhatWeChatHasNotSigned() {
    String token = onLogin("alice");
    ProfileEvent event = server.weChat.profile(APP, AppServer.openId("alice"));

    assertRefused(
        checkSignature(false, token, event.rawData() + " ", event.signature()),
        -1,
        "signature_invalid");
    assertRefused(
        checkSignature(false, onLogin("bob"), event.rawData(), event.signature()),
        -1,
        "signature_invalid");
  }

  @Test
  void checkSignatureWantsBothParameters() {
    String token = onLogin("alice");

    assertEquals(
        "rawData",
        get("/checkSignature.html", "third_Session", token, "signature", "a").field("field"));
    assertEquals(
        "signature",
        get("/checkSignature.html", "third_Session", token, "rawData", "{}").field("field"));
    assertEquals("signature", checkSignature(true, token, "{}", "a".repeat(41)).field("field"));
    assertEquals("rawData", checkSignature(true, token, "王".repeat(1366), "a").field("field"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/setUserInfo.html",
        "/getUserInfo.html",
        "/getUserId.html",
        "/checkSignature.html"
      })
  void theTokenIsReadFromTheParameterAloneAndFromItHereAlone(String path) {
    String token = onLogin("alice");

    assertRefused(server.http.get(path, bearer(token)), -1, "session_invalid");
    assertRefused(get(path, "thirdSession", token), -1, "session_invalid");
    assertRefused(get(path, "third_session", token), -1, "session_invalid");
    assertEquals(401, get("/api/session", "third_Session", token).status());
    assertEquals(401, get("/api/me", "third_Session", token).status());
  }

  @Test
  void anEndedSessionIsRefusedOnEveryPage() {
    String token = onLogin("alice");
    server.http.logout(token);

    for (String path :
        List.of("/setUserInfo.html", "/getUserInfo.html", "/getUserId.html", "/checkSignature")) {
      assertRefused(get(path, "third_Session", token), -1, "session_invalid");
    }
  }

  @Test
  void theRefererSaysWhichApp() {
    String code = server.weChat.loginCode(OTHER_APP, "oseed");

    Response login =
        server.http.get(
            "/onLogin.html?code=" + code,
            "content-type",
            "application/json",
            "Referer",
            "https://servicewechat.com/" + OTHER_APP + "/0/page-frame.html");

    assertEquals(OTHER_APP, server.http.check(login.field("third_Session")).field("appId"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/getOpenid.html?nick=&avaurl=&sex=&", "/onLogin.html?", "/thirdLogin.html?"})
  void theParameterSaysWhichAppBeforeTheReferer(String page) {
    String code = server.weChat.loginCode(OTHER_APP, "oseed");

    Response login =
        server.http.get(
            page + "code=" + code + "&appid=" + OTHER_APP,
            "Referer",
            "https://servicewechat.com/" + APP + "/0/page-frame.html");

    assertEquals(200, login.status(), login.toString());
    assertEquals(List.of(OTHER_APP), database.column("SELECT appid FROM identity"));
  }

  @Test
  void faultsOfOursKeepTheirStatus() throws Exception {
    try (TcpProxy proxy = TcpProxy.to(database.url());
        AppServer behind = AppServer.start(proxy.url())) {
      String token =
          behind.http.get("/onLogin.html?code=" + behind.code("alice")).field("third_Session");
      proxy.cut();

      Response response = behind.http.get("/getUserInfo.html?third_Session=" + token);

      assertEquals(503, response.status(), response.toString());
      assertEquals("-1", response.field("code"));
      assertEquals("storage_unavailable", response.field("error"));
      assertFalse(response.json().has("isLogin"), "nobody knows");
      String code = behind.code("alice");
      Response login = behind.http.get("/getOpenid.html?nick=&avaurl=&sex=&code=" + code);
      assertEquals(503, login.status(), login.toString());
      assertEquals("-1", login.field("errcode"));
    }
  }

  @Test
  void noPageIsThereWhenCompatIsOff() throws Exception {
    try (AppServer off = AppServer.start(database, "COMPAT", "off")) {
      for (String path :
          List.of("/onLogin", "/setUserInfo", "/getUserInfo", "/getUserId", "/checkSignature")) {
        assertEquals(404, off.http.get(path).status());
        assertEquals(404, off.http.get(path + ".html").status());
      }
    }
  }

  @Test
  void noAnswerHoldsASessionKey() {
    String token = onLogin("alice");
    String sessionKey = server.weChat.sessionKey(APP, AppServer.openId("alice"));
    ProfileEvent event = server.weChat.profile(APP, AppServer.openId("alice"));

    for (Response response :
        List.of(
            get("/onLogin.html", "code", server.code("alice")),
            get("/getUserId.html", "third_Session", token),
            checkSignature(false, token, event.rawData(), event.signature()),
            checkSignature(false, token, event.rawData(), "x"))) {
      assertFalse(response.text().contains("session_key"));
      assertFalse(response.text().contains(sessionKey));
      assertNotEquals("", response.field("code"));
    }
  }

  private String onLogin(String name) {
    return get("/onLogin.html", "code", server.code(name)).field("third_Session");
  }

  private Response setUserInfo(String token, String nickName, String avatarUrl, String gender) {
    return get(
        "/setUserInfo.html",
        "third_Session",
        token,
        "nickName",
        nickName,
        "avatarUrl",
        avatarUrl,
        "gender",
        gender,
        "province",
        "广东",
        "city",
        "广州",
        "country",
        "中国");
  }

  private Response checkSignature(boolean byPost, String token, String rawData, String signature) {
    if (!byPost) {
      return get(
          "/checkSignature.html",
          "third_Session",
          token,
          "rawData",
          rawData,
          "signature",
          signature);
    }
    JsonObject body = new JsonObject();
    body.addProperty("third_Session", token);
    body.addProperty("rawData", rawData);
    body.addProperty("signature", signature);
    return server.http.post("/checkSignature", body.toString());
  }

  /** Sends a GET as wx.request does; parameters come in pairs. */
  private Response get(String path, String... parameters) {
    Map<String, String> query = new LinkedHashMap<>();
    for (int i = 0; i < parameters.length; i += 2) {
      query.put(parameters[i], parameters[i + 1]);
    }
    return server.http.get(path + TestHttp.query(query), "content-type", "application/json");
  }

  private static void assertRefused(Response response, int code, String error) {
    assertEquals(200, response.status(), response.toString());
    assertEquals(code, response.json().get("code").getAsInt());
    assertEquals(error, response.field("error"));
    assertFalse(response.field("message").isBlank());
    assertEquals(response.header("X-Request-Id"), response.field("requestId"));
  }
}
