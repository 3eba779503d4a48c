package io.thirdsession.war;

import static io.thirdsession.testing.ApiAssertions.assertApiHeaders;
import static io.thirdsession.testing.ApiAssertions.assertError;
import static io.thirdsession.testing.AppServer.APP;
import static io.thirdsession.testing.TestHttp.bearer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cn.binarywang.wx.miniapp.api.WxMaService;
import cn.binarywang.wx.miniapp.api.impl.WxMaServiceImpl;
import cn.binarywang.wx.miniapp.config.impl.WxMaDefaultConfigImpl;
import com.google.gson.JsonArray;
import io.thirdsession.simulator.PhoneEvent;
import io.thirdsession.testing.TestClients;
import io.thirdsession.testing.TestHttp.Response;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Devices, back ends and gateways. */
abstract class BackEndContract extends HttpContract {
  BackEndContract(DeployedWar war) {
    super(war);
  }

  @Test
  void listsAndEndsDevices() {
    String mine = http.login(weChat.loginCode()).token();
    String other = http.login(weChat.loginCode()).token();
    String[] bearer = bearer(mine);

    Response list = http.get("/api/sessions", bearer);
    assertEquals(200, list.status(), list.toString());
    assertApiHeaders(list);
    String sid = http.check(other).field("sid");
    assertTrue(list.text().contains(sid));

    assertEquals(204, http.send("DELETE", "/api/sessions/" + sid, null, bearer).status());
    assertError(http.check(other), 401, "session_invalid", true, false);
    assertEquals(204, http.post("/api/sessions/end", "{\"which\":\"all\"}", bearer).status());
    assertError(http.check(mine), 401, "session_invalid", true, false);
  }

  @Test
  void tellsBackEndsWhoIsCalling() {
    String token = http.login(weChat.loginCode()).token();
    String[] client = TestClients.basic();

    Response response = http.introspect(token, client);
    assertEquals(200, response.status(), response.toString());
    assertApiHeaders(response);
    assertEquals(weChat.defaultOpenId(APP), response.field("openid"));

    Response users = http.get("/api/users?userId=" + response.field("sub"), client);
    assertEquals(1, users.json().getAsJsonArray("users").size());
    Response refused = http.get("/api/users?userId=" + response.field("sub"));
    assertError(refused, 401, "client_invalid", false, false);
    assertTrue(refused.header("WWW-Authenticate").startsWith("Basic "));
  }

  @Test
  void aBackEndFindsAUserByThePhone() {
    String token = http.login(weChat.loginCode(APP, "ofound")).token();
    String number = "13900000001";
    PhoneEvent tap = weChat.phone(APP, "ofound", number);
    http.post("/api/me/phone", "{\"code\":\"" + tap.code() + "\"}", bearer(token));

    Response found =
        http.post("/api/users/find", "{\"phoneNumber\":\"" + number + "\"}", TestClients.basic());

    assertEquals(200, found.status(), found.toString());
    assertApiHeaders(found);
    JsonArray users = found.json().getAsJsonArray("users");
    assertEquals(1, users.size());
    assertEquals(
        http.check(token).field("userId"),
        users.get(0).getAsJsonObject().get("userId").getAsString());
    Response refused = http.post("/api/users/find", "{\"phoneNumber\":\"" + number + "\"}");
    assertError(refused, 401, "client_invalid", false, false);
  }

  @Test
  void aBackEndEndsTheSessionsOfAUser() {
    String token = http.login(weChat.loginCode(APP, "oended")).token();
    String userId = http.check(token).field("userId");

    assertEquals(204, manage("POST", userId, "/end-sessions").status());

    assertError(http.check(token), 401, "session_invalid", true, false);
    assertEquals(200, http.login(weChat.loginCode(APP, "oended")).status());
  }

  @Test
  void aBackEndDisablesAUserAndEnablesThemAgain() {
    String token = http.login(weChat.loginCode(APP, "odisabled")).token();
    String userId = http.check(token).field("userId");

    assertEquals(204, manage("POST", userId, "/disable").status());
    assertError(http.check(token), 401, "session_invalid", true, false);
    assertError(http.login(weChat.loginCode(APP, "odisabled")), 403, "user_disabled", false, false);

    assertEquals(204, manage("POST", userId, "/enable").status());
    assertError(http.check(token), 401, "session_invalid", true, false);
    assertEquals(200, http.login(weChat.loginCode(APP, "odisabled")).status());
  }

