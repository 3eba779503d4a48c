package io.thirdsession.limit;

import static io.thirdsession.testing.AppServer.APP;
import static io.thirdsession.testing.TestClients.basic;
import static io.thirdsession.testing.TestHttp.bearer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.thirdsession.simulator.Fault;
import io.thirdsession.simulator.FaultMode;
import io.thirdsession.simulator.PhoneEvent;
import io.thirdsession.testing.AppServer;
import io.thirdsession.testing.AppTestBase;
import io.thirdsession.testing.Scrape;
import io.thirdsession.testing.TestClients;
import io.thirdsession.testing.TestHttp.Response;
import io.thirdsession.testing.TestPictures;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitedCallsTest extends AppTestBase {
  LimitedCallsTest() {
    super(
        "RATE_LIMITS",
        "login=5/1h,login.user=2/1h,decrypt=6/1h,decrypt.user=3/1h,avatar.user=1/1h,"
            + "account.user=2/1h,export.user=1/1h,client=2/1h",
        "TRUSTED_PROXIES",
        "127.0.0.1",
        "SERVICE_CLIENTS",
        TestClients.setting());
  }

  @Test
  void loginsOfAnAddressAreCountedWhateverBecomesOfThem() {
    for (int i = 0; i < 5; i++) {
      assertEquals(400, login("192.0.2.1", "spent-" + i).status());
    }

    Response limited = login("192.0.2.1", server.code("alice"));

    assertEquals(429, limited.status(), limited.toString());
    assertEquals("rate_limited", limited.field("error"));
    assertTrue(limited.json().get("retryable").getAsBoolean());
    int wait = Integer.parseInt(limited.header("Retry-After"));
    assertTrue(wait > 600 && wait <= 720, "a fifth of an hour: " + wait);
    assertEquals(wait, limited.json().get("retryAfter").getAsInt());
    assertEquals(200, login("192.0.2.2", server.code("alice")).status(), "others may");
  }

  @Test
  void theLimitedAreNotSentToWeChat() {
    for (int i = 0; i < 5; i++) {
      login("192.0.2.1", "spent-" + i);
    }
    server.weChat.clearCalls();

    login("192.0.2.1", server.code("alice"));

    assertTrue(server.weChat.calls().isEmpty());
  }

  @Test
  void loginsOfAUserAreCountedOverAllAddresses() {
    for (int i = 0; i < 5; i++) {
      login("192.0.2.9", "made-up-" + i); // a stranger cannot make codes of hers
    }
    assertEquals(200, login("192.0.2.1", server.code("alice")).status());
    assertEquals(200, login("192.0.2.2", server.code("alice")).status());

    Response limited = login("192.0.2.3", server.code("alice"));
    assertEquals(429, limited.status());
    assertTrue(limited.json().get("relogin").getAsBoolean(), "WeChat has spent the code");
    assertFalse(limited.json().get("retryable").getAsBoolean());
    assertTrue(Integer.parseInt(limited.header("Retry-After")) > 60);
    assertEquals(200, login("192.0.2.3", server.code("bob")).status());
  }

  @Test
  void exportsOfAUserAreCounted() {
    String token = login("192.0.2.1", server.code("alice")).token();
    assertEquals(200, server.http.get("/api/me/export", bearer(token)).status());

    Response limited = server.http.get("/api/me/export", bearer(token));

    assertEquals(429, limited.status());
    assertEquals("rate_limited", limited.field("error"));
    String other = login("192.0.2.1", server.code("bob")).token();
    assertEquals(200, server.http.get("/api/me/export", bearer(other)).status());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PUT    | /api/me           | {}",
        "POST   | /api/me           | {}",
        "POST   | /api/me/profile   | {}",
        "DELETE | /api/me/phone     | ",
        "DELETE | /api/me           | ",
        "GET    | /api/sessions     | ",
        "DELETE | /api/sessions/01a20244-e800-75e8-b7be-805317a49f64 | ",
        "POST   | /api/sessions/end | {\"which\":\"others\"}",
        "GET    | /setUserInfo.html?third_Session=TOKEN | ",
      })
  void whatAUserDoesWithTheirAccountIsCountedTogether(String method, String path, String body) {
    String token = login("192.0.2.1", server.code("alice")).token();
    for (int i = 0; i < 2; i++) {
      assertEquals(200, server.http.get("/api/sessions", bearer(token)).status());
    }

    Response limited = server.http.send(method, path.replace("TOKEN", token), body, bearer(token));

    assertEquals("rate_limited", limited.field("error"), limited.toString());
    assertEquals(200, server.http.check(token).status());
    assertEquals(200, server.http.get("/api/me", bearer(token)).status());
  }

  @Test
  void oneIpv6NetworkIsOneAddress() {
    for (int i = 0; i < 5; i++) {
      login("2001:db8:1:2::" + i, "spent-" + i);
    }

    assertEquals(429, login("2001:db8:1:2:ffff::1", server.code("alice")).status());
    assertEquals(200, login("2001:db8:1:3::1", server.code("alice")).status());
  }

  @Test
  void decryptionsOfAUserAreCountedWhicheverCallMakesThem() {
    String token = login("192.0.2.1", server.code("alice")).token();
    String openId = AppServer.openId("alice");
    assertEquals(
        200,
        post(token, "/api/me/phone", json("code", server.weChat.phone(APP, openId).code()))
            .status());
    for (int i = 0; i < 2; i++) {
      post(token, "/api/me/decrypt", json("encryptedData", "AAAA", "iv", "x"));
    }

    Response limited = post(token, "/api/me/decrypt", json("encryptedData", "AAAA", "iv", "x"));

    assertEquals(429, limited.status(), limited.toString());
    assertEquals(429, post(token, "/api/me/phone", json("code", "abc")).status());
    assertEquals(200, server.http.check(token).status(), "checks are not limited");
  }

  @Test
  void picturesOfAUserAreCounted() {
    String alice = login("192.0.2.1", server.code("alice")).token();
    String bob = login("192.0.2.1", server.code("bob")).token();
    byte[] picture = TestPictures.of("png", 8, 8);

    assertEquals(200, server.http.upload("/api/me/avatar", "f", picture, bearer(alice)).status());
    assertEquals(429, server.http.upload("/api/me/avatar", "f", picture, bearer(alice)).status());
    assertEquals(200, server.http.upload("/api/me/avatar", "f", picture, bearer(bob)).status());
  }

  @Test
  void aPhoneIsOneTryHoweverManyWaysItTakes() throws Exception {
    restart("PHONE_ENCRYPTED", "checked");
    String token = login("192.0.2.1", server.code("alice")).token();
    String openId = AppServer.openId("alice");
    server.weChat.faults(Fault.errcode(40125).on("/cgi-bin/stable_token"));
    post(token, "/api/me/phone", event(server.weChat.phone(APP, openId)));
    server.weChat.faults(Fault.of(FaultMode.OK));
    server.clock.advance(Duration.ofSeconds(30)); // no sooner is WeChat asked for a token again
    for (int i = 0; i < 2; i++) {
      PhoneEvent tap = server.weChat.phone(APP, openId);
      assertEquals(
          200,
          post(token, "/api/me/phone", json("encryptedData", tap.encryptedData(), "iv", tap.iv()))
              .status());
    }

    assertEquals(429, post(token, "/api/me/phone", json("code", "abc")).status());
  }

  private static JsonObject event(PhoneEvent tap) {
    return json("code", tap.code(), "encryptedData", tap.encryptedData(), "iv", tap.iv());
  }

  @Test
  void aLoginWithAPhoneStandsWhenThePhoneIsLimited() {
    String token = login("192.0.2.1", server.code("alice")).token();
    for (int i = 0; i < 3; i++) {
      post(token, "/api/me/decrypt", json("encryptedData", "AAAA", "iv", "x"));
    }

    Response login =
        server.http.post(
            "/api/login",
            json("code", server.code("alice"), "phoneCode", "abc").toString(),
            "X-Forwarded-For",
            "192.0.2.7");

    assertEquals(200, login.status());
    assertEquals("rate_limited", login.field("phoneError"));
  }

  @Test
  void wrongCredentialsAreCountedAndRightOnesAlwaysPass() {
    String token = login("192.0.2.1", server.code("alice")).token();
    for (int i = 0; i < 2; i++) {
      assertEquals(401, introspect(token, basic("all", "canary-client-secret-wrong")).status());
    }

    Response limited = introspect(token, basic("all", "canary-client-secret-wrong"));
    String[] wrong = basic("all", "canary-client-secret-wrong");

    assertEquals(429, limited.status());
    assertEquals(429, server.http.get("/metrics", wrong).status());
    assertEquals(429, server.http.get("/api/doctor", wrong).status());
    assertEquals(429, server.http.get("/api/events", wrong).status());
    assertEquals(4, Scrape.of(server).value("thirdsession_rate_limited_total{limit=\"client\"}"));
    assertTrue(Integer.parseInt(limited.header("Retry-After")) > 0);
    assertEquals(200, introspect(token, basic()).status());
    assertEquals(200, server.http.get("/api/doctor", basic()).status());
  }

  @Test
  void olderPagesSayWeChatsNumberForIt() {
    for (int i = 0; i < 5; i++) {
      login("127.0.0.1", "spent-" + i);
    }

    Response response = server.http.get("/onLogin.html?code=" + server.code("alice"));

    assertEquals(200, response.status());
    assertEquals("rate_limited", response.field("error"));
  }

  @Test
  void behindAProxyThatIsNotListedNobodyIsCountedByAddress() throws Exception {
    restart("TRUSTED_PROXIES", "");

    for (int i = 0; i < 10; i++) {
      assertEquals(400, login("192.0.2.1", "spent-" + i).status());
    }
  }

  private Response login(String address, String code) {
    return server.http.login(code, "X-Forwarded-For", address);
  }

  private Response introspect(String token, String[] credentials) {
    return server.http.introspect(token, credentials);
  }
}
