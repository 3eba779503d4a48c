package io.thirdsession.war;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cn.binarywang.wx.miniapp.api.WxMaService;
import cn.binarywang.wx.miniapp.api.impl.WxMaServiceImpl;
import cn.binarywang.wx.miniapp.config.impl.WxMaDefaultConfigImpl;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.thirdsession.miniprogram.Phone;
import io.thirdsession.simulator.Fault;
import io.thirdsession.simulator.FaultMode;
import io.thirdsession.simulator.PhoneEvent;
import io.thirdsession.simulator.ProfileEvent;
import io.thirdsession.simulator.SimulatorOptions;
import io.thirdsession.simulator.SimulatorOptions.ForeignCodes;
import io.thirdsession.simulator.WeChatSimulator;
import io.thirdsession.testing.Canaries;
import io.thirdsession.testing.LogCapture;
import io.thirdsession.testing.TestClients;
import io.thirdsession.testing.TestDatabase;
import io.thirdsession.testing.TestHttp;
import io.thirdsession.testing.TestHttp.Answer;
import io.thirdsession.testing.TestPictures;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the WAR promises over HTTP, in whichever container it stands. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class HttpContract {
  private static final String APP = "wx0123456789abcdef";
  private static final String SECRET = "canary-app-secret-0123456789";
  private static final String JSON = "application/json;charset=utf-8";

  /** More than any other test here needs of one user. */
  private static final int DECRYPTIONS = 20;

  private static final Pattern CONTENT_LENGTH = Pattern.compile("(?i)content-length: (\\d+)");
  private static final Pattern CONNECTION_CLOSE = Pattern.compile("(?i)connection: close\r\n");

  private final Container.Starter starter;

  private TestDatabase database;
  private WeChatSimulator weChat;
  private Container container;
  private TestHttp http;

  HttpContract(Container.Starter starter) {
    this.starter = starter;
  }

  @BeforeAll
  void deploy() throws Exception {
    database = TestDatabase.create();
    weChat =
        WeChatSimulator.start(
            SimulatorOptions.defaults()
                .withPort(0)
                .withApps(Map.of(APP, SECRET))
                .withLoginsPerMinute(100_000)
                .withForeignCodes(ForeignCodes.REFUSE));
    Map<String, String> settings = War.settings(database, weChat, APP + ":" + SECRET);
    settings.put(
        "RATE_LIMITS",
        "login=100000/1m,login.user=100000/1m,decrypt=100000/1m,decrypt.user="
            + DECRYPTIONS
            + "/1h");
    container = starter.start(settings);
    http = new TestHttp(container.base());
  }

  @AfterAll
  void undeploy() {
    Canaries.record(weChat, SECRET);
    container.close();
    weChat.close();
    database.close();
  }

  @BeforeEach
  void behaveAgain() throws InterruptedException {
    weChat.faults(Fault.of(FaultMode.OK));
    // after a series of faults the breaker is open for a moment, as it should be
    while (http.login(weChat.loginCode()).status() == 503) {
      Thread.sleep(200);
    }
  }

  @Test
  void theMiniProgramsLibrarySharesOneLoginAmongParallelRequests() {
    String openId = WeChatSimulator.openIdOf(APP, "library");
    weChat.clearCalls();
    try (Phone phone = Phone.start(container.base(), weChat.baseUri(), APP, openId)) {
      phone.run("session = launch()");

      JsonArray sids = phone.run("twentyAtOnce(session)").getAsJsonArray();
      assertEquals(20, sids.size());
      assertEquals(1, Set.copyOf(sids.asList()).size(), "one session");
      assertEquals(1, weChat.calls().size(), "one exchange");

      http.logout(phone.run("session.thirdSession()").getAsString());
      assertEquals(
          1, Set.copyOf(phone.run("twentyAtOnce(session)").getAsJsonArray().asList()).size());
      assertEquals(2, weChat.calls().size());
      assertEquals(List.of(), phone.uncaught());
    }
  }

  @Test
  void logsInChecksAndLogsOut() {
    Answer login = http.login(weChat.loginCode());

    assertEquals(200, login.status(), login.toString());
    assertApiHeaders(login);
    assertEquals(
        Set.of("thirdSession", "expiresAt", "expiresIn", "newUser", "user"), login.json().keySet());
    assertEquals(
        Set.of(
            "userId",
            "nickName",
            "avatarUrl",
            "gender",
            "province",
            "city",
            "country",
            "language",
            "title",
            "maskedPhone",
            "createdAt",
            "lastLoginAt"),
        login.json().getAsJsonObject("user").keySet());

    Answer check = http.check(login.token());
    assertEquals(200, check.status());
    assertApiHeaders(check);
    assertEquals(
        Set.of("userId", "appId", "sid", "createdAt", "expiresAt", "expiresIn"),
        check.json().keySet());

    Answer logout = http.logout(login.token());
    assertEquals(204, logout.status());
    assertEquals("", logout.text());
    assertEquals("no-store", logout.header("Cache-Control"));

    assertError(http.check(login.token()), 401, "session_invalid", true, false);
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
    String answer = RawHttp.send(container.base(), "GET", path, List.of(), "");

    assertTrue(
        answer.startsWith("HTTP/1.1 40"), path + " -> " + answer.lines().findFirst().orElse(""));
  }

  @Test
  void listsAndEndsDevices() {
    String mine = http.login(weChat.loginCode()).token();
    String other = http.login(weChat.loginCode()).token();
    String[] bearer = {"Authorization", "Bearer " + mine};

    Answer list = http.get("/api/sessions", bearer);
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

    Answer answer = http.introspect(token, client);
    assertEquals(200, answer.status(), answer.toString());
    assertApiHeaders(answer);
    assertEquals(weChat.defaultOpenId(APP), answer.field("openid"));

    Answer users = http.get("/api/users?userId=" + answer.field("sub"), client);
    assertEquals(1, users.json().getAsJsonArray("users").size());
    Answer refused = http.get("/api/users?userId=" + answer.field("sub"));
    assertError(refused, 401, "client_invalid", false, false);
    assertTrue(refused.header("WWW-Authenticate").startsWith("Basic "));
  }

  @Test
  void aBackEndFindsAUserByThePhone() {
    String token = http.login(weChat.loginCode(APP, "ofound")).token();
    String number = "13900000001";
    PhoneEvent tap = weChat.phone(APP, "ofound", number);
    http.post("/api/me/phone", "{\"code\":\"" + tap.code() + "\"}", bearer(token));

    Answer found =
        http.post("/api/users/find", "{\"phoneNumber\":\"" + number + "\"}", TestClients.basic());

    assertEquals(200, found.status(), found.toString());
    assertApiHeaders(found);
    JsonArray users = found.json().getAsJsonArray("users");
    assertEquals(1, users.size());
    assertEquals(
        http.check(token).field("userId"),
        users.get(0).getAsJsonObject().get("userId").getAsString());
    Answer refused = http.post("/api/users/find", "{\"phoneNumber\":\"" + number + "\"}");
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
    Answer again = http.login(weChat.loginCode(APP, "oerased"));
    assertTrue(again.json().get("newUser").getAsBoolean(), again.toString());
  }

  @Test
  void whoAsksTooOftenIsToldHowLongToWait() {
    String[] bearer = bearer(http.login(weChat.loginCode(APP, "olimited")).token());
    String nonsense = "{\"encryptedData\":\"AAAA\",\"iv\":\"x\"}";
    for (int i = 0; i < DECRYPTIONS; i++) {
      assertNotEquals(429, http.post("/api/me/decrypt", nonsense, bearer).status());
    }

    Answer limited = http.post("/api/me/decrypt", nonsense, bearer);

    assertError(limited, 429, "rate_limited", false, true);
    int wait = Integer.parseInt(limited.header("Retry-After"));
    assertTrue(wait > 60 && wait <= 3600 / DECRYPTIONS, "a part of an hour: " + wait);
    assertEquals(wait, limited.json().get("retryAfter").getAsInt());
  }

  @Test
  void aLoginLeavesARowInTheAuditTrail() throws InterruptedException {
    String sid = http.check(http.login(weChat.loginCode(APP, "oaudited")).token()).field("sid");

    List<String> rows = List.of();
    for (int i = 0; i < 100 && rows.isEmpty(); i++) {
      Thread.sleep(100); // within about a second
      rows =
          database.column(
              "SELECT CONCAT_WS(' ', event, app_id, address, detail) FROM audit"
                  + " WHERE sid = UNHEX(?)",
              sid.replace("-", ""));
    }

    assertEquals(List.of("login " + APP + " 127.0.0.1 newUser=true origin=login"), rows);
  }

  @Test
  void wxJavaTalksToTheWar() throws Exception {
    WxMaDefaultConfigImpl config = new WxMaDefaultConfigImpl();
    config.setAppid(APP);
    config.setSecret(TestClients.SECRET);
    config.useStableAccessToken(true);
    config.setAccessTokenUrl(container.base() + "/cgi-bin/stable_token");
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

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"})
  void letsAProxyAskByAnyMethod(String method) {
    String token = http.login(weChat.loginCode()).token();

    Answer answer =
        http.send(method, "/api/gateway/orders/1", null, "Authorization", "Bearer " + token);

    assertEquals(200, answer.status(), answer.toString());
    assertEquals("", answer.text());
    assertEquals(weChat.defaultOpenId(APP), answer.header("X-WX-OPENID"));
    assertEquals(APP, answer.header("X-WX-APPID"));
    assertEquals(List.of(""), answer.headers().allValues("X-WX-UNIONID"));
    assertEquals(http.check(token).field("userId"), answer.header("X-User-Id"));
    assertEquals(401, http.send(method, "/api/gateway/orders/1", null).status());
  }

  @Test
  void brokersTheAccessToken() {
    Answer answer = stableToken(TestClients.SECRET);
    Answer wrong = stableToken("canary-client-secret-x");

    assertEquals(200, answer.status());
    assertEquals(Set.of("access_token", "expires_in"), answer.json().keySet());
    assertEquals(200, wrong.status());
    assertEquals("40125", wrong.field("errcode"));
  }

  @Test
  void bindsAPhone() {
    String token = http.login(weChat.loginCode()).token();
    PhoneEvent tap = weChat.phone(APP, weChat.defaultOpenId(APP));

    Answer answer =
        http.post(
            "/api/me/phone",
            "{\"code\":\"" + tap.code() + "\"}",
            "Authorization",
            "Bearer " + token);

    assertEquals(200, answer.status(), answer.toString());
    assertApiHeaders(answer);
    assertEquals(Set.of("phoneNumber", "purePhoneNumber", "countryCode"), answer.json().keySet());
  }

  @Test
  void takesAPictureAndServesIt() {
    String[] bearer = {"Authorization", "Bearer " + http.login(weChat.loginCode()).token()};
    byte[] png = TestPictures.of("png", 500, 400);

    Answer upload = http.upload("/api/me/avatar", "file", Arrays.copyOf(png, 1_048_576), bearer);

    assertEquals(200, upload.status(), upload.toString());
    assertApiHeaders(upload);
    Answer picture = http.get(URI.create(upload.field("avatarUrl")).getPath());
    assertEquals(200, picture.status());
    assertEquals("image/jpeg", picture.header("Content-Type"));
    assertEquals("public, max-age=31536000, immutable", picture.header("Cache-Control"));
    assertEquals("nosniff", picture.header("X-Content-Type-Options"));
  }

  @Test
  void refusesAnUploadThatIsTooLongOrNoneAtAll() {
    String[] bearer = {"Authorization", "Bearer " + http.login(weChat.loginCode()).token()};

    for (int length : new int[] {1_048_577, 1_200_000, 3_000_000}) {
      Answer answer = http.upload("/api/me/avatar", "file", new byte[length], bearer);
      assertError(answer, 413, "payload_too_large", false, false);
    }
    Answer nonsense =
        http.send(
            "POST",
            "/api/me/avatar",
            "nonsense",
            bearer[0],
            bearer[1],
            "Content-Type",
            "multipart/form-data; boundary=x");
    assertError(nonsense, 400, "invalid_request", false, false);
  }

  @Test
  void whoUploadsWithoutASessionIsToldSoThoughTheBodyIsLong() {
    for (int i = 0; i < 3; i++) {
      Answer answer = http.upload("/api/me/avatar", "file", new byte[1_048_576]);
      assertError(answer, 401, "session_invalid", true, false);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "40029, 400, code_invalid, true, false, 0",
    "40163, 400, code_invalid, true, false, 0",
    "41008, 400, code_invalid, true, false, 0",
    "40226, 403, user_blocked, false, false, 0",
    "45011, 429, rate_limited, false, true, 60",
    "45009, 503, wechat_quota, false, false, 3600",
    "40013, 503, wechat_config, false, false, 60",
    "40125, 503, wechat_config, false, false, 60",
    "40164, 503, wechat_config, false, false, 60",
    "40243, 503, wechat_config, false, false, 60",
    "41002, 503, wechat_config, false, false, 60",
    "41004, 503, wechat_config, false, false, 60",
    "40002, 503, wechat_config, false, false, 60",
    "48001, 503, wechat_config, false, false, 60",
    "50002, 503, wechat_config, false, false, 60",
    "61004, 503, wechat_config, false, false, 60",
    "99999, 502, wechat_malformed, true, false, 0",
  })
  void answersEachErrcodeAsDocumented(
      int errcode, int status, String error, boolean relogin, boolean retryable, int retryAfter) {
    weChat.faults(Fault.errcode(errcode));

    Answer answer = http.login(weChat.loginCode());

    assertError(answer, status, error, relogin, retryable);
    assertRetryAfter(answer, retryAfter);
    assertFalse(answer.text().contains("rid"), "nothing of WeChat's text");
    assertFalse(answer.text().contains("" + errcode), "nor its number");
  }

  @ParameterizedTest
  @CsvSource({
    "BUSY, 503, wechat_busy, true, false, 1",
    "HANG, 504, wechat_timeout, true, false, 0",
    "DRIP, 504, wechat_timeout, true, false, 0",
    "RESET, 504, wechat_timeout, true, false, 0",
    "TRUNCATE, 504, wechat_timeout, true, false, 0",
    "STATUS, 502, wechat_malformed, true, false, 0",
    "GARBAGE, 502, wechat_malformed, true, false, 0",
    "REDIRECT, 502, wechat_malformed, true, false, 0",
    "HUGE, 502, wechat_malformed, true, false, 0",
  })
  void answersEachFaultOfWeChatAsDocumented(
      FaultMode mode,
      int status,
      String error,
      boolean relogin,
      boolean retryable,
      int retryAfter) {
    weChat.faults(Fault.of(mode));

    Answer answer = http.login(weChat.loginCode());

    assertError(answer, status, error, relogin, retryable);
    assertRetryAfter(answer, retryAfter);
  }

  @Test
  void answersWithinTheDeadlineWhenWeChatIsSlowAndBusy() {
    weChat.faults(Fault.of(FaultMode.BUSY).delayed(Duration.ofMillis(2_900)));
    long startedNanos = System.nanoTime();

    Answer answer = http.login(weChat.loginCode());

    long seconds = (System.nanoTime() - startedNanos) / 1_000_000_000;
    assertTrue(answer.status() == 503 || answer.status() == 504, answer.toString());
    assertTrue(seconds < 15, "seconds: " + seconds);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"code\":\"\"}",
        "{\"code\":null}",
        "{\"code\":7}",
        "{\"code\":{\"code\":\"x\"}}",
        "{\"code\":[\"x\"]}",
        "{\"code\":\"a\\\"b\"}",
        "{\"code\":\"a&appid=evil\"}",
        "{\"code\":\"a\\r\\nb\"}",
        "{\"code\":\"a\\u0000b\"}",
        "{\"code\":\"😀\"}",
        "{\"code\":\"a#b\"}",
        "{\"code\":\"a%00\"}",
        "{\"code\":\"a+b\"}",
        "{\"code\":\"a/b\"}",
      })
  void refusesACodeThatIsNoneAndDoesNotAskWeChat(String body) {
    weChat.clearCalls();

    Answer answer = http.post("/api/login", body);

    assertError(answer, 400, "invalid_request", false, false);
    assertEquals("code", answer.field("field"));
    assertEquals(0, weChat.calls().size());
  }

  @Test
  void takesACodeOf128CharactersAndRefuses129() {
    assertEquals("code_invalid", http.login("a".repeat(128)).field("error"));

    Answer tooLong = http.login("a".repeat(129));
    assertError(tooLong, 400, "invalid_request", false, false);
    assertEquals("code", tooLong.field("field"));
    assertEquals("code", http.login("a".repeat(10_240)).field("field"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"code\":\"x\",\"appId\":\"wxunknown\"} | appId",
        "{\"code\":\"x\",\"appId\":7} | appId",
        "{\"code\":\"x\",\"appId\":\"\"} | appId",
        "{\"code\":\"x\",\"device\":\"phone\"} | device",
        "{\"code\":\"x\",\"device\":{\"a\":{}}} | device",
        "{\"code\":\"x\",\"device\":{\"a\":null}} | device",
        "{\"code\":\"x\",\"device\":{\"a b\":1}} | device",
        "{\"code\":\"x\",\"openid\":\"o1\"} | openid",
        "{\"code\":\"x\",\"userId\":\"1\"} | userId",
        "{\"code\":\"x\",\"<script>\":1} | ?",
      })
  void namesTheFieldThatIsWrong(String body, String field) {
    Answer answer = http.post("/api/login", body);

    assertError(answer, 400, "invalid_request", false, false);
    assertEquals(field, answer.field("field"));
  }

  @Test
  void takes32DeviceValuesAndRefuses33() {
    assertEquals("code_invalid", http.post("/api/login", loginWithDevice(32)).field("error"));
    assertEquals("device", http.post("/api/login", loginWithDevice(33)).field("field"));
  }

  @Test
  void keepsDeviceValuesThatAreNothingButControlCharactersOrQuotes() {
    for (String value : List.of("\\u0001", "\\u2028", "\\\"", "\\\\", "😀")) {
      StringBuilder device = new StringBuilder();
      for (int i = 0; i < 32; i++) {
        device.append(i == 0 ? "" : ",");
        device.append("\"").append("n".repeat(30)).append(10 + i).append("\":\"");
        device.append(value.repeat(64)).append('"');
      }
      Answer answer =
          http.post(
              "/api/login",
              "{\"code\":\"" + weChat.loginCode() + "\",\"device\":{" + device + "}}");

      assertEquals(200, answer.status(), answer.toString());
    }
  }

  @Test
  void readsPastWhatWxItselfAddsToItsResults() {
    Answer answer =
        http.post(
            "/api/login",
            "{\"errMsg\":\"login:ok\",\"errno\":0,\"cloudID\":\"c\",\"is_demote\":true,\"code\":\""
                + weChat.loginCode()
                + "\"}");

    assertEquals(200, answer.status(), answer.toString());
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
    Answer answer = http.send("POST", "/api/login", "{\"code\":\"x\"}", "Content-Type", type);

    assertError(answer, 415, "unsupported_media_type", false, false);
  }

  @Test
  void refusesABodyWithoutMediaType() {
    Answer answer = http.send("POST", "/api/login", "{\"code\":\"x\"}");

    assertError(answer, 415, "unsupported_media_type", false, false);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "application/json; charset=UTF-8",
        "Application/JSON;charset=\"utf-8\"",
      })
  void takesJsonHoweverItsTypeIsWritten(String type) {
    Answer answer = http.send("POST", "/api/login", "{\"code\":\"x\"}", "Content-Type", type);

    assertEquals("code_invalid", answer.field("error"));
  }

  @Test
  void takes65536BytesAndRefusesOneMore() {
    String longest = "{\"code\":\"x\"}" + " ".repeat(65_536 - 12);

    assertEquals("code_invalid", http.post("/api/login", longest).field("error"));
    assertError(http.post("/api/login", longest + " "), 413, "payload_too_large", false, false);
  }

  @ParameterizedTest
  @CsvSource({
    "POST /api/login, text/plain, 415",
    "POST /api/nothing, application/json, 404",
    "PUT /api/login, application/json, 405",
    "DELETE /api/session, application/json, 401",
  })
  void keepsTheConnectionThoughTheBodyComesLateAndIsNotWanted(String line, String type, int status)
      throws Exception {
    byte[] head =
        (line
                + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                + type
                + "\r\nContent-Length: 2\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    sendThriceWithALateBody(head, status);
  }

  @ParameterizedTest
  @CsvSource({"DELETE /api/me/phone, 204", "GET /api/session, 200", "PUT /api/gateway, 200"})
  void keepsTheConnectionThoughABodyComesLateThatNobodyReads(String line, int status)
      throws Exception {
    String token = http.login(weChat.loginCode()).token();
    byte[] head =
        (line
                + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                + token
                + "\r\nContent-Length: 2\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    sendThriceWithALateBody(head, status);
  }

  private void sendThriceWithALateBody(byte[] head, int status) throws Exception {
    try (Socket socket = new Socket("127.0.0.1", container.base().getPort())) {
      socket.setSoTimeout(10_000);
      for (int i = 0; i < 3; i++) {
        socket.getOutputStream().write(head);
        socket.getOutputStream().flush();
        Thread.sleep(50); // the head is looked at before the body is there
        socket.getOutputStream().write("{}".getBytes(StandardCharsets.US_ASCII));
        assertEquals("HTTP/1.1 " + status, readAnswer(socket.getInputStream()), "request " + i);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/gateway/../../x%0aevent=login%20user=forged%1b%5b31m",
        "/api/gateway/../../x%0devent=login",
        "/api/gateway/../../x%c2%85event=login",
      })
  void noPathBeginsALineInTheLog(String path) throws IOException {
    try (LogCapture log = LogCapture.of("io.thirdsession.http.Responder")) {
      RawHttp.send(container.base(), "GET", path, List.of(), "");

      String lines = String.join("\n", log.lines());
      assertFalse(lines.contains("event="), lines);
      assertTrue(lines.lines().count() <= 1, lines);
    }
  }

  /** A proxy sends the next user's request on a connection of which it does not know better. */
  @ParameterizedTest
  @CsvSource({
    "POST /api/login, 65537, 413",
    "POST /api/login, 1500000, 413",
    "POST /api/nothing, 1500000, 404",
    "POST /api/me/avatar, 1500000, 401",
    "DELETE /api/session, 65537, 401",
  })
  void whoseBodyIsTooLongIsToldIfTheConnectionEnds(String line, int length, int status)
      throws Exception {
    try (Socket socket = new Socket("127.0.0.1", container.base().getPort())) {
      socket.setSoTimeout(10_000);
      for (int i = 0; i < 3; i++) {
        OutputStream out = socket.getOutputStream();
        out.write(
            (line
                    + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: "
                    + length
                    + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        out.write(new byte[Math.min(length, 70_000)]);
        if (length <= 70_000) {
          out.flush();
        }
        String head = readHead(socket.getInputStream());
        assertEquals("HTTP/1.1 " + status, head.substring(0, 12), "request " + i);
        if (CONNECTION_CLOSE.matcher(head).find()) {
          return;
        }
      }
    }
  }

  /** Reads one answer to its end and returns the beginning of its first line. */
  private static String readAnswer(InputStream in) throws IOException {
    return readHead(in).substring(0, 12);
  }

  /** Reads one answer to its end and returns its head. */
  private static String readHead(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int c = in.read();
      assertTrue(c >= 0, "the connection was closed");
      head.append((char) c);
    }
    Matcher length = CONTENT_LENGTH.matcher(head);
    in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
    return head.toString();
  }

  @Test
  void aBodyThatBreaksOffIsAnsweredInOurOwnWords() throws IOException {
    try (Socket socket = new Socket("127.0.0.1", container.base().getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          ("POST /api/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                  + "Content-Length: 100\r\nConnection: close\r\n\r\n{\"code\"")
              .getBytes(StandardCharsets.US_ASCII));
      out.flush();
      socket.shutdownOutput();
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertFalse(answer.contains("Exception"), answer);
      assertFalse(answer.contains("<html"), answer);
      assertTrue(answer.isEmpty() || answer.startsWith("HTTP/1.1 400"), answer);
    }
  }

  @Test
  void refusesAChunkedBodyThatNeverEnds() throws IOException {
    try (Socket socket = new Socket("127.0.0.1", container.base().getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          ("POST /api/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                  + "Transfer-Encoding: chunked\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      byte[] chunk = ("1000\r\n" + " ".repeat(4096) + "\r\n").getBytes(StandardCharsets.US_ASCII);
      for (int i = 0; i < 17; i++) {
        out.write(chunk);
      }
      out.flush();
      byte[] start = socket.getInputStream().readNBytes(12);

      assertEquals("HTTP/1.1 413", new String(start, StandardCharsets.US_ASCII));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/login, POST",
    "PUT, /api/login, POST",
    "DELETE, /api/login, POST",
    "OPTIONS, /api/login, POST",
    "POST, /api/session, 'GET, HEAD, DELETE'",
    "PATCH, /api/session, 'GET, HEAD, DELETE'",
    "PATCH, /api/me, 'GET, HEAD, PUT, POST, DELETE'",
    "POST, /api/me/export, GET",
    "GET, /api/me/profile, POST",
    "POST, /healthz, 'GET, HEAD'",
    "POST, /readyz, 'GET, HEAD'",
    "DELETE, /getOpenid.html, 'GET, POST'",
    "HEAD, /getOpenid.html, 'GET, POST'",
  })
  void refusesOtherMethodsAndSaysWhichAreAllowed(String method, String path, String allowed) {
    Answer answer = http.send(method, path, null);

    assertEquals(allowed, answer.header("Allow"));
    if (path.startsWith("/api")) {
      assertError(answer, 405, "method_not_allowed", false, false);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api",
        "/api/",
        "/api/nothing",
        "/api/login/x",
        "/api/session/x",
        "/api/Login",
        "/nothing.html",
        "/error",
        "/WEB-INF/web.xml",
        "/META-INF/context.xml",
        "/sim/calls",
        "/dev/state",
      })
  void answersJsonWhereThereIsNothing(String path) {
    assertError(http.get(path), 404, "not_found", false, false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
  void answersJsonWhereThereIsNothingWhateverTheMethod(String method) {
    assertError(http.send(method, "/api/nothing", null), 404, "not_found", false, false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/login;x=1", "/api//login", "/%61pi/login", "/api/login/"})
  void givesNothingToPathsThatOnlyLookAlike(String path) {
    Answer answer = http.post(path, "{\"code\":\"" + weChat.loginCode() + "\"}");

    if (answer.status() == 200) {
      assertTrue(answer.json().has("thirdSession"), "the same servlet or none");
    } else {
      assertTrue(Set.of(400, 404, 405).contains(answer.status()), answer.toString());
      assertFalse(answer.text().contains("3rd_"));
    }
  }

  @Test
  void answersJsonWhereTheContainerRefusesAPath() {
    Answer answer = http.get("/api/%2e%2e/x");

    assertTrue(answer.status() == 400 || answer.status() == 404, answer.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Basic YTpi",
        "3rd_AAAA",
        "Bearer 3rd_AaIDd9BsehaIJsqISx28S2kaey37jxT5ERPIf8ac8ySgxBg_WSyd_arsPahTNMsfeAGqBuggt3o",
      })
  void refusesEverythingThatIsNoSessionInTheSameWords(String authorization) {
    Answer none = http.get("/api/session");
    Answer answer =
        authorization.isEmpty() ? none : http.get("/api/session", "Authorization", authorization);

    assertError(answer, 401, "session_invalid", true, false);
    assertEquals("Bearer", answer.header("WWW-Authenticate"));
    assertEquals(withoutRequestId(none), withoutRequestId(answer));
  }

  @Test
  void readsTheTokenFromNowhereButTheHeader() {
    String token = http.login(weChat.loginCode()).token();

    assertEquals(401, http.get("/api/session?token=" + token).status());
    assertEquals(401, http.get("/api/session?access_token=" + token).status());
    assertEquals(401, http.get("/api/session", "Cookie", "token=" + token).status());
    assertEquals(401, http.get("/api/session", "X-Auth-Token", token).status());
    assertEquals(
        401,
        http.get(
                "/api/session",
                "Authorization",
                "Bearer " + token,
                "Authorization",
                "Bearer " + token)
            .status());
  }

  @Test
  void takesTheSchemeInAnyCase() {
    String token = http.login(weChat.loginCode()).token();

    assertEquals(200, http.get("/api/session", "Authorization", "bearer " + token).status());
    assertEquals(
        200, http.send("HEAD", "/api/session", null, "Authorization", "BEARER " + token).status());
  }

  @Test
  void neverSetsACookieNorTakesOne() {
    Answer login =
        http.login(weChat.loginCode(), "Cookie", "JSESSIONID=abc; openid=o1; token=3rd_x");

    assertEquals(List.of(), login.headers().allValues("Set-Cookie"));
    assertEquals(List.of(), http.get("/").headers().allValues("Set-Cookie"));
  }

  @Test
  void speaksChineseUnlessAskedForEnglish() {
    assertEquals("登录状态已失效，请重新登录", http.get("/api/session").field("message"));
    assertEquals(
        "登录状态已失效，请重新登录", http.get("/api/session", "Accept-Language", "fr").field("message"));
    assertEquals(
        "There is no valid session; log in",
        http.get("/api/session", "Accept-Language", "en-GB,en;q=0.9").field("message"));
  }

  @Test
  void givesEachRequestAnIdThatIsOurs() {
    Answer first = http.get("/api/session", "X-Request-Id", "chosen-by-client");
    Answer second = http.get("/api/session");

    assertTrue(first.header("X-Request-Id").matches("[0-9a-f]{16}"), "ours");
    assertEquals(first.header("X-Request-Id"), first.field("requestId"));
    assertNotEquals(first.header("X-Request-Id"), second.header("X-Request-Id"));
  }

  @Test
  void neverShowsASessionKey() {
    String body = http.login(weChat.loginCode()).text() + getOpenid(weChat.loginCode()).text();

    assertFalse(body.contains("session_key"));
    assertFalse(body.contains("sessionKey"));
    assertFalse(body.contains(weChat.sessionKey(APP, weChat.defaultOpenId(APP))));
  }

  @Test
  void showsAndChangesTheProfile() {
    String token = http.login(weChat.loginCode(APP, "ome")).token();

    Answer put = me("PUT", token, "{\"nickName\":\"老王😀\",\"gender\":1}");
    Answer post = me("POST", token, "{\"title\":\"懒\"}");
    Answer get = me("GET", token, null);

    assertEquals(200, put.status(), put.toString());
    assertEquals("老王😀", put.field("nickName"));
    assertApiHeaders(get);
    assertEquals(post.json(), get.json());
    assertEquals(
        http.login(weChat.loginCode(APP, "ome")).json().getAsJsonObject("user").keySet(),
        get.json().keySet());
    Answer refused = me("PUT", token, "{\"title\":\"x\",\"openid\":\"o1\"}");
    assertError(refused, 400, "invalid_request", false, false);
    assertEquals("openid", refused.field("field"));
    assertEquals("懒", me("GET", token, null).field("title"));
    assertError(me("PUT", "x", "{}"), 401, "session_invalid", true, false);
  }

  @Test
  void takesAProfileThatWeChatHasSignedAndNoOther() {
    String token = http.login(weChat.loginCode(APP, "osigned")).token();
    ProfileEvent event = weChat.profile(APP, "osigned", userInfo());

    assertError(
        signed(token, event.rawData() + " ", event.signature()),
        409,
        "signature_invalid",
        true,
        false);
    assertEquals("老王😀", signed(token, event.rawData(), event.signature()).field("nickName"));
  }

  @Test
  void isAliveAndReady() {
    assertEquals("{\"status\":\"ok\"}", http.get("/healthz").text());
    assertEquals("{\"status\":\"ready\"}", http.get("/readyz").text());
  }

  @Test
  void servesThePageWithAStrictPolicy() {
    Answer page = http.get("/");

    assertEquals(200, page.status());
    assertTrue(page.header("Content-Type").startsWith("text/html"));
    assertTrue(page.header("Content-Security-Policy").startsWith("default-src 'self'"));
    assertEquals("nosniff", page.header("X-Content-Type-Options"));
    assertFalse(page.text().contains("unsafe-inline"));
  }

  @Test
  void theSeedsPageAnswersOpenidAndThirdSession() {
    Answer answer = getOpenid(weChat.loginCode());

    assertEquals(200, answer.status());
    assertEquals(weChat.defaultOpenId(APP), answer.field("openid"));
    assertEquals(Set.of("openid", "third_Session"), answer.json().keySet());
    assertEquals(200, http.check(answer.field("third_Session")).status());
  }

  @Test
  void theSeedsPageGivesTheUnionidWhereThereIsOne() {
    String code = weChat.loginCode(APP, "ounion", "o6_bmjrPTlm6_2sgVt7hMZOPfL2M");

    assertEquals("o6_bmjrPTlm6_2sgVt7hMZOPfL2M", getOpenid(code).field("unionid"));
  }

  @Test
  void theSeedsPageReplacesItsOwnLastSessionAndNoOther() {
    String other = http.login(weChat.loginCode(APP, "oreplaces")).token();
    String first = getOpenid(weChat.loginCode(APP, "oreplaces")).field("third_Session");
    String second = getOpenid(weChat.loginCode(APP, "oreplaces")).field("third_Session");

    assertEquals(401, http.check(first).status());
    assertEquals(200, http.check(second).status());
    assertEquals(200, http.check(other).status());
  }

  @Test
  void theSeedsPageKeepsTheProfileAndNeverAnAnonymousOne() {
    getOpenid(weChat.loginCode(APP, "oprofile"), "老王😀", "http://wx.qlogo.cn/a/0", "1");
    getOpenid(weChat.loginCode(APP, "oprofile"), "微信用户", "", "0");

    JsonObject user = http.login(weChat.loginCode(APP, "oprofile")).json().getAsJsonObject("user");

    assertEquals("老王😀", user.get("nickName").getAsString());
    assertEquals("https://wx.qlogo.cn/a/0", user.get("avatarUrl").getAsString());
    assertEquals(1, user.get("gender").getAsInt());
  }

  @ParameterizedTest
  @ValueSource(strings = {"code", "nick", "avaurl", "sex"})
  void theSeedsPageWantsAllFourParameters(String absent) {
    weChat.clearCalls();
    Map<String, String> parameters = seedParameters("x", "n", "", "");
    parameters.remove(absent);

    Answer answer = http.get("/getOpenid.html" + TestHttp.query(parameters));

    assertEquals(200, answer.status());
    assertEquals("参数错误.", answer.text());
    assertEquals("text/html;charset=utf-8", mediaType(answer));
    assertEquals(0, weChat.calls().size());
  }

  @Test
  void theSeedsPageTakesEmptyParametersForPresent() {
    assertEquals(200, getOpenid(weChat.loginCode(), "", "", "").status());
    assertTrue(getOpenid(weChat.loginCode(), "", "", "").json().has("openid"));
    assertEquals(-1, getOpenid("", "", "", "").json().get("errcode").getAsInt());
  }

  @ParameterizedTest
  @CsvSource({
    "40029, 200, 40029, code_invalid",
    "40163, 200, 40163, code_invalid",
    "40226, 200, 40226, user_blocked",
    "45011, 200, 45011, rate_limited",
    "40125, 200, -1, wechat_config",
    "40013, 200, -1, wechat_config",
    "99999, 200, -1, wechat_malformed",
  })
  void theSeedsPageSaysErrcodeWhereItConcernsTheCaller(
      int errcode, int status, int said, String error) {
    weChat.faults(Fault.errcode(errcode));

    Answer answer = getOpenid(weChat.loginCode());

    assertEquals(status, answer.status());
    assertEquals(said, answer.json().get("errcode").getAsInt());
    assertEquals(error, answer.field("error"));
    assertEquals("", answer.header("Retry-After"), "not with status 200");
    assertFalse(answer.field("errmsg").contains("rid"));
  }

  @Test
  void theSeedsPageIsAlsoThereWithoutHtmlAndByPostInEveryForm() {
    Map<String, String> parameters = seedParameters(weChat.loginCode(), "n", "", "1");
    assertTrue(http.get("/getOpenid" + TestHttp.query(parameters)).json().has("openid"));

    parameters.put("code", weChat.loginCode());
    String form = TestHttp.query(parameters).substring(1);
    Answer byForm =
        http.send(
            "POST", "/getOpenid.html", form, "Content-Type", "application/x-www-form-urlencoded");
    assertTrue(byForm.json().has("openid"), byForm.toString());

    JsonObject json = new JsonObject();
    parameters.put("code", weChat.loginCode());
    parameters.forEach(json::addProperty);
    json.addProperty("sex", 1);
    assertTrue(http.post("/getOpenid.html", json.toString()).json().has("openid"));
  }

  @Test
  void theSeedsOwnFragmentGetsItsOpenid() {
    // wx.request turns data of a GET into the query, and sends the header that it was given
    Map<String, String> data = seedParameters(weChat.loginCode(), "微信用户", "https://x/y", "0");
    Answer answer =
        http.get(
            "/getOpenid.html" + TestHttp.query(data),
            "content-type",
            "application/json",
            "Referer",
            "https://servicewechat.com/" + APP + "/devtools/page-frame.html");

    assertEquals(weChat.defaultOpenId(APP), answer.field("openid"));
    assertEquals(JSON, mediaType(answer));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".html"})
  void theSeedsOtherPagesWorkTogether(String html) {
    String code = weChat.loginCode(APP, "oseed");
    Answer login = http.get("/onLogin" + html + "?code=" + code);
    String token = login.field("third_Session");
    ProfileEvent event = weChat.profile(APP, "oseed", userInfo());

    JsonObject set = userInfo();
    set.addProperty("third_Session", token);
    assertEquals("{\"code\":0}", http.post("/setUserInfo" + html, set.toString()).text());
    Answer user = http.get("/getUserInfo" + html + "?third_Session=" + token);
    assertEquals("老王😀", user.json().getAsJsonObject("dataList").get("username").getAsString());
    Answer id = http.get("/getUserId" + html + "?third_Session=" + token);
    assertEquals(http.check(token).field("userId"), id.field("userId"));
    String check =
        TestHttp.query(
            Map.of(
                "third_Session",
                token,
                "rawData",
                event.rawData(),
                "signature",
                event.signature()));
    assertEquals("{\"code\":0}", http.get("/checkSignature" + html + check).text());
    assertEquals(JSON, mediaType(id));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/onLogin", "/setUserInfo", "/getUserInfo", "/getUserId", "/checkSignature"})
  void theSeedsOtherPagesRefuseWithACodeAndStatus200(String path) {
    Answer answer = http.get(path + ".html?third_Session=x");

    assertEquals(200, answer.status(), answer.toString());
    assertEquals(-1, answer.json().get("code").getAsInt());
    assertEquals("", answer.header("WWW-Authenticate"), "that is for 401");
    assertEquals(answer.header("X-Request-Id"), answer.field("requestId"));
    assertEquals("GET, POST", http.send("DELETE", path, null).header("Allow"));
  }

  private Answer stableToken(String secret) {
    String body =
        "{\"grant_type\":\"client_credential\",\"appid\":\"" + APP + "\",\"secret\":\"%s\"}";
    return http.post("/cgi-bin/stable_token", body.formatted(secret));
  }

  private Answer manage(String method, String userId, String action) {
    return http.send(method, "/api/users/" + userId + action, null, TestClients.basic());
  }

  private static String[] bearer(String token) {
    return new String[] {"Authorization", "Bearer " + token};
  }

  private Answer me(String method, String token, String json) {
    return http.send(
        method,
        "/api/me",
        json,
        "Content-Type",
        "application/json",
        "Authorization",
        "Bearer " + token);
  }

  private Answer signed(String token, String rawData, String signature) {
    JsonObject body = new JsonObject();
    body.addProperty("rawData", rawData);
    body.addProperty("signature", signature);
    return http.post("/api/me/profile", body.toString(), "Authorization", "Bearer " + token);
  }

  private static JsonObject userInfo() {
    JsonObject userInfo = new JsonObject();
    userInfo.addProperty("nickName", "老王😀");
    userInfo.addProperty("avatarUrl", "https://thirdwx.qlogo.cn/a/132");
    userInfo.addProperty("gender", 1);
    userInfo.addProperty("city", "广州");
    return userInfo;
  }

  private Answer getOpenid(String code) {
    return getOpenid(code, "n", "", "");
  }

  private Answer getOpenid(String code, String nick, String avatar, String sex) {
    return http.get("/getOpenid.html" + TestHttp.query(seedParameters(code, nick, avatar, sex)));
  }

  private static Map<String, String> seedParameters(
      String code, String nick, String avatar, String sex) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("code", code);
    parameters.put("nick", nick);
    parameters.put("avaurl", avatar);
    parameters.put("sex", sex);
    return parameters;
  }

  private static String loginWithDevice(int values) {
    JsonObject device = new JsonObject();
    for (int i = 0; i < values; i++) {
      device.addProperty("k" + i, i);
    }
    JsonObject body = new JsonObject();
    body.addProperty("code", "x");
    body.add("device", device);
    return body.toString();
  }

  private static void assertError(
      Answer answer, int status, String error, boolean relogin, boolean retryable) {
    assertEquals(status, answer.status(), answer.toString());
    assertApiHeaders(answer);
    JsonObject body = answer.json();
    assertEquals(error, body.get("error").getAsString());
    assertEquals(relogin, body.get("relogin").getAsBoolean(), "relogin");
    assertEquals(retryable, body.get("retryable").getAsBoolean(), "retryable");
    assertFalse(body.get("message").getAsString().isBlank());
    Set<String> names = new TreeSet<>(body.keySet());
    names.removeAll(Set.of("field", "retryAfter"));
    assertEquals(
        new TreeSet<>(Set.of("error", "message", "relogin", "retryable", "requestId")), names);
  }

  private static void assertApiHeaders(Answer answer) {
    assertEquals(JSON, mediaType(answer));
    assertEquals("no-store", answer.header("Cache-Control"));
    assertEquals("nosniff", answer.header("X-Content-Type-Options"));
    assertTrue(answer.header("X-Request-Id").matches("[0-9a-f]{16}"), "X-Request-Id");
  }

  private static void assertRetryAfter(Answer answer, int seconds) {
    if (seconds == 0) {
      assertEquals("", answer.header("Retry-After"));
      assertFalse(answer.json().has("retryAfter"));
    } else {
      assertEquals("" + seconds, answer.header("Retry-After"));
      assertEquals(seconds, answer.json().get("retryAfter").getAsInt());
    }
  }

  private static String mediaType(Answer answer) {
    return answer.header("Content-Type").toLowerCase(Locale.ROOT).replace("; ", ";");
  }

  private static String withoutRequestId(Answer answer) {
    JsonObject body = answer.json();
    body.remove("requestId");
    return answer.status() + body.toString();
  }
}
