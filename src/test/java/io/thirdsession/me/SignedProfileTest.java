package io.thirdsession.me;

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
import io.thirdsession.testing.TestHttp.Response;
import io.thirdsession.testing.TestKeys;
import java.time.Duration;
import java.util.Locale;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignedProfileTest extends AppTestBase {
  private static final Duration GRACE = Duration.ofMinutes(10);
  private static final String REAL =
      "{\"nickName\":\"老王😀\",\"gender\":1,\"language\":\"zh_CN\",\"city\":\"广州\","
          + "\"province\":\"广东\",\"country\":\"中国\",\"avatarUrl\":\"https://thirdwx.qlogo.cn/a/132\"}";

  private String token;

  @BeforeEach
  void logIn() {
    token = server.login("alice").token();
  }

  @Test
  void takesAProfileThatWeChatHasSigned() {
    ProfileEvent event = server.weChat.profile(APP, AppServer.openId("alice"), json(REAL));

    Response response = send(token, event);

    assertEquals(200, response.status(), response.toString());
    assertEquals("老王😀", response.field("nickName"));
    assertEquals("https://thirdwx.qlogo.cn/a/132", response.field("avatarUrl"));
    assertEquals("1", response.field("gender"));
    assertEquals("广东", response.field("province"));
    assertEquals("广州", response.field("city"));
    assertEquals("中国", response.field("country"));
    assertEquals("zh_CN", response.field("language"));
    assertTrue(response.json().get("maskedPhone").isJsonNull());
    assertEquals(response.json(), get(token).json());
  }

  @Test
  void takesTheResultOfGetUserProfileAsItIs() {
    ProfileEvent event = server.weChat.profile(APP, AppServer.openId("alice"), json(REAL));
    JsonObject result = wholeResult(event);

    Response response = post(server, token, result.toString());

    assertEquals(200, response.status(), response.toString());
    assertEquals("老王😀", response.field("nickName"));
  }

  @Test
  void onlyWhatIsSignedCountsOfTheResult() {
    ProfileEvent event = server.weChat.profile(APP, AppServer.openId("alice"), json(REAL));
    JsonObject result = wholeResult(event);
    result.getAsJsonObject("userInfo").addProperty("nickName", "forged");

    assertEquals("老王😀", post(server, token, result.toString()).field("nickName"));

    result.remove("rawData");
    Response unsigned = post(server, token, result.toString());
    assertEquals(400, unsigned.status());
    assertEquals("rawData", unsigned.field("field"));
  }

  @Test
  void aFieldThatIsNotOfTheResultIsRefused() {
    ProfileEvent event = server.weChat.profile(APP, AppServer.openId("alice"), json(REAL));
    JsonObject result = wholeResult(event);
    result.addProperty("userinfo", "x");

    Response response = post(server, token, result.toString());

    assertEquals(400, response.status());
    assertEquals("userinfo", response.field("field"));
  }

  @Test
  void takesWeChatsOwnExample() {
    server.weChat.faults(
        Fault.raw("{\"openid\":\"oexample\",\"session_key\":\"HyVFkGl5F5OQWJZZaNzBBg==\"}"));
    String example = server.login("example").token();
    String rawData =
        "{\"nickName\":\"Band\",\"gender\":1,\"language\":\"zh_CN\",\"city\":\"Guangzhou\","
            + "\"province\":\"Guangdong\",\"country\":\"CN\",\"avatarUrl\":\"http://wx.qlogo.cn/mmopen/"
            + "vi_32/1vZvI39NWFQ9XM4LtQpFrQJ1xlgZxx3w7bQxKARol6503Iuswjjn6nIGBiaycAjAtpujxyzYsrztuuICqI"
            + "M5ibXQ/0\"}";

    Response response = send(example, rawData, "75e81ceda165f4ffa64f4068af58c64b8f54b88c");

    assertEquals(200, response.status(), response.toString());
    assertEquals("Band", response.field("nickName"));
    assertTrue(response.field("avatarUrl").startsWith("https://wx.qlogo.cn/"));
  }

  @Test
  void theSignatureIsOverTheBytesAsTheyAre() {
    for (String rawData :
        new String[] {
          "{ \"nickName\" : \"a\" }",
          "{\"gender\":1,\"nickName\":\"a\"}",
          "{\"nickName\":\"\\u0061\"}",
          "{\"nickName\":\"a\",\"x\":\"\\/\"}",
          "\n{\"nickName\":\"a\"}\n",
        }) {
      Response response = send(token, rawData, signature(rawData));
      assertEquals(200, response.status(), response.toString());
      assertEquals("a", response.field("nickName"));

      assertInvalid(send(token, json(rawData).toString() + " ", signature(rawData)));
    }
  }

  @Test
  void anotherOrderOfTheKeysIsAnotherText() {
    String signed = "{\"nickName\":\"a\",\"gender\":1}";

    assertInvalid(send(token, "{\"gender\":1,\"nickName\":\"a\"}", signature(signed)));
  }

  @Test
  void refusesASignatureInAnyOtherForm() {
    String good = signature(REAL);

    assertInvalid(send(token, REAL, good.toUpperCase(Locale.ROOT)));
    assertInvalid(send(token, REAL, good.substring(1)));
    assertInvalid(send(token, REAL, "0".repeat(40)));
    assertInvalid(send(token, REAL, "x"));
    assertInvalid(send(token, REAL, "é".repeat(40)));
    assertInvalid(send(token, REAL + " ", good));
    assertEquals("", get(token).field("nickName"));
  }

  @Test
  void refusesTheProfileOfAnotherUser() {
    String bob = server.login("bob").token();
    ProfileEvent alices = server.weChat.profile(APP, AppServer.openId("alice"), json(REAL));

    assertInvalid(send(bob, alices));

    assertEquals(200, send(token, alices).status());
    assertEquals("", get(bob).field("nickName"));
  }

  @Test
  void eachSessionIsCheckedAgainstItsOwnIdentity() throws Exception {
    try (AppServer linking = AppServer.start(database, "UNIONID_LINK", "true")) {
      String here = login(linking, APP, "ohere");
      String there = login(linking, OTHER_APP, "othere");
      ProfileEvent event = linking.weChat.profile(OTHER_APP, "othere", json(REAL));

      assertInvalid(send(linking, here, event.rawData(), event.signature()));
      assertEquals(200, send(linking, there, event.rawData(), event.signature()).status());
      assertEquals("老王😀", linking.http.get("/api/me", bearer(here)).field("nickName"));
    }
  }

  @Test
  void theKeyBeforeTheLatestLoginCountsForTenMinutes() {
    ProfileEvent before = server.weChat.profile(APP, AppServer.openId("alice"), json(REAL));
    server.weChat.rotateKeyAtNextLogin(APP, AppServer.openId("alice"));
    server.login("alice");

    server.clock.advance(GRACE.minusMillis(1));
    assertEquals(200, send(token, before).status());

    server.clock.advance(Duration.ofMillis(1));
    assertInvalid(send(token, before));
    ProfileEvent now = server.weChat.profile(APP, AppServer.openId("alice"), json(REAL));
    assertEquals(200, send(token, now).status(), "the current key counts on");
  }

  @Test
  void theKeyBeforeThePreviousOneCountsNoMore() {
    ProfileEvent oldest = server.weChat.profile(APP, AppServer.openId("alice"), json(REAL));
    for (int i = 0; i < 2; i++) {
      server.weChat.rotateKeyAtNextLogin(APP, AppServer.openId("alice"));
      server.login("alice");
    }

    assertInvalid(send(token, oldest));
  }

  @Test
  void aSessionKeyThatDoesNotOpenIsCuredByTheNextLogin() {
    database.execute("UPDATE identity SET key_sealed = X'0161'");
    ProfileEvent event = server.weChat.profile(APP, AppServer.openId("alice"), json(REAL));
    assertInvalid(send(token, event));

    server.login("alice");

    assertEquals(200, send(token, event).status());
  }

  @Test
  void theKeysOpenAfterTheMasterKeyWasReplaced() throws Exception {
    ProfileEvent event = server.weChat.profile(APP, AppServer.openId("alice"), json(REAL));
    try (AppServer other = AppServer.start(database, "MASTER_KEYS", TestKeys.setting("k2", "k1"))) {
      assertEquals(200, send(other, token, event.rawData(), event.signature()).status());
    }
  }

  @Test
  void readsPastFieldsThatItDoesNotKnow() {
    String rawData =
        "{\"nickName\":\"a\",\"userId\":\"x\",\"openId\":\"o1\",\"phoneNumber\":\"1\",\"title\":\"t\","
            + "\"nested\":{\"city\":\"x\"},\"createdAt\":0}";

    Response response = send(token, rawData, signature(rawData));

    assertEquals(200, response.status(), response.toString());
    assertEquals("a", response.field("nickName"));
    assertEquals("", response.field("title"), "WeChat gives none");
    assertEquals(userIdOf(token), response.field("userId"));
  }

  @Test
  void keepsStoredValuesWhereTheSignedOnesCannotBeTaken() {
    send(token, REAL, signature(REAL));
    Response before = get(token);
    String beyond =
        "{\"nickName\":\""
            + "😀".repeat(65)
            + "\",\"gender\":3,\"city\":null,\"province\":\"\",\"country\":[\"x\"],\"language\":\" \","
            + "\"avatarUrl\":\"wxfile://tmp_1\"}";

    assertEquals(before.json(), send(token, beyond, signature(beyond)).json());
    assertEquals(
        before.json(),
        send(token, server.weChat.profile(APP, AppServer.openId("alice"))).json(),
        "what WeChat gives today");
    String anonymous = "{\"nickName\":\"老李\",\"is_demote\":true}";
    assertEquals(before.json(), send(token, anonymous, signature(anonymous)).json());
  }

  @Test
  void takes4096BytesAndRefusesOneMore() {
    String longest = rawData(4_096);

    assertEquals(200, send(token, longest, signature(longest)).status());
    Response tooLong = send(token, rawData(4_097), signature(rawData(4_097)));
    assertRefused(tooLong, "rawData");
  }

  @Test
  void takesASignatureOf40CharactersAndRefuses41() {
    assertInvalid(send(token, REAL, "a".repeat(40)));
    assertRefused(send(token, REAL, "a".repeat(41)), "signature");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"signature\":\"a\"}",
        "{\"rawData\":\"\",\"signature\":\"a\"}",
        "{\"rawData\":null,\"signature\":\"a\"}",
        "{\"rawData\":{\"nickName\":\"a\"},\"signature\":\"a\"}",
      })
  void refusesARequestWithoutRawData(String body) {
    assertRefused(post(server, token, body), "rawData");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"rawData\":\"{}\"}",
        "{\"rawData\":\"{}\",\"signature\":\"\"}",
        "{\"rawData\":\"{}\",\"signature\":null}",
        "{\"rawData\":\"{}\",\"signature\":7}",
      })
  void refusesARequestWithoutSignature(String body) {
    assertRefused(post(server, token, body), "signature");
  }

  @Test
  void refusesOtherFields() {
    assertRefused(
        post(server, token, "{\"rawData\":\"{}\",\"signature\":\"a\",\"userId\":\"x\"}"), "userId");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "[]", "{\"nickName\":\"a\",\"nickName\":\"b\"}", "{} {}", "{a:1}"})
  void refusesASignedTextThatIsNoStrictObject(String rawData) {
    assertRefused(send(token, rawData, signature(rawData)), "rawData");
  }

  private String signature(String rawData) {
    return DigestUtils.sha1Hex(rawData + server.weChat.sessionKey(APP, AppServer.openId("alice")));
  }

  /** Returns an object of so many bytes, most of them in characters of three. */
  private static String rawData(int bytes) {
    String start = "{\"nickName\":\"a\",\"x\":\"";
    int left = bytes - start.length() - 2;
    return start + "王".repeat(left / 3) + "a".repeat(left % 3) + "\"}";
  }

  private static JsonObject wholeResult(ProfileEvent event) {
    JsonObject result = new JsonObject();
    result.addProperty("errMsg", "getUserProfile:ok");
    result.addProperty("rawData", event.rawData());
    result.add("userInfo", event.userInfo());
    result.addProperty("signature", event.signature());
    result.addProperty("encryptedData", event.encryptedData());
    result.addProperty("iv", event.iv());
    result.addProperty("cloudID", "53_abc");
    return result;
  }

  private Response send(String bearer, ProfileEvent event) {
    return send(bearer, event.rawData(), event.signature());
  }

  private Response send(String bearer, String rawData, String signature) {
    return send(server, bearer, rawData, signature);
  }

  private static Response send(AppServer to, String bearer, String rawData, String signature) {
    JsonObject body = new JsonObject();
    body.addProperty("rawData", rawData);
    body.addProperty("signature", signature);
    return post(to, bearer, body.toString());
  }

  private static Response post(AppServer to, String bearer, String body) {
    return to.http.post("/api/me/profile", body, bearer(bearer));
  }

  private Response get(String bearer) {
    return server.http.get("/api/me", bearer(bearer));
  }

  private String userIdOf(String bearer) {
    return server.http.check(bearer).field("userId");
  }

  private static String login(AppServer at, String appId, String openId) {
    String code = at.weChat.loginCode(appId, openId, "oneunionid");
    return at.http
        .post("/api/login", "{\"code\":\"" + code + "\",\"appId\":\"" + appId + "\"}")
        .token();
  }

  private static JsonObject json(String text) {
    return JsonParser.parseString(text).getAsJsonObject();
  }

  private static void assertRefused(Response response, String field) {
    assertEquals(400, response.status(), response.toString());
    assertEquals("invalid_request", response.field("error"));
    assertEquals(field, response.field("field"));
  }

  private static void assertInvalid(Response response) {
    assertEquals(409, response.status(), response.toString());
    assertEquals("signature_invalid", response.field("error"));
    assertTrue(response.json().get("relogin").getAsBoolean());
    assertFalse(response.json().get("retryable").getAsBoolean());
  }
}
