package io.thirdsession.compat;

import static io.thirdsession.testing.AppServer.APP;
import static io.thirdsession.testing.AppServer.OTHER_APP;
import static io.thirdsession.testing.TestHttp.bearer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.thirdsession.simulator.Fault;
import io.thirdsession.simulator.PhoneEvent;
import io.thirdsession.simulator.ProfileEvent;
import io.thirdsession.testing.AppServer;
import io.thirdsession.testing.AppTestBase;
import io.thirdsession.testing.TestHttp;
import io.thirdsession.testing.TestHttp.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The two pages of older tutorials that bring encrypted data along with a code. */
class SeedPhonePagesTest extends AppTestBase {
  private static final String ALICE = AppServer.openId("alice");

  @Test
  void thePhonePageGivesTheNumberAndBindsIt() {
    String token = server.login("alice").token();

    Response response = phonePage(server.weChat.phone(APP, ALICE), server.code("alice"));

    assertEquals(200, response.status(), response.toString());
    assertEquals(
        List.of("code", "phoneNumber", "purePhoneNumber", "countryCode"),
        List.copyOf(response.json().keySet()));
    assertEquals("0", response.field("code"));
    assertEquals("13580006666", response.field("phoneNumber"));
    assertEquals("135****6666", me(token).get("maskedPhone").getAsString());
  }

  /** The tap is under the old key, and the page's own wx.login brings the new one. */
  @Test
  void thePhonePageMayLogInAfterTheTapThoughThatChangesTheKey() {
    server.login("alice");
    PhoneEvent tap = server.weChat.phone(APP, ALICE);
    String before = server.weChat.sessionKey(APP, ALICE);
    server.weChat.rotateKeyAtNextLogin(APP, ALICE);

    Response response = phonePage(tap, server.code("alice"));

    assertFalse(before.equals(server.weChat.sessionKey(APP, ALICE)), "the key has changed");
    assertEquals("13580006666", response.field("phoneNumber"), response.toString());
  }

  @Test
  void thePhonePageLeavesNoSessionBehind() {
    server.weChat.loginCode(APP, ALICE);

    phonePage(server.weChat.phone(APP, ALICE), server.code("alice"));

    assertEquals(1, database.number("SELECT COUNT(*) FROM user"));
    assertEquals(0, database.number("SELECT COUNT(*) FROM session"));
  }

  @Test
  void aRequestThatThePhoneRepeatsGetsTheNumberAgain() {
    server.login("alice");
    PhoneEvent tap = server.weChat.phone(APP, ALICE);
    String code = server.code("alice");

    assertEquals("13580006666", phonePage(tap, code).field("phoneNumber"));
    assertEquals("13580006666", phonePage(tap, code).field("phoneNumber"));
  }

  @Test
  void theCodeOfThePhonePageIsNoWayToASession() {
    server.login("alice");
    String code = server.code("alice");
    phonePage(server.weChat.phone(APP, ALICE), code);

    assertEquals("code_invalid", server.http.login(code).field("error"));
  }

  /** Its clients keep a session of another page, which they could not get again by themselves. */
  @Test
  void thePhonePageEndsNoSession() {
    String token = server.login("alice").token();
    phonePage(server.weChat.phone(APP, ALICE), server.code("alice"));

    Response response =
        phonePage(server.weChat.phone(APP, ALICE, "13900001111"), server.code("alice"));

    assertEquals("13900001111", response.field("phoneNumber"), response.toString());
    assertEquals(200, server.http.check(token).status());
  }

  @Test
  void thePhonePageSpendsNoCodeWhereEncryptedDataIsNotTaken() throws Exception {
    restart("PHONE_ENCRYPTED", "off");
    String code = server.code("alice");

    Response response = phonePage(server.weChat.phone(APP, ALICE), code);

    assertEquals("encryptedData", response.field("field"), response.toString());
    assertEquals(0, database.number("SELECT COUNT(*) FROM user"));
    assertEquals(200, server.http.login(code).status());
  }

  @Test
  void thePhonePageNamesItsApp() {
    String code = server.weChat.loginCode(OTHER_APP, ALICE);
    PhoneEvent tap = server.weChat.phone(OTHER_APP, ALICE);

    Response response =
        get(
            "/getPhoneNumber.html",
            "appid",
            OTHER_APP,
            "code",
            code,
            "encryptedData",
            tap.encryptedData(),
            "iv",
            tap.iv());

    assertEquals("13580006666", response.field("phoneNumber"), response.toString());
    assertEquals(List.of(OTHER_APP), database.column("SELECT appid FROM identity"));
  }

  @Test
  void anAppThatNobodyKnowsIsReadPast() {
    server.login("alice");
    PhoneEvent tap = server.weChat.phone(APP, ALICE);

    Response response =
        get(
            "/getPhoneNumber",
            "appid",
            "wx-of-the-tutorial",
            "secret",
            "canary-app-secret-of-the-tutorial",
            "code",
            server.code("alice"),
            "encryptedData",
            tap.encryptedData(),
            "iv",
            tap.iv());

    assertEquals("0", response.field("code"), response.toString());
  }

  @Test
  void aUserWhoRefusedIsAPlainFailureAndSpendsNoCode() {
    String code = server.code("alice");

    Response response = get("/getPhoneNumber.html", "code", code);

    assertEquals(200, response.status());
    assertEquals("-1", response.field("code"));
    assertEquals("invalid_request", response.field("error"));
    assertEquals("encryptedData", response.field("field"));
    assertEquals(200, server.http.login(code).status());
  }

