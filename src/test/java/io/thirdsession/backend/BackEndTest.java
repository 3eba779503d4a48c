package io.thirdsession.backend;

import static io.thirdsession.testing.AppServer.APP;
import static io.thirdsession.testing.AppServer.OTHER_APP;
import static io.thirdsession.testing.Eventually.eventually;
import static io.thirdsession.testing.TestClients.basic;
import static io.thirdsession.testing.TestHttp.bearer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.thirdsession.testing.AppServer;
import io.thirdsession.testing.AppTestBase;
import io.thirdsession.testing.TestClients;
import io.thirdsession.testing.TestHttp.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What other services ask, and who of them may. */
class BackEndTest extends AppTestBase {
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String ONLY_INTROSPECT = "canary-client-secret-introspect";
  private static final String ONLY_OTHER_APP = "canary-client-secret-of-other-app";
  private static final String ONLY_USERS = "canary-client-secret-users";

  BackEndTest() {
    super(
        "SERVICE_CLIENTS",
        String.join(
            ",",
            TestClients.setting(),
            TestClients.entry("orders", ONLY_INTROSPECT, ""),
            TestClients.entry("other", ONLY_OTHER_APP, "introspect+users+manage:" + OTHER_APP),
            TestClients.entry("crm", ONLY_USERS, "users"),
            // rotation: one id, two secrets
            TestClients.entry("orders", "canary-client-secret-new-one", "introspect"),
            TestClients.entry("short", "short", "introspect")));
  }

  @Test
  void introspectionTellsWhoIsCalling() {
    Response login = server.login("alice");

    Response response = introspect(login.token(), basic());

    assertEquals(200, response.status(), response.toString());
    assertEquals("application/json;charset=utf-8", response.header("Content-Type").toLowerCase());
    assertEquals("no-store", response.header("Cache-Control"));
    JsonObject body = response.json();
    assertEquals(
        Set.of(
            "active",
            "sub",
            "client_id",
            "token_type",
            "scope",
            "exp",
            "iat",
            "openid",
            "appid",
            "sid"),
        body.keySet());
    assertTrue(body.get("active").getAsBoolean());
    assertEquals(login.json().getAsJsonObject("user").get("userId"), body.get("sub"));
    assertEquals(AppServer.openId("alice"), body.get("openid").getAsString());
    assertEquals(APP, body.get("appid").getAsString());
    assertEquals(1_795_334_400L, body.get("iat").getAsLong());
    assertEquals(1_795_334_400L + 600, body.get("exp").getAsLong());
    assertTrue(body.getAsJsonPrimitive("exp").isNumber());
  }

  @Test
  void withoutAPublicUrlNoMetadataNameAnIssuer() {
    assertEquals(404, server.http.get("/.well-known/oauth-authorization-server").status());
    assertEquals(404, server.http.get("/.well-known/openid-configuration").status());
  }

  @Test
  void introspectionTellsTheUnionidThatWeChatTold() {
    String token =
        server
            .http
            .login(server.weChat.loginCode(APP, AppServer.openId("alice"), "ualice"))
            .token();

    assertEquals("ualice", introspect(token, basic()).field("unionid"));
  }

  @Test
  void ofWhatIsNotLiveItTellsThatAlone() {
    String ended = server.login("alice").token();
    server.http.logout(ended);
    String expired = server.login("bob").token();
    String erased = server.login("carol").token();
    server.http.send("DELETE", "/api/me", null, bearer(erased));
    String otherApp = loginToOtherApp("dora");
    server.clock.advance(Duration.ofDays(7).minusMillis(1));
    assertTrue(introspect(expired, basic()).json().get("active").getAsBoolean());
    server.clock.advance(Duration.ofDays(7));

    for (String token : List.of(ended, expired, erased, otherApp, "x", "3rd_" + "A".repeat(75))) {
      Response response = introspect(token, basic());
      assertEquals(200, response.status());
      assertEquals("{\"active\":false}", response.text());
    }
  }

  @Test
  void aClientOfOtherAppsLearnsNothingOfASession() {
    String token = server.login("alice").token();

    Response foreign = introspect(token, basic("other", ONLY_OTHER_APP));
    Response own = introspect(loginToOtherApp("alice"), basic("other", ONLY_OTHER_APP));

    assertEquals("{\"active\":false}", foreign.text());
    assertTrue(own.json().get("active").getAsBoolean());
  }

