package io.thirdsession.http;

import static io.thirdsession.testing.TestHttp.bearer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.thirdsession.testing.LogCapture;
import io.thirdsession.testing.SharedAppTestBase;
import io.thirdsession.testing.TestHttp.Response;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages say what is wrong: the field, the limit, and what to do about it. */
class MessagesTest extends SharedAppTestBase {
  private static final String[] ENGLISH = {"Accept-Language", "en"};

  private String token;

  @BeforeEach
  void logIn() {
    token = server.login("alice").token();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | 请求参数有误：code | Invalid request: code",
        "{\"code\":7} | 请求参数有误：code | Invalid request: code",
        "{\"code\":\"x\",\"codee\":1} | 请求参数有误：codee | Invalid request: codee",
        "{\"code\":\"x\",\"<b>\":1} | 请求参数有误 | Invalid request",
        "{\"code\":\"x\" | 请求内容必须是一个严格的 JSON 对象 | The body must be one strict JSON object",
      })
  void namesTheFieldThatIsWrong(String body, String chinese, String english) {
    assertEquals(chinese, server.http.post("/api/login", body).field("message"));
    assertEquals(english, server.http.post("/api/login", body, ENGLISH).field("message"));
  }

  @Test
  void namesTheLimitOfABody() {
    String body = " ".repeat(65_537);

    assertEquals("请求内容不能超过 65,536 字节", server.http.post("/api/login", body).field("message"));
    assertEquals(
        "The body must have at most 65,536 bytes",
        server.http.post("/api/login", body, ENGLISH).field("message"));
  }

  @Test
  void namesTheTypeOfABody() {
    Response response = server.http.send("POST", "/api/login", "x", "Content-Type", "text/plain");

    assertEquals("Content-Type 必须是 application/json（UTF-8）", response.field("message"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nickName | LONG | 昵称最多 64 个字符，请缩短 | nickName must have at most 64 characters",
        "city | LONG | 城市最多 64 个字符，请缩短 | city must have at most 64 characters",
        "nickName | BLANK | 昵称不能只有空白字符 | nickName must have a visible character",
        "avatarUrl | wxfile://tmp_a.jpg | 头像还没有上传，请重新选择图片"
            + " | The picture is still on the phone: upload it first",
        "avatarUrl | http://a/b | 头像地址必须是 https 链接，最多 512 个字符"
            + " | avatarUrl must be an https URL of at most 512 characters",
        "gender | 1 | 请求参数有误：gender | Invalid request: gender",
      })
  void saysWhatAUserCanDoAboutAProfile(String field, String value, String chinese, String english) {
    String text = value.replace("LONG", "长".repeat(65)).replace("BLANK", " \u200b");
    String body = json(field, text).toString();

    assertEquals(chinese, server.http.post("/api/me", body, bearer(token)).field("message"));
    assertEquals(
        english, server.http.post("/api/me", body, bearer(token, ENGLISH)).field("message"));
  }

  @Test
  void aPhoneButtonThatGaveNothingSaysSo() {
    String body = "{\"errMsg\":\"getPhoneNumber:fail user deny\"}";

    Response response = server.http.post("/api/me/phone", body, bearer(token));

    assertEquals("没有获取到手机号，请重新点击并允许", response.field("message"));
    assertEquals("code", response.field("field"));
  }

  @Test
  void olderClientsReadTheSameMessages() {
    assertEquals("请求参数有误：code", server.http.get("/onLogin.html").field("message"));
    assertEquals(
        "请求参数有误：code", server.http.get("/getOpenid.html?code=&nick=&avaurl=&sex=").field("errmsg"));
    assertEquals("请求参数有误：X-WX-Code", server.http.get("/weapp/login").field("message"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"%s", "Token %s", "Bearer%s", "Bearer:%s", "\"Bearer %s\"", "JWT %s"})
  void aTokenWithoutBearerIsToldThatItLacksIt(String header) {
    try (LogCapture log = LogCapture.of("io.thirdsession")) {
      Response response = server.http.get("/api/session", "Authorization", header.formatted(token));

      assertEquals(401, response.status());
      assertEquals("session_invalid", response.field("error"));
      assertEquals("Bearer", response.header("WWW-Authenticate"));
      assertEquals("Authorization 的格式必须是“Bearer 加空格加 token”", response.field("message"));
      assertEquals(
          1, log.linesWith("the token in Authorization must follow Bearer and a blank").size());
      assertFalse((response.text() + log.lines()).contains(token.substring(4)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer 3rd_x", "Basic YTpi", "x", "Bearer"})
  void everyOtherHeaderIsNoSession(String header) {
    Response response = server.http.get("/api/session", "Authorization", header);

    assertEquals(401, response.status());
    assertEquals("登录状态已失效，请重新登录", response.field("message"));
  }
}
