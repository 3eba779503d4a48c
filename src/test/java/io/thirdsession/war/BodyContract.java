package io.thirdsession.war;

import static io.thirdsession.testing.ApiAssertions.assertError;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thirdsession.testing.TestHttp.Response;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies and media types. */
abstract class BodyContract extends HttpContract {
  BodyContract(DeployedWar war) {
    super(war);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"code\":\"x\",\"appId\":\"wxunknown\"} | appId",
        "{\"code\":\"x\",\"appId\":7} | appId",
        "{\"code\":\"x\",\"appId\":\"\"} | appId",
        "{\"code\":\"x\",\"openid\":\"o1\"} | openid",
        "{\"code\":\"x\",\"userId\":\"1\"} | userId",
        "{\"code\":\"x\",\"<script>\":1} | ?",
      })
  void namesTheFieldThatIsWrong(String body, String field) {
    Response response = http.post("/api/login", body);

    assertError(response, 400, "invalid_request", false, false);
    assertEquals(field, response.field("field"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"phone\"", "{\"a\":{}}", "{\"a\":null}", "{\"a b\":1}", "\"\\ud83d\""})
  void refusesNoLoginForItsDevice(String device) {
    Response response =
        http.post(
            "/api/login", "{\"code\":\"" + weChat.loginCode() + "\",\"device\":" + device + "}");

    assertEquals(200, response.status(), response.toString());
  }

  @Test
  void keepsDeviceValuesOfControlCharactersAndQuotes() {
    for (String value : List.of("\\u0001", "\\u2028", "\\\"", "\\\\", "😀")) {
      StringBuilder device = new StringBuilder();
      for (int i = 0; i < 32; i++) {
        device.append(i == 0 ? "" : ",");
        device.append("\"").append("n".repeat(30)).append(10 + i).append("\":\"");
        device.append(value.repeat(64)).append('"');
      }
      Response response =
          http.post(
              "/api/login",
              "{\"code\":\"" + weChat.loginCode() + "\",\"device\":{" + device + "}}");

      assertEquals(200, response.status(), response.toString());
    }
  }

  @Test
  void ignoresFieldsThatWxItselfAdds() {
    Response response =
        http.post(
            "/api/login",
            "{\"errMsg\":\"login:ok\",\"errno\":0,\"cloudID\":\"c\",\"is_demote\":true,\"code\":\""
                + weChat.loginCode()
                + "\"}");

    assertEquals(200, response.status(), response.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "\"code\"",
        "{",
        "{\"code\":\"x\"",
        "{\"code\":\"x\",\"code\":\"x\"}",
        "{\"code\":\"x\"}{}",
        "{\"code\":\"x\"} x",
        "{code:\"x\"}",
        "{'code':'x'}",
        "\uFEFF{\"code\":\"x\"}",
      })
  void refusesABodyThatIsNotOneStrictJsonObject(String body) {
    assertError(http.post("/api/login", body), 400, "invalid_request", false, false);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/jsonp",
        "text/json",
        "application/json;charset=gbk",
      })
  void refusesOtherMediaTypes(String type) {
    Response response = http.send("POST", "/api/login", "{\"code\":\"x\"}", "Content-Type", type);

    assertError(response, 415, "unsupported_media_type", false, false);
  }

  @Test
  void refusesABodyWithoutMediaType() {
    Response response = http.send("POST", "/api/login", "{\"code\":\"x\"}");

    assertError(response, 415, "unsupported_media_type", false, false);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "application/json; charset=UTF-8",
        "Application/JSON;charset=\"utf-8\"",
      })
  void takesJsonHoweverItsTypeIsWritten(String type) {
    Response response = http.send("POST", "/api/login", "{\"code\":\"x\"}", "Content-Type", type);

    assertEquals("code_invalid", response.field("error"));
  }

  @Test
  void takes65536BytesAndRefusesOneMore() {
    String longest = "{\"code\":\"x\"}" + " ".repeat(65_536 - 12);

    assertEquals("code_invalid", http.post("/api/login", longest).field("error"));
    assertError(http.post("/api/login", longest + " "), 413, "payload_too_large", false, false);
  }
}
