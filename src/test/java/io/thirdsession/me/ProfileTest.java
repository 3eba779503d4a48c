package io.thirdsession.me;

import static io.thirdsession.testing.TestHttp.bearer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.thirdsession.testing.AppServer;
import io.thirdsession.testing.SharedAppTestBase;
import io.thirdsession.testing.TestHttp.Response;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProfileTest extends SharedAppTestBase {
  private static final List<String> TEXTS =
      List.of("nickName", "province", "city", "country", "language", "title");
  private static final String GRAY =
      "https://thirdwx.qlogo.cn/mmopen/vi_32/POgEwh4mIHO4nibH0KlMECNjjGxQUq24ZEaGT4poC6icRiccVGKSyXwibcPq4BWmiaIGuG1icwxaQX6grC9VemZoJ8rg/132";
  private static final String FULL =
      "{\"nickName\":\"老王😀\",\"avatarUrl\":\"https://example.com/a.png\",\"gender\":1,"
          + "\"province\":\"广东\",\"city\":\"广州\",\"country\":\"CN\",\"language\":\"zh_CN\","
          + "\"title\":\"懒\"}";

  private String token;
  private int users;

  /** Everybody begins with a full profile. */
  @BeforeEach
  void logIn() {
    token = server.login("user" + ++users).token();
    put(FULL);
  }

  @Test
  void showsTheUserAsTheLoginDid() {
    Response login = server.login("newcomer");

    Response me = me("GET", login.token(), null);

    assertEquals(200, me.status(), me.toString());
    assertEquals(login.json().get("user"), me.json());
  }

  @Test
  void answersTheWholeUserAfterAChange() {
    Response changed = put("{\"nickName\":\"小李\"}");

    assertEquals(200, changed.status(), changed.toString());
    assertEquals("小李", changed.field("nickName"));
    assertEquals("广州", changed.field("city"));
    assertEquals(changed.json(), get().json());
  }

  @Test
  void keepsEveryFieldToTheByte() {
    JsonObject me = get().json();

    assertEquals("老王😀", me.get("nickName").getAsString());
    assertEquals("https://example.com/a.png", me.get("avatarUrl").getAsString());
    assertEquals(1, me.get("gender").getAsInt());
    assertEquals("广东", me.get("province").getAsString());
    assertEquals("广州", me.get("city").getAsString());
    assertEquals("CN", me.get("country").getAsString());
    assertEquals("zh_CN", me.get("language").getAsString());
    assertEquals("懒", me.get("title").getAsString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "𠮷👨‍👩‍👧‍👦🇨🇳",
        " a ",
        "'; DROP TABLE user; -- ",
        "<b>\\u0000</b>",
        "\\u0000\\t\\n\\r%_?{}"
      })
  void keepsOddTextsToTheByte(String json) {
    String sent = JsonParser.parseString("\"" + json + "\"").getAsString();

    assertEquals(sent, put("{\"nickName\":\"" + json + "\"}").field("nickName"));
    assertEquals(sent, get().field("nickName"));
  }

  @Test
  void changesNothingWhenNothingIsSent() {
    Response before = get();

    assertEquals(before.json(), put("{}").json());
  }

  @Test
  void postDoesTheSame() {
    Response posted = me("POST", token, "{\"title\":\"勤\"}");

    assertEquals(200, posted.status(), posted.toString());
    assertEquals("勤", posted.field("title"));
    assertEquals("老王😀", posted.field("nickName"));
  }

  @Test
  void anEmptyTextAndGenderZeroClear() {
    Response cleared =
        put(
            "{\"nickName\":\"\",\"avatarUrl\":\"\",\"gender\":0,\"province\":\"\",\"city\":\"\","
                + "\"country\":\"\",\"language\":\"\",\"title\":\"\"}");

    for (String name : TEXTS) {
      assertEquals("", cleared.field(name), name);
    }
    assertEquals("", cleared.field("avatarUrl"));
    assertEquals("0", cleared.field("gender"));
  }

  @Test
  void takes64CodePointsOfEachTextAndRefuses65() {
    for (String name : TEXTS) {
      String longest = "😀".repeat(64);
      assertEquals(longest, put("{\"" + name + "\":\"" + longest + "\"}").field(name));

      assertRefused(put("{\"" + name + "\":\"" + longest + "a\"}"), name);
      assertEquals(longest, get().field(name));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " ",
        "　",
        "\u200B",
        "\u200D\uFE0F",
        "\u3164",
        "\u2800",
        "\u0301",
        "\u202E",
        "\t\n"
      })
  void refusesATextThatShowsNothing(String text) {
    for (String name : TEXTS) {
      JsonObject body = new JsonObject();
      body.addProperty(name, text);
      String before = get().field(name);

      assertRefused(put(body.toString()), name);

      assertEquals(before, get().field(name));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "é", "👨‍👩‍👧", "\u0915\u094D\u200D", "\u200F\u05D0"})
  void takesATextThatShowsAnything(String text) {
    JsonObject body = new JsonObject();
    body.addProperty("nickName", text);

    assertEquals(text, put(body.toString()).field("nickName"));
  }

  @Test
  void refusesHalfACodePointWhichCouldNotBeKeptToTheByte() {
    assertEquals("invalid_request", put("{\"title\":\"\\ud83d\"}").field("error"));
    assertEquals("懒", get().field("title"));
  }

  @Test
  void takesAPictureOf512CharactersAndRefuses513() {
    String longest = "https://example.com/" + "a".repeat(492);

    assertEquals(longest, putAvatar(longest).field("avatarUrl"));
    assertRefused(putAvatar(longest + "a"), "avatarUrl");
  }

  @Test
  void makesWeChatsOwnPicturesHttps() {
    assertEquals(
        "https://thirdwx.qlogo.cn/a/132",
        putAvatar("http://thirdwx.qlogo.cn/a/132").field("avatarUrl"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "wxfile://tmp_1.jpg",
        "wxfile://usr/a.png",
        "http://tmp/a.jpg",
        "http://tmp_a.jpg",
        "http://usr/a.jpg",
        "http://127.0.0.1:49152/__tmp__/a.jpeg",
        "blob:https://servicewechat.com/1",
        "http://example.com/a.png",
        "http://qlogo.cn.example.com/a",
        "javascript:alert(1)",
        "data:image/png;base64,AAAA",
        "//example.com/a.png",
        "https://",
        "https://a b",
        "https://例子.中国/a",
        "https://example.com/a.png\"onerror=alert(1)",
        "https://example.com/<script>",
        "https://example.com/'",
        "https://example.com/\\a",
        "a",
      })
  void refusesPicturesThatOthersCannotLoad(String url) {
    assertRefused(putAvatar(url), "avatarUrl");
    assertEquals("https://example.com/a.png", get().field("avatarUrl"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1", "2", "1.0"})
  void takesAGenderFromZeroToTwo(String gender) {
    assertEquals(
        (int) Double.parseDouble(gender),
        put("{\"gender\":" + gender + "}").json().get("gender").getAsInt());
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "3", "1.5", "1e99", "\"1\"", "\"\"", "null", "true", "[1]", "{}"})
  void refusesEveryOtherGender(String gender) {
    assertRefused(put("{\"gender\":" + gender + "}"), "gender");
    assertEquals("1", get().field("gender"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "7", "true", "[\"a\"]", "{\"a\":\"b\"}"})
  void refusesATextThatIsNone(String value) {
    for (String name : TEXTS) {
      assertRefused(put("{\"" + name + "\":" + value + "}"), name);
    }
    assertRefused(put("{\"avatarUrl\":" + value + "}"), "avatarUrl");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "userId",
        "id",
        "openid",
        "openId",
        "unionid",
        "unionId",
        "phone",
        "phoneNumber",
        "maskedPhone",
        "createdAt",
        "lastLoginAt",
        "disabledAt",
        "disabled_at",
        "nick_name",
        "nickname",
        "sid",
        "appId",
        "role",
      })
  void refusesFieldsThatAreNotTheUsersToSetAndChangesNothing(String name) {
    Response before = get();
    List<String> row = row();

    Response response = put("{\"nickName\":\"小李\",\"" + name + "\":\"x\"}");

    assertRefused(response, name);
    assertEquals(before.json(), get().json());
    assertEquals(row, row());
  }

  @Test
  void oneWrongFieldLeavesTheOthersUnchanged() {
    assertRefused(put("{\"nickName\":\"小李\",\"gender\":9}"), "gender");

    assertEquals("老王😀", get().field("nickName"));
  }

  @Test
  void readsPastWhatWxItselfAdds() {
    Response response =
        put(
            "{\"nickName\":\"小李\",\"errMsg\":\"getUserProfile:ok\",\"errno\":0,\"cloudID\":\"c\","
                + "\"is_demote\":false}");

    assertEquals("小李", response.field("nickName"));
  }

  @Test
  void takesNothingOfAProfileThatSaysItIsAnonymous() {
    Response before = get();

    Response response =
        put(
            "{\"nickName\":\"小李\",\"gender\":0,\"language\":\"\",\"city\":\"\",\"title\":\"x\","
                + "\"avatarUrl\":\""
                + GRAY
                + "\",\"is_demote\":true}");

    assertEquals(200, response.status(), response.toString());
    assertEquals(before.json(), response.json());
  }

  @Test
  void stillRefusesWhatIsWrongInAProfileThatSaysItIsAnonymous() {
    assertRefused(put("{\"gender\":9,\"is_demote\":true}"), "gender");
    assertRefused(put("{\"openId\":\"o1\",\"is_demote\":true}"), "openId");
  }

  @Test
  void ignoresTheAnonymousNameAndTakesTheRest() {
    Response response = put("{\"nickName\":\"微信用户\",\"city\":\"深圳\"}");

    assertEquals("老王😀", response.field("nickName"));
    assertEquals("深圳", response.field("city"));
  }

  @Test
  void ignoresTheGrayPictureAndTakesTheRest() {
    for (String gray : List.of(GRAY, GRAY.replace("https:", "http:"))) {
      Response response = put("{\"avatarUrl\":\"" + gray + "\",\"nickName\":\"小李\"}");

      assertEquals("https://example.com/a.png", response.field("avatarUrl"));
      assertEquals("小李", response.field("nickName"));
    }
  }

  @Test
  void theEmptyFieldsOfAnAnonymousProfileClearNothing() {
    Response before = get();

    Response response =
        put(
            "{\"nickName\":\"微信用户\",\"avatarUrl\":\""
                + GRAY
                + "\",\"gender\":0,\"province\":\"\",\"city\":\"\",\"country\":\"\","
                + "\"language\":\"\"}");

    assertEquals(before.json(), response.json());
  }

  @Test
  void theTitleIsClearedAlsoBesideAnAnonymousName() {
    assertEquals("", put("{\"nickName\":\"微信用户\",\"title\":\"\"}").field("title"));
  }

  @Test
  void nobodyChangesAnotherUser() {
    String otherName = "user" + ++users;
    Response other = server.login(otherName);
    String otherId = other.userId();
    String path = "/api/me?userId=" + otherId + "&openid=" + AppServer.openId(otherName);

    Response response =
        server.http.send(
            "PUT",
            path,
            "{\"nickName\":\"mine\"}",
            bearer(
                token,
                "Content-Type",
                "application/json",
                "X-User-Id",
                otherId,
                "X-WX-OPENID",
                AppServer.openId(otherName),
                "X-WX-Id",
                otherId,
                "Cookie",
                "userId=" + otherId));

    assertEquals(200, response.status(), response.toString());
    assertEquals("mine", get().field("nickName"));
    assertEquals("", me("GET", other.token(), null).field("nickName"));
    assertRefused(put("{\"userId\":\"" + otherId + "\",\"nickName\":\"x\"}"), "userId");
    assertEquals("", me("GET", other.token(), null).field("nickName"));
  }

  @ParameterizedTest
  @CsvSource({"GET, /api/me", "PUT, /api/me", "POST, /api/me", "POST, /api/me/profile"})
  void wantsASession(String method, String path) {
    String body = method.equals("GET") ? null : "{\"nickName\":\"x\"}";
    for (String authorization : List.of("Bearer x", "Bearer", "Basic YTpi")) {
      Response response =
          server.http.send(
              method,
              path + "?third_Session=" + token + "&token=" + token,
              body,
              "Content-Type",
              "application/json",
              "Authorization",
              authorization);

      assertEquals(401, response.status(), response.toString());
      assertEquals("session_invalid", response.field("error"));
    }
  }

  @Test
  void aUserWhoIsErasedOrDisabledHasNoSession() {
    database.execute("UPDATE user SET disabled_at = 1 WHERE nick_name = '老王😀'");
    assertEquals(401, put("{\"nickName\":\"x\"}").status());

    database.execute("DELETE FROM user WHERE disabled_at = 1");
    assertEquals(401, put("{\"nickName\":\"x\"}").status());
    assertEquals(401, get().status());
  }

  @Test
  void theNextLoginShowsTheProfileAndKeepsIt() {
    String name = "user" + users;

    JsonObject user = server.login(name).json().getAsJsonObject("user");

    assertEquals("老王😀", user.get("nickName").getAsString());
    assertEquals("懒", user.get("title").getAsString());
    assertEquals("广州", get().field("city"));
  }

  @Test
  void aChangeIsSeenOnEveryNode() throws Exception {
    try (AppServer other = AppServer.start(database)) {
      put("{\"title\":\"勤\"}");

      Response there = other.http.get("/api/me", bearer(token));
      assertEquals("勤", there.field("title"));
    }
  }

  @Test
  void aKilledConnectionCostsNoChange() {
    for (int i = 0; i < 5; i++) {
      database.killConnections();
      assertEquals("title" + i, put("{\"title\":\"title" + i + "\"}").field("title"));
    }
  }

  @Test
  void wantsJson() {
    Response form =
        server.http.send(
            "PUT",
            "/api/me",
            "nickName=x",
            bearer(token, "Content-Type", "application/x-www-form-urlencoded"));

    assertEquals(415, form.status(), form.toString());
    assertEquals("invalid_request", put("[]").field("error"));
    assertEquals("invalid_request", put("").field("error"));
  }

  private Response get() {
    return me("GET", token, null);
  }

  private Response put(String json) {
    return me("PUT", token, json);
  }

  private Response putAvatar(String url) {
    JsonObject body = new JsonObject();
    body.addProperty("avatarUrl", url);
    return put(body.toString());
  }

  private Response me(String method, String bearer, String json) {
    return server.http.send(
        method, "/api/me", json, bearer(bearer, "Content-Type", "application/json"));
  }

  private List<String> row() {
    return database.column(
        "SELECT CONCAT_WS('|', HEX(id), created_at, last_login_at, disabled_at, nick_name) FROM"
            + " user ORDER BY id");
  }

  private static void assertRefused(Response response, String field) {
    assertEquals(400, response.status(), response.toString());
    assertEquals("invalid_request", response.field("error"));
    assertEquals(field, response.field("field"));
    assertFalse(response.json().get("relogin").getAsBoolean());
  }
}