  @Test
  void beingAskedAboutKeepsASessionAlive() {
    String token = server.login("alice").token();
    server.clock.advance(Duration.ofDays(6));
    introspect(token, basic());
    server.clock.advance(Duration.ofDays(6));

    assertTrue(introspect(token, basic()).json().get("active").getAsBoolean());
  }

  @Test
  void bothSecretsOfAClientAreGoodWhileItIsRotated() {
    String token = server.login("alice").token();

    assertEquals(200, introspect(token, basic("orders", ONLY_INTROSPECT)).status());
    assertEquals(200, introspect(token, basic("orders", "canary-client-secret-new-one")).status());
  }

  @Test
  void wrongCredentialsLearnNothingAboutTheToken() {
    String good = server.login("alice").token();
    for (String[] credentials :
        List.of(
            new String[] {},
            basic("all", "canary-client-secret-wrong"),
            basic("nobody", TestClients.SECRET),
            basic("orders", TestClients.SECRET),
            basic("short", "short"),
            new String[] {"Authorization", "Basic !!!"},
            new String[] {
              "Authorization", "Basic " + Base64.getEncoder().encodeToString("all".getBytes())
            },
            bearer(good))) {
      Response ofGood = introspect(good, credentials);
      Response ofBad = introspect("3rd_x", credentials);

      assertEquals(401, ofGood.status(), ofGood.toString());
      assertEquals("client_invalid", ofGood.field("error"));
      assertTrue(ofGood.header("WWW-Authenticate").startsWith("Basic "));
      assertEquals(withoutRequestId(ofGood), withoutRequestId(ofBad));
    }
  }