  /** wx.request writes a field without a value as this word. */
  @Test
  void undefinedDataAreNone() {
    String code = server.code("alice");

    Response response =
        get("/getPhoneNumber.html", "code", code, "encryptedData", "undefined", "iv", "undefined");

    assertEquals("invalid_request", response.field("error"));
    assertEquals("encryptedData", response.field("field"));
    assertEquals(200, server.http.login(code).status(), "no code is spent");
  }

  @Test
  void dataThatDoNotOpenAreAFailureOfThePage() {
    server.login("alice");
    PhoneEvent tap = server.weChat.phone(APP, ALICE);

    Response response =
        get(
            "/getPhoneNumber.html",
            "code",
            server.code("alice"),
            "encryptedData",
            tap.encryptedData(),
            "iv",
            "AAAAAAAAAAAAAAAAAAAAAA==");

    assertEquals(200, response.status());
    assertEquals("-1", response.field("code"));
    assertEquals("decrypt_failed", response.field("error"));
    assertFalse(response.json().has("phoneNumber"));
  }

  @Test
  void thePhonePageSaysWeChatsNumberForACodeThatIsSpent() {
    server.login("alice");
    PhoneEvent tap = server.weChat.phone(APP, ALICE);
    String code = server.code("alice");
    server.http.login(code);

    assertEquals("40163", phonePage(tap, code).field("code"));
  }

  @Test
  void thirdLoginGivesTheTokenTwice() {
    Response response = get("/thirdLogin.html", "code", server.code("alice"));

    assertEquals(200, response.status(), response.toString());
    assertEquals(
        List.of("code", "success", "result_code", "message", "session_id", "uid", "data"),
        List.copyOf(response.json().keySet()));
    assertTrue(response.json().get("success").getAsBoolean());
    JsonObject data = response.json().getAsJsonObject("data");
    assertEquals(response.field("session_id"), data.get("session_id").getAsString());
    assertEquals(
        server.http.check(response.field("session_id")).field("userId"),
        data.get("uid").getAsString());
  }

  @Test
  void thirdLoginTakesOverTheProfileAsTheTutorialSendsIt() {
    ProfileEvent event = profile();
    String twice = encoded(encoded(event.encryptedData()));

    Response response =
        server.http.get(
            "/thirdLogin.html?code="
                + server.code("alice")
                + "&encryptedData="
                + twice
                + "&iv="
                + event.iv());

    assertEquals("老王", me(response.field("session_id")).get("nickName").getAsString());
  }

  @Test
  void thirdLoginStandsWithoutAProfileThatOpens() {
    String token = server.login("alice").token();
    server.http.send(
        "PUT",
        "/api/me",
        json("nickName", "老李").toString(),
        bearer(token, "Content-Type", "application/json"));
    ProfileEvent event = profile();

    for (String iv : List.of("AAAAAAAAAAAAAAAAAAAAAA==", "x", "")) {
      Response response =
          get(
              "/thirdLogin",
              "code",
              server.code("alice"),
              "encryptedData",
              event.encryptedData(),
              "iv",
              iv);

      assertEquals("0", response.field("code"), response.toString());
      assertEquals("老李", me(response.field("session_id")).get("nickName").getAsString());
    }
  }

  @Test
  void thirdLoginStandsWithDataThatAreTooLong() {
    JsonObject body =
        json("code", server.code("alice"), "encryptedData", "A".repeat(8_193), "iv", "x");

    Response response = server.http.post("/thirdLogin.html", body.toString());

    assertEquals("0", response.field("code"), response.toString());
  }

  @Test
  void thirdLoginTakesOverNoAnonymousProfile() {
    server.login("alice");
    ProfileEvent event = server.weChat.profile(APP, ALICE);

    Response response =
        get(
            "/thirdLogin",
            "code",
            server.code("alice"),
            "encryptedData",
            event.encryptedData(),
            "iv",
            event.iv());

    assertEquals("", me(response.field("session_id")).get("nickName").getAsString());
  }

  @Test
  void thirdLoginFailsAsTheOtherPagesDo() {
    server.weChat.faults(Fault.errcode(40226));

    Response response = get("/thirdLogin.html", "code", server.code("alice"));

    assertEquals(200, response.status());
    assertEquals("40226", response.field("code"));
    assertEquals("user_blocked", response.field("error"));
    assertEquals("-1", get("/thirdLogin.html").field("code"));
  }

  private ProfileEvent profile() {
    server.weChat.loginCode(APP, ALICE);
    JsonObject userInfo = json("nickName", "老王", "city", "广州");
    userInfo.addProperty("gender", 1);
    return server.weChat.profile(APP, ALICE, userInfo);
  }

  private Response phonePage(PhoneEvent tap, String code) {
    return get(
        "/getPhoneNumber.html",
        "appid",
        APP,
        "secret",
        "canary-app-secret-in-a-client",
        "code",
        code,
        "encryptedData",
        tap.encryptedData(),
        "iv",
        tap.iv());
  }

  private Response get(String path, String... parameters) {
    Map<String, String> query = new LinkedHashMap<>();
    for (int i = 0; i < parameters.length; i += 2) {
      query.put(parameters[i], parameters[i + 1]);
    }
    return server.http.get(path + TestHttp.query(query), "content-type", "application/json");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
