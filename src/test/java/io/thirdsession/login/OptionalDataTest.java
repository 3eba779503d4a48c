package io.thirdsession.login;

import static io.thirdsession.testing.ApiAssertions.assertError;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.thirdsession.testing.LogCapture;
import io.thirdsession.testing.SharedAppTestBase;
import io.thirdsession.testing.TestHttp.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Optional data never refuses a login: what does not fit is left out, and the log counts it. */
class OptionalDataTest extends SharedAppTestBase {
  private static final String FORM = "application/x-www-form-urlencoded";

  private LogCapture log;

  @BeforeEach
  void capture() {
    log = LogCapture.of("io.thirdsession");
  }

  @AfterEach
  void release() {
    log.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"phone\"", "7", "true", "null", "[]", "[{\"model\":\"x\"}]"})
  void aDeviceThatIsNoObjectIsLeftOut(String device) {
    Response login = login("\"device\":" + device);

    assertEquals(200, login.status(), login.toString());
    assertEquals("{}", device(login));
    assertLeftOut(1, "device");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\":1,\"b\":{},\"c\":[],\"d\":null} | {\"a\":\"1\"} | 3",
        "{\"a b\":1,\"\":2,\"型号\":3,\"ok\":\"x\"} | {\"ok\":\"x\"} | 3",
        "{\"nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn\":1,\"n\":false} | {\"n\":\"false\"} | 1",
        "{\"safeArea\":{\"top\":47},\"model\":\"iPhone\"} | {\"model\":\"iPhone\"} | 1",
      })
  void whatDoesNotFitInADeviceIsLeftOutAndTheRestIsKept(String device, String kept, int count) {
    Response login = login("\"device\":" + device);

    assertEquals(200, login.status(), login.toString());
    assertEquals(kept, device(login));
    assertLeftOut(count, "device");
  }

  @Test
  void theFirst32EntriesOfADeviceAreKept() {
    JsonObject device = new JsonObject();
    for (int i = 0; i < 34; i++) {
      device.addProperty("k" + i, i);
    }

    Response login = login("\"device\":" + device);

    JsonObject kept = JsonParser.parseString(device(login)).getAsJsonObject();
    assertEquals(32, kept.size());
    assertEquals("31", kept.get("k31").getAsString());
    assertLeftOut(2, "device");
  }

  @Test
  void aDeviceThatFitsIsNotCounted() {
    Response login = login("\"device\":{\"model\":\"iPhone\"}");

    assertEquals("{\"model\":\"iPhone\"}", device(login));
    assertEquals(List.of(), log.linesWith("left out"));
  }

  @Test
  void halfACharacterIsLeftOutOfADevice() {
    Response login =
        login("\"device\":{\"model\":\"老王的 iPhone\\ud83d\",\"system\":\"\\ude00iOS\"}");

    assertEquals(200, login.status(), login.toString());
    assertEquals("{\"model\":\"老王的 iPhone\",\"system\":\"iOS\"}", device(login));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"\"", "\"a/b\"", "7", "null", "{}"})
  void aPhoneCodeThatCanBeNoneRefusesThePhoneAndNotTheLogin(String phoneCode) {
    Response login = login("\"phoneCode\":" + phoneCode);

    assertEquals(200, login.status(), login.toString());
    assertEquals("invalid_request", login.field("phoneError"));
    assertEquals(1, log.linesWith("phone not bound at login").size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"device\":7} | code",
        "{\"code\":7,\"device\":7} | code",
        "{\"code\":\"\\ud83d\"} | code",
        "{\"code\":\"x\",\"appId\":7} | appId",
        "{\"code\":\"x\",\"divice\":{}} | divice",
        "{\"code\":\"x\",\"nickName\":\"a\"} | nickName",
      })
  void whatIsRequiredOrUnknownIsStillRefused(String body, String field) {
    Response login = server.http.post("/api/login", body);

    assertError(login, 400, "invalid_request", false, false);
    assertEquals(field, login.field("field"));
  }

  @Test
  void whatWxGivesWithTheCodeIsReadPast() {
    Response login =
        login(
            "\"errMsg\":\"getUserProfile:ok\",\"userInfo\":{\"nickName\":\"微信用户\"},"
                + "\"rawData\":\"{}\",\"signature\":\"0\",\"encryptedData\":\"AA==\",\"iv\":7,"
                + "\"cloudID\":\"c\"");

    assertEquals(200, login.status(), login.toString());
    assertEquals(List.of(), log.linesWith("left out"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nick=100%", "nick=%E8%8", "nick=%zz"})
  void aNicknameThatIsNotPercentEncodedIsLeftOutOfTheQuery(String nick) throws IOException {
    String code = server.code("alice");

    JsonObject login = query("/getOpenid.html?code=" + code + "&" + nick + "&avaurl=&sex=1");

    assertTrue(login.has("openid"), login.toString());
    JsonObject me = me(login.get("third_Session").getAsString());
    assertEquals("", me.get("nickName").getAsString());
    assertEquals(1, me.get("gender").getAsInt());
    assertLeftOut(1, "nick");
  }

  @ParameterizedTest
  @ValueSource(strings = {"from=%zz", "%zz=1", "%", "x=1&from=100%"})
  void anUnknownParameterThatIsNotPercentEncodedIsLeftOut(String unknown) throws IOException {
    for (String page : List.of("/getOpenid", "/onLogin.html", "/thirdLogin")) {
      String parameters = "?" + unknown + "&code=" + server.code("alice") + "&nick=&avaurl=&sex=";

      JsonObject login = query(page + parameters);

      assertTrue(login.has("openid") || login.has("uid"), login.toString());
      assertEquals(
          1, log.linesWith("count=1 fields=[?] servlet=" + page).size(), log.lines().toString());
    }
  }

  @Test
  void whatIsNotPercentEncodedIsLeftOutOfAFormToo() {
    Response login =
        server.http.send(
            "POST",
            "/getOpenid.html",
            "nick=100%&avaurl=&sex=&x=%zz&code=" + server.code("alice"),
            "Content-Type",
            FORM);

    assertTrue(login.json().has("openid"), login.toString());
    assertLeftOut(2, "?, nick");
  }

  @Test
  void aCodeThatIsNotPercentEncodedIsRefused() throws IOException {
    JsonObject login = query("/getOpenid.html?code=%zz&nick=&avaurl=&sex=");

    assertEquals("invalid_request", login.get("error").getAsString());
    assertEquals("code", login.get("field").getAsString());
  }

  @Test
  void aProfileOfAnOldPageThatDoesNotFitIsLeftOutAndCounted() {
    JsonObject body = json("code", server.code("carol"), "avaurl", "wxfile://tmp_a.jpg");
    body.addProperty("nick", "长".repeat(65));
    body.addProperty("sex", 3);

    Response login = server.http.post("/getOpenid.html", body.toString());

    assertTrue(login.json().has("openid"), login.toString());
    assertEquals("", me(login.field("third_Session")).get("nickName").getAsString());
    assertLeftOut(3, "avaurl, nick, sex");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"a\":1}", "[]", "null"})
  void aProfileOfAnotherTypeIsLeftOut(String value) {
    String body =
        "{\"code\":\"%s\",\"nick\":%s,\"avaurl\":%s,\"sex\":%s}"
            .formatted(server.code("dave"), value, value, value);

    Response login = server.http.post("/getOpenid.html", body);

    assertTrue(login.json().has("openid"), login.toString());
    assertLeftOut(3, "avaurl, nick, sex");
  }

  @ParameterizedTest
  @CsvSource({"'', '', ''", "微信用户, '', 0", "老王, https://wx.qlogo.cn/a/0, 1"})
  void whatIsEmptyAnonymousOrTakenIsNotCounted(String nick, String avatar, String sex) {
    JsonObject body = json("code", server.code("erin"), "nick", nick, "avaurl", avatar, "sex", sex);

    assertTrue(server.http.post("/getOpenid", body.toString()).json().has("openid"));
    assertEquals(List.of(), log.linesWith("left out"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/getOpenid.html", "/onLogin.html", "/thirdLogin.html"})
  void halfACharacterRefusesNoOldLogin(String page) {
    String body =
        "{\"code\":\"%s\",\"nick\":\"老王\\ud83d\",\"avaurl\":\"\",\"sex\":0}"
            .formatted(server.code("frank"));

    JsonObject login = server.http.post(page, body).json();

    assertTrue(login.has("openid") || login.has("uid"), login.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/getOpenid.html", "/onLogin.html", "/thirdLogin.html"})
  void oldPagesReadPastWhatWxGivesWithTheCode(String page) {
    String body =
        ("{\"code\":\"%s\",\"nick\":\"\",\"avaurl\":\"\",\"sex\":0,\"errMsg\":\"getUserInfo:ok\","
                + "\"userInfo\":{\"nickName\":\"a\"},\"rawData\":\"{}\",\"signature\":\"0\"}")
            .formatted(server.code("grace"));

    JsonObject login = server.http.post(page, body).json();

    assertTrue(login.has("openid") || login.has("uid"), login.toString());
    assertEquals(List.of(), log.linesWith("left out"));
  }

  @Test
  void anEncryptedProfileThatCanBeNoneIsLeftOut() {
    String tooLong = "A".repeat(8_193);
    JsonObject body = json("code", server.code("heidi"), "encryptedData", tooLong, "iv", "AA==");
    assertTrue(server.http.post("/thirdLogin", body.toString()).json().has("uid"));
    assertLeftOut(1, "encryptedData");

    Response wafer =
        server.http.get(
            "/weapp/login",
            "X-WX-Code",
            server.code("heidi"),
            "X-WX-Encrypted-Data",
            "AAAA",
            "X-WX-IV",
            "A".repeat(65));
    assertEquals("0", wafer.field("code"), wafer.toString());
    assertEquals(1, log.linesWith("fields=[encryptedData] servlet=/weapp/login").size());
  }

  @Test
  void theLogNamesNothingThatAClientChose() throws IOException {
    query("/onLogin.html?canary%zz=1&third_Session=%zcanary&code=" + server.code("ivan"));

    assertLeftOut(2, "?, third_Session");
    assertFalse(log.lines().toString().contains("canary"));
  }

  private Response login(String more) {
    return server.http.post(
        "/api/login", "{\"code\":\"" + server.code("alice") + "\"," + more + "}");
  }

  private String device(Response login) {
    Response sessions =
        server.http.get("/api/sessions", "Authorization", "Bearer " + login.token());
    return sessions.json().getAsJsonArray("sessions").asList().stream()
        .map(session -> session.getAsJsonObject())
        .filter(session -> session.get("current").getAsBoolean())
        .map(session -> session.get("device").toString())
        .findFirst()
        .orElseThrow();
  }

  private void assertLeftOut(int count, String fields) {
    assertEquals(
        1,
        log.linesWith("optional data left out count=" + count + " fields=[" + fields + "]").size(),
        log.lines().toString());
  }

  /** Sends a query as a careless client writes it, which java.net.URI does not allow. */
  private JsonObject query(String pathAndQuery) throws IOException {
    URL url = new URL(server.http.base() + pathAndQuery);
    HttpURLConnection connection = (HttpURLConnection) url.openConnection();
    assertEquals(200, connection.getResponseCode());
    try (InputStream in = connection.getInputStream()) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return JsonParser.parseString(text).getAsJsonObject();
    }
  }
}