  @Test
  void theTokenStandsInTheBodyOnceAndNowhereElse() {
    String token = server.login("alice").token();

    Response inTheQuery = form("/api/introspect?token=" + token, "", basic());
    assertEquals(400, inTheQuery.status());
    assertEquals("token", inTheQuery.field("field"));
    assertEquals(400, form("/api/introspect", "token=" + token + "&token=x", basic()).status());
    assertEquals(400, form("/api/introspect", "token=", basic()).status());
    assertEquals(400, form("/api/introspect", "token=%ZZ", basic()).status());
    assertEquals(
        200,
        form("/api/introspect", "token_type_hint=access_token&token=" + token, basic()).status());
    assertEquals(
        415, server.http.post("/api/introspect", json("token", token) + "", basic()).status());
    assertEquals(405, server.http.get("/api/introspect", basic()).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
  void theGatewayAnswersEveryMethodWithAllFourHeaders(String method) {
    String token = server.login("alice").token();

    Response response =
        server.http.send(
            method,
            "/api/gateway/orders/1?x=y",
            method.equals("POST") ? "{\"any\":\"body\"" : null,
            bearer(token, "X-WX-OPENID", "oForged"));

    assertEquals(200, response.status(), response.toString());
    assertEquals("", response.text());
    assertEquals(AppServer.openId("alice"), response.header("X-WX-OPENID"));
    assertEquals(APP, response.header("X-WX-APPID"));
    assertEquals(List.of(""), response.headers().allValues("X-WX-UNIONID"));
    assertEquals(server.http.check(token).field("userId"), response.header("X-User-Id"));
  }

  @Test
  void theGatewayLetsNobodyThroughWithoutASession() {
    for (String path : List.of("/api/gateway", "/api/gateway/", "/api/gateway/a/b")) {
      Response response = server.http.get(path);
      assertEquals(401, response.status());
      assertEquals("session_invalid", response.field("error"));
      assertEquals(List.of(), response.headers().allValues("X-WX-OPENID"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {APP + " | 200", OTHER_APP + " | 401", OTHER_APP + ", " + APP + " | 200", "'' | 401"})
  void theProxySaysWhichAppsMayPass(String apps, int status) {
    String token = server.login("alice").token();

    Response response = server.http.get("/api/gateway", bearer(token, "X-Gateway-App", apps));

    assertEquals(status, response.status());
  }

  /** A client's own header beside the proxy's lets nobody through. */
  @Test
  void everyHeaderOfTheProxyMustNameTheApp() {
    String token = server.login("alice").token();

    for (String[] apps : List.of(new String[] {APP, OTHER_APP}, new String[] {OTHER_APP, APP})) {
      assertEquals(
          401,
          server
              .http
              .get(
                  "/api/gateway", bearer(token, "X-Gateway-App", apps[0], "X-Gateway-App", apps[1]))
              .status());
    }
    assertEquals(
        200,
        server
            .http
            .get("/api/gateway", bearer(token, "X-Gateway-App", APP, "X-Gateway-App", APP))
            .status());
  }

  @Test
  void theHeadersOfTheGatewayAreReadNowhere() {
    String alice = server.login("alice").token();
    String bobId = server.login("bob").userId();

    Response me =
        server.http.get(
            "/api/me", bearer(alice, "X-User-Id", bobId, "X-WX-OPENID", AppServer.openId("bob")));

    assertFalse(me.text().contains(bobId));
  }

  @Test
  void looksUsersUpByIdOpenidAndUnionid() {
    String openId = AppServer.openId("alice");
    Response login = server.http.login(server.weChat.loginCode(APP, openId, "ualice"));
    String userId = login.userId();

    for (String query :
        List.of("userId=" + userId, "appid=" + APP + "&openid=" + openId, "unionid=ualice")) {
      JsonArray users = users(server.http.get("/api/users?" + query, basic()));
      assertEquals(1, users.size(), query);
      JsonObject user = users.get(0).getAsJsonObject();
      assertEquals(userId, user.get("userId").getAsString());
      assertEquals(
          json("appid", APP, "openid", openId, "unionid", "ualice"),
          user.getAsJsonArray("identities").get(0));
      assertFalse(user.get("disabled").getAsBoolean());
      assertFalse(user.has("maskedPhone"));
    }
  }

  @Test
  void findsAllHoldersOfANumberTheNewestFirst() {
    String alice = withPhone("alice");
    server.clock.advance(Duration.ofSeconds(1));
    String bob = withPhone("bob");

    for (JsonObject body :
        List.of(
            json("phoneNumber", "13580006666"),
            json("phoneNumber", "+8613580006666"),
            json("phoneNumber", "008613580006666"),
            json("phoneNumber", "8613580006666"),
            json("phoneNumber", "8613580006666", "countryCode", "86"),
            json("phoneNumber", "13580006666", "countryCode", "86"))) {
      JsonArray users = users(server.http.post("/api/users/find", body + "", basic()));
      assertEquals(2, users.size());
      assertEquals(bob, users.get(0).getAsJsonObject().get("userId").getAsString());
      assertEquals(alice, users.get(1).getAsJsonObject().get("userId").getAsString());
      assertEquals("13580006666", users.get(0).getAsJsonObject().get("phoneNumber").getAsString());
      assertEquals("wx_code", users.get(0).getAsJsonObject().get("phoneSource").getAsString());
      assertTrue(users.get(0).getAsJsonObject().has("phoneBoundAt"));
    }
    assertEquals(
        0,
        users(
                server.http.post(
                    "/api/users/find",
                    json("phoneNumber", "13580006666", "countryCode", "1") + "",
                    basic()))
            .size());
  }

  @Test
  void showsWholeNumbersOnlyToWhoMaySeeThem() {
    withPhone("alice");

    Response response =
        server.http.post(
            "/api/users/find", json("phoneNumber", "13580006666") + "", basic("crm", ONLY_USERS));

    JsonObject user = users(response).get(0).getAsJsonObject();
    assertEquals("135****6666", user.get("maskedPhone").getAsString());
    assertFalse(response.text().contains("13580006666"));
  }

  @Test
  void findsUpTo100Users() {
    String alice = userId("alice");
    String bob = userId("bob");
    String nobody = "01a20244-e800-75e8-b7be-805317a49f64";

    String ids = "\"" + String.join("\",\"", alice, bob, nobody) + "\"";
    assertEquals(2, users(find("{\"userIds\":[" + ids + "]}")).size());

    String hundred = String.join(",", Collections.nCopies(100, "\"" + alice + "\""));
    assertEquals(1, users(find("{\"userIds\":[" + hundred + "]}")).size());
    Response tooMany = find("{\"userIds\":[" + hundred + ",\"" + bob + "\"]}");
    assertEquals(400, tooMany.status());
    assertEquals("userIds", tooMany.field("field"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"userIds\":[]}",
        "{\"userIds\":[7]}",
        "{\"userIds\":\"x\"}",
        "{\"userIds\":[\"nonsense\"]}",
        "{\"phoneNumber\":\"abc\"}",
        "{\"phoneNumber\":\"+123456789012345678901234\"}",
        "{\"phoneNumber\":\"13580006666\",\"userIds\":[\"01a20244-e800-75e8-b7be-805317a49f64\"]}",
        "{\"phoneNumber\":\"13580006666\",\"countryCode\":\"x\"}",
      })
  void refusesOtherQuestions(String body) {
    assertEquals(400, find(body).status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?userId=nonsense",
        "?userId=01a20244-e800-75e8-b7be-805317a49f64&unionid=u",
        "?openid=o",
        "?phoneNumber=13580006666",
        "?unionid=a&unionid=b",
      })
  void refusesOtherQueries(String query) {
    assertEquals(400, server.http.get("/api/users" + query, basic()).status());
  }

  @Test
  void aClientOfOtherAppsKnowsOnlyTheirUsers() {
    userId("alice");
    String[] other = basic("other", ONLY_OTHER_APP);
    String query = "?appid=" + APP + "&openid=" + AppServer.openId("alice");

    assertEquals(0, users(server.http.get("/api/users" + query, other)).size());
    assertEquals(0, users(server.http.get("/api/users?userId=" + userId("alice"), other)).size());
    assertEquals(404, manage("POST", userId("alice"), "/disable", other).status());
  }

  @Test
  void aClientOfSomeAppsDoesNothingToAUserOfOthersToo() throws Exception {
    restart("UNIONID_LINK", "true");
    String openId = AppServer.openId("alice");
    server.http.login(server.weChat.loginCode(APP, openId, "ualice"));
    String code = server.weChat.loginCode(OTHER_APP, openId, "ualice");
    String userId =
        server.http.post("/api/login", json("code", code, "appId", OTHER_APP).toString()).userId();
    String[] other = basic("other", ONLY_OTHER_APP);

    JsonArray seen = users(server.http.get("/api/users?userId=" + userId, other));
    assertEquals(1, seen.get(0).getAsJsonObject().getAsJsonArray("identities").size());
    assertEquals("forbidden", manage("POST", userId, "/disable", other).field("error"));
    assertEquals(204, manage("POST", userId, "/disable", basic()).status());
  }

  @Test
  void disablingEndsEverySessionAndRefusesLogins() {
    String userId = userId("alice");
    String token = server.login("alice").token();
    String bob = server.login("bob").token();

    assertEquals(204, manage("POST", userId, "/disable", basic()).status());
    assertEquals(204, manage("POST", userId, "/disable", basic()).status());

    assertEquals(401, server.http.check(token).status());
    assertEquals("user_disabled", server.login("alice").field("error"));
    assertEquals(200, server.http.check(bob).status());
    assertTrue(
        users(server.http.get("/api/users?userId=" + userId, basic()))
            .get(0)
            .getAsJsonObject()
            .get("disabled")
            .getAsBoolean());

    assertEquals(204, manage("POST", userId, "/enable", basic()).status());
    assertEquals(401, server.http.check(token).status(), "what was ended stays ended");
    assertEquals(200, server.login("alice").status());
  }

  @Test
  void endsEverySessionOfAUser() {
    String token = server.login("alice").token();

    assertEquals(204, manage("POST", userId("alice"), "/end-sessions", basic()).status());

    assertEquals(401, server.http.check(token).status());
    assertEquals(200, server.login("alice").status());
  }

  @Test
  void endsOneSessionOfAUserAndNobodyElses() {
    String userId = userId("alice");
    String token = server.login("alice").token();
    String other = server.login("alice").token();
    String bob = server.login("bob").token();
    String sid = introspect(token, basic()).field("sid");

    assertEquals(
        404, manage("DELETE", userId, "/sessions/" + sid(bob), basic()).status(), "not hers");
    assertEquals(204, manage("DELETE", userId, "/sessions/" + sid, basic()).status());

    assertEquals(401, server.http.check(token).status());
    assertEquals(200, server.http.check(other).status());
    assertEquals(200, server.http.check(bob).status());
    assertEquals(404, manage("DELETE", userId, "/sessions/" + sid, basic()).status());
  }

  private String sid(String token) {
    return server.http.check(token).field("sid");
  }

  @Test
  void erasesAUser() {
    String userId = userId("alice");

    assertEquals(204, manage("DELETE", userId, "", basic()).status());

    assertEquals(0, database.number("SELECT COUNT(*) FROM user"));
    assertEquals(404, manage("DELETE", userId, "", basic()).status());
  }

  @Test
  void resetsTheSessionKeyAtWeChatAndKeepsTheNewOne() {
    String userId = userId("alice");
    String before = server.weChat.sessionKey(APP, AppServer.openId("alice"));
    var tap = server.weChat.phone(APP, AppServer.openId("alice"));

    Response response = manage("POST", userId, "/reset-session-keys", basic());

    assertEquals(200, response.status(), response.toString());
    assertEquals(
        true,
        response
            .json()
            .getAsJsonArray("identities")
            .get(0)
            .getAsJsonObject()
            .get("reset")
            .getAsBoolean());
    assertFalse(before.equals(server.weChat.sessionKey(APP, AppServer.openId("alice"))));
    assertFalse(response.text().contains("session_key"));
    var profile = server.weChat.profile(APP, AppServer.openId("alice"));
    String token = server.login("alice").token();
    for (JsonObject data :
        List.of(
            json("encryptedData", profile.encryptedData(), "iv", profile.iv()),
            json("encryptedData", tap.encryptedData(), "iv", tap.iv()))) {
      assertEquals(200, post(token, "/api/me/decrypt", data).status(), "both keys open");
    }
    assertEquals(
        200, manage("POST", userId, "/reset-session-keys", basic()).status(), "and once more");
  }

  @Test
  void asksWeChatNothingAboutAKeyThatDoesNotOpen() {
    String userId = userId("alice");
    server.weChat.rotateKeyAtNextLogin(APP, AppServer.openId("alice"));
    server.login("alice");
    database.execute("UPDATE identity SET key_sealed = REVERSE(key_sealed)");
    server.weChat.clearCalls();

    Response response = manage("POST", userId, "/reset-session-keys", basic());

    assertTrue(response.text().contains("\"reset\":false"), response.toString());
    assertTrue(server.weChat.calls().isEmpty(), "the key before is not the one that counts");
  }

  /** RFC 6749, section 2.3.1: Spring Security encodes both, curl neither. */
  @Test
  void takesASecretAsItIsAndAsInAForm() throws Exception {
    String secret = "canary-client/secret+of==boot%41";
    restart("SERVICE_CLIENTS", TestClients.setting() + "," + TestClients.entry("boot", secret, ""));
    String token = server.login("alice").token();

    assertEquals(200, introspect(token, basic("boot", secret)).status());
    assertEquals(
        200,
        introspect(token, basic("boo%74", URLEncoder.encode(secret, StandardCharsets.UTF_8)))
            .status());
    assertEquals(401, introspect(token, basic("boot", secret + "%zz")).status());
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/users?unionid=u, orders",
    "POST, /api/users/find, orders",
    "POST, /api/users/01a20244-e800-75e8-b7be-805317a49f64/disable, orders",
    "POST, /api/users/01a20244-e800-75e8-b7be-805317a49f64/disable, crm",
    "DELETE, /api/users/01a20244-e800-75e8-b7be-805317a49f64, crm",
    "POST, /api/introspect, crm",
  })
  void everyCallWantsItsScope(String method, String path, String client) {
    Map<String, String> secrets = Map.of("orders", ONLY_INTROSPECT, "crm", ONLY_USERS);

    Response response = server.http.send(method, path, null, basic(client, secrets.get(client)));

    assertEquals(403, response.status(), response.toString());
    assertEquals("forbidden", response.field("error"));
    assertEquals("", response.header("WWW-Authenticate"));
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/users?unionid=u",
    "POST, /api/users/find",
    "POST, /api/users/01a20244-e800-75e8-b7be-805317a49f64/disable",
    "POST, /api/users/01a20244-e800-75e8-b7be-805317a49f64/reset-session-keys",
    "DELETE, /api/users/01a20244-e800-75e8-b7be-805317a49f64",
  })
  void aSessionIsNoServiceClient(String method, String path) {
    Response response = server.http.send(method, path, null, bearer(server.login("alice").token()));

    assertEquals(401, response.status());
    assertEquals("client_invalid", response.field("error"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /api/users/",
        "POST /api/users/nonsense/disable",
        "POST /api/users/01a20244-e800-75e8-b7be-805317a49f64/explode",
        "POST /api/users/01a20244-e800-75e8-b7be-805317a49f64/",
        "POST /api/users/01a20244-e800-75e8-b7be-805317a49f64/disable",
      })
  void nothingElseIsThere(String line) {
    String[] parts = line.split(" ", -1);

    assertEquals(404, server.http.send(parts[0], parts[1], null, basic()).status(), line);
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /api/users, 'GET, HEAD'",
    "POST, /api/users/01a20244-e800-75e8-b7be-805317a49f64/sessions, 'GET, HEAD'",
    "DELETE, /api/users/01a20244-e800-75e8-b7be-805317a49f64/audit, 'GET, HEAD'",
    "GET, /api/sessions/end-all, POST",
    "POST, /api/client, 'GET, HEAD'",
    "GET, /api/users/find, POST",
    "POST, /api/users/01a20244-e800-75e8-b7be-805317a49f64, DELETE",
    "GET, /api/users/01a20244-e800-75e8-b7be-805317a49f64, DELETE",
    "DELETE, /api/users/01a20244-e800-75e8-b7be-805317a49f64/disable, POST",
    "POST, /api/users/01a20244-e800-75e8-b7be-805317a49f64/sessions/01a20244-e800-75e8-b7be-805317a49f64, DELETE",
  })
  void anotherMethodIsToldTheRightOnes(String method, String path, String allowed) {
    Response response = server.http.send(method, path, null, basic());

    assertEquals(405, response.status(), response.toString());
    assertEquals(allowed, response.header("Allow"));
  }

  @Test
  void clientsAreReplacedWithTheirFile() throws Exception {
    Path file = Files.createTempFile("clients", ".txt");
    Files.writeString(file, TestClients.setting());
    restart("SERVICE_CLIENTS", "", "SERVICE_CLIENTS_FILE", file.toString());
    String token = server.login("alice").token();
    assertEquals(200, introspect(token, basic()).status());

    Files.writeString(file, TestClients.entry("fresh", "canary-client-secret-fresh", ""));
    eventually(() -> assertEquals(401, introspect(token, basic()).status()));

    assertEquals(200, introspect(token, basic("fresh", "canary-client-secret-fresh")).status());
  }

  private String loginToOtherApp(String name) {
    String code = server.weChat.loginCode(OTHER_APP, AppServer.openId(name));
    return server
        .http
        .post("/api/login", json("code", code, "appId", OTHER_APP).toString())
        .token();
  }

  private String userId(String name) {
    return server.login(name).userId();
  }

  private String withPhone(String name) {
    String token = server.login(name).token();
    String code = server.weChat.phone(APP, AppServer.openId(name)).code();
    assertEquals(200, post(token, "/api/me/phone", json("code", code)).status());
    return server.http.check(token).field("userId");
  }

  private Response find(String body) {
    return server.http.post("/api/users/find", body, basic());
  }

  private Response manage(String method, String userId, String action, String[] credentials) {
    return server.http.send(method, "/api/users/" + userId + action, null, credentials);
  }

  private Response introspect(String token, String[] credentials) {
    return server.http.introspect(token, credentials);
  }

  private Response form(String path, String body, String[] credentials) {
    String[] headers =
        Stream.concat(Stream.of(credentials), Stream.of("Content-Type", FORM))
            .toArray(String[]::new);
    return server.http.send("POST", path, body, headers);
  }

  private static JsonArray users(Response response) {
    assertEquals(200, response.status(), response.toString());
    return response.json().getAsJsonArray("users");
  }

  private static String withoutRequestId(Response response) {
    return response.text().replaceAll("\"requestId\":\"[0-9a-f]+\"", "");
  }
}