  @Test
  void aBackEndErasesAUser() {
    String token = http.login(weChat.loginCode(APP, "oerased")).token();
    String userId = http.check(token).field("userId");

    assertEquals(204, manage("DELETE", userId, "").status());

    assertError(http.check(token), 401, "session_invalid", true, false);
    assertError(manage("DELETE", userId, ""), 404, "not_found", false, false);
    Response again = http.login(weChat.loginCode(APP, "oerased"));
    assertTrue(again.json().get("newUser").getAsBoolean(), again.toString());
  }

  @Test
  void wxJavaTalksToTheWar() throws Exception {
    WxMaDefaultConfigImpl config = new WxMaDefaultConfigImpl();
    config.setAppid(APP);
    config.setSecret(TestClients.SECRET);
    config.useStableAccessToken(true);
    config.setAccessTokenUrl(http.base() + "/cgi-bin/stable_token");
    config.setApiHostUrl(weChat.baseUri().toString()); // stands for api.weixin.qq.com
    WxMaService wxJava = new WxMaServiceImpl();
    wxJava.setWxMaConfig(config);
    http.login(weChat.loginCode(APP, "owxjava"));
    String code = weChat.phone(APP, "owxjava", "13900000002").code();

    String number = wxJava.getUserService().getPhoneNumber(code).getPhoneNumber();

    assertEquals("13900000002", number);
    assertEquals(
        wxJava.getAccessToken(false), stableToken(TestClients.SECRET).field("access_token"));
  }

  @Test
  void brokersTheAccessToken() {
    Response response = stableToken(TestClients.SECRET);
    Response wrong = stableToken("canary-client-secret-x");

    assertEquals(200, response.status());
    assertEquals(Set.of("access_token", "expires_in"), response.json().keySet());
    assertEquals(200, wrong.status());
    assertEquals("40125", wrong.field("errcode"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"})
  void letsAProxyAskByAnyMethod(String method) {
    String token = http.login(weChat.loginCode()).token();

    Response response = http.send(method, "/api/gateway/orders/1", null, bearer(token));

    assertEquals(200, response.status(), response.toString());
    assertEquals("", response.text());
    assertEquals(weChat.defaultOpenId(APP), response.header("X-WX-OPENID"));
    assertEquals(APP, response.header("X-WX-APPID"));
    assertEquals(List.of(""), response.headers().allValues("X-WX-UNIONID"));
    assertEquals(http.check(token).field("userId"), response.header("X-User-Id"));
    assertEquals(401, http.send(method, "/api/gateway/orders/1", null).status());
  }

  /** Envoy asks with the path of its client behind ours, as it came. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/gateway/../../healthz",
        "/api/gateway/%2e%2e/%2e%2e/healthz",
        "/api/gateway/..;/..;/healthz",
        "/api/gateway/shop/..;/..;/..;/healthz",
        "/api/gateway/shop/..;x=y/../..;/../readyz",
        "/api/gateway/../../getUserInfo.html",
        "/api/gateway/../../index.html",
        "/api/gateway/../../"
      })
  void noPathLeadsOutOfTheGateway(String path) throws Exception {
    String response = RawHttp.send(http.base(), "GET", path, List.of(), "");

    assertTrue(
        response.startsWith("HTTP/1.1 40"),
        path + " -> " + response.lines().findFirst().orElse(""));
  }

  private Response stableToken(String secret) {
    String body =
        "{\"grant_type\":\"client_credential\",\"appid\":\"" + APP + "\",\"secret\":\"%s\"}";
    return http.post("/cgi-bin/stable_token", body.formatted(secret));
  }

  /** More than any buffer holds, both ways; the last user logs in. */
  @Test
  void importsUsersWhileItAnswers() {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 3_000; i++) {
      lines.append(
          "{\"appid\":\"%s\",\"openid\":\"oImported-%d\",\"nickName\":\"%s\"}\n"
              .formatted(APP, i, "x".repeat(60)));
    }
    lines.append("broken");
    String[] client = TestClients.basic();

    Response response =
        http.send(
            "POST",
            "/api/users/import",
            lines.toString(),
            "Content-Type",
            "application/x-ndjson",
            client[0],
            client[1]);

    assertEquals(200, response.status(), response.toString());
    List<String> answers = response.text().lines().toList();
    assertEquals(3_001, answers.size());
    assertTrue(
        answers.get(3_000).startsWith("{\"line\":3001,\"status\":\"refused\""), answers.get(3_000));
    String userId = http.login(weChat.loginCode(APP, "oImported-2999")).userId();
    assertTrue(answers.get(2_999).contains(userId), answers.get(2_999));
    Response refused = http.send("POST", "/api/users/import", lines.toString());
    assertError(refused, 401, "client_invalid", false, false);
  }

  private Response manage(String method, String userId, String action) {
    return http.send(method, "/api/users/" + userId + action, null, TestClients.basic());
  }
}
