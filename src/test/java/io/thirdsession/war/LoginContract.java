package io.thirdsession.war;

import static io.thirdsession.testing.ApiAssertions.assertApiHeaders;
import static io.thirdsession.testing.ApiAssertions.assertError;
import static io.thirdsession.testing.ApiAssertions.assertRetryAfter;
import static io.thirdsession.testing.AppServer.APP;
import static io.thirdsession.testing.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import io.thirdsession.miniprogram.Phone;
import io.thirdsession.simulator.Fault;
import io.thirdsession.simulator.FaultMode;
import io.thirdsession.simulator.WeChatSimulator;
import io.thirdsession.testing.TestHttp.Response;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Logging in: what comes back, whatever WeChat says. */
abstract class LoginContract extends HttpContract {
  LoginContract(DeployedWar war) {
    super(war);
  }

  @Test
  void parallelRequestsOfTheClientLibraryShareOneLogin() {
    String openId = WeChatSimulator.openIdOf(APP, "library");
    weChat.clearCalls();
    try (Phone phone = Phone.start(http.base(), weChat.baseUri(), APP, openId)) {
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
    Response login = http.login(weChat.loginCode());

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

    Response check = http.check(login.token());
    assertEquals(200, check.status());
    assertApiHeaders(check);
    assertEquals(
        Set.of("userId", "appId", "sid", "createdAt", "expiresAt", "expiresIn"),
        check.json().keySet());

    Response logout = http.logout(login.token());
    assertEquals(204, logout.status());
    assertEquals("", logout.text());
    assertEquals("no-store", logout.header("Cache-Control"));

    assertError(http.check(login.token()), 401, "session_invalid", true, false);
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

    Response response = http.login(weChat.loginCode());

    assertError(response, status, error, relogin, retryable);
    assertRetryAfter(response, retryAfter);
    assertFalse(response.text().contains("rid"), "nothing of WeChat's text");
    assertFalse(response.text().contains("" + errcode), "nor its number");
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

    Response response = http.login(weChat.loginCode());

    assertError(response, status, error, relogin, retryable);
    assertRetryAfter(response, retryAfter);
  }

  @Test
  void answersWithinTheDeadlineWhenWeChatIsSlowAndBusy() {
    weChat.faults(Fault.of(FaultMode.BUSY).delayed(Duration.ofMillis(2_900)));
    long startedNanos = System.nanoTime();

    Response response = http.login(weChat.loginCode());

    long seconds = (System.nanoTime() - startedNanos) / 1_000_000_000;
    assertTrue(response.status() == 503 || response.status() == 504, response.toString());
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
  void refusesAMalformedCodeWithoutAskingWeChat(String body) {
    weChat.clearCalls();

    Response response = http.post("/api/login", body);

    assertError(response, 400, "invalid_request", false, false);
    assertEquals("code", response.field("field"));
    assertEquals(0, weChat.calls().size());
  }

  @Test
  void takesACodeOf128CharactersAndRefuses129() {
    assertEquals("code_invalid", http.login("a".repeat(128)).field("error"));

    Response tooLong = http.login("a".repeat(129));
    assertError(tooLong, 400, "invalid_request", false, false);
    assertEquals("code", tooLong.field("field"));
    assertEquals("code", http.login("a".repeat(10_240)).field("field"));
  }

  @Test
  void neverShowsASessionKey() {
    String body = http.login(weChat.loginCode()).text() + getOpenid(weChat.loginCode()).text();

    assertFalse(body.contains("session_key"));
    assertFalse(body.contains("sessionKey"));
    assertFalse(body.contains(weChat.sessionKey(APP, weChat.defaultOpenId(APP))));
  }

  @Test
  void aLoginLeavesARowInTheAuditTrail() {
    String sid = http.check(http.login(weChat.loginCode(APP, "oaudited")).token()).field("sid");

    eventually(
        () ->
            assertEquals(
                List.of("login " + APP + " 127.0.0.1 newUser=true origin=login"),
                database.column(
                    "SELECT CONCAT_WS(' ', event, appid, address, detail) FROM audit"
                        + " WHERE sid = UNHEX(?)",
                    sid.replace("-", ""))));
  }
}
