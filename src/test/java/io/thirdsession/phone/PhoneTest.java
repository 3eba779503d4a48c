package io.thirdsession.phone;

import static io.thirdsession.testing.AppServer.APP;
import static io.thirdsession.testing.Eventually.eventually;
import static io.thirdsession.testing.TestHttp.bearer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.thirdsession.Deadline;
import io.thirdsession.simulator.Fault;
import io.thirdsession.simulator.FaultMode;
import io.thirdsession.simulator.PhoneEvent;
import io.thirdsession.simulator.ProfileEvent;
import io.thirdsession.simulator.RecordedCall;
import io.thirdsession.testing.AppServer;
import io.thirdsession.testing.AppTestBase;
import io.thirdsession.testing.OpenDataUser;
import io.thirdsession.testing.TestHttp.Response;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PhoneTest extends AppTestBase {
  private static final String ALICE = AppServer.openId("alice");
  private static final String BOB = AppServer.openId("bob");
  private static final String EXCHANGE = "/wxa/business/getuserphonenumber";

  private String token;

  @BeforeEach
  void logIn() {
    token = server.login("alice").token();
  }

  @Test
  void bindsTheNumberBehindACode() {
    Response response = bind(json("code", tap().code()));

    assertEquals(200, response.status(), response.toString());
    assertEquals(
        json("phoneNumber", "13580006666", "purePhoneNumber", "13580006666", "countryCode", "86"),
        response.json());
    assertEquals("no-store", response.header("Cache-Control"));
    assertEquals("135****6666", maskedPhone());
    assertEquals(List.of("wx_code"), database.column("SELECT phone_source FROM user"));
  }

  @Test
  void whoChangesTheNumberIsTheOnlyOneInside() {
    bind(json("code", tap().code()));
    String other = server.login("alice").token();
    String bob = server.login("bob").token();
    assertEquals(200, bind(json("code", tap().code())).status());
    assertEquals(200, server.http.check(other).status(), "it is the same number");

    PhoneEvent tap = server.weChat.phone(APP, ALICE, "13900001111");
    assertEquals(200, bind(json("code", tap.code())).status());

    assertEquals(401, server.http.check(other).status());
    assertEquals(200, server.http.check(token).status());
    assertEquals(200, server.http.check(bob).status());
    assertEquals("139****1111", maskedPhone());
  }

  @Test
  void whoTakesTheNumberAwayIsTheOnlyOneInsideToo() {
    String other = server.login("alice").token();
    server.http.send("DELETE", "/api/me/phone", null, bearer(token));
    assertEquals(200, server.http.check(other).status(), "there was none");
    bind(json("code", tap().code()));

    assertEquals(204, server.http.send("DELETE", "/api/me/phone", null, bearer(token)).status());

    assertEquals(401, server.http.check(other).status());
    assertEquals(200, server.http.check(token).status());
  }

  /** Of two who are inside, the one who was thrown out while WeChat was slow changes nothing. */
  @Test
  void aSessionThatWasEndedMeanwhileChangesNoNumber() throws Exception {
    bind(json("code", tap().code()));
    String owner = server.login("alice").token();
    String code = server.weChat.phone(APP, ALICE, "13900001111").code();
    server.weChat.faults(Fault.of(FaultMode.OK).delayed(Duration.ofSeconds(1)).on(EXCHANGE));
    CompletableFuture<Response> late =
        CompletableFuture.supplyAsync(() -> bind(json("code", code)));
    eventually(() -> assertEquals(2, calls(EXCHANGE).size()));
    post(owner, "/api/sessions/end", json("which", "others"));

    assertEquals(401, late.join().status());
    assertEquals("135****6666", me(owner).get("maskedPhone").getAsString());
  }

  /** There is no other session to end, and so no other reason to look at this one. */
  @Test
  void aSessionThatEndsWhileWeChatThinksBindsNoFirstNumberEither() {
    String code = tap().code();
    server.weChat.faults(Fault.of(FaultMode.OK).delayed(Duration.ofSeconds(1)).on(EXCHANGE));
    CompletableFuture<Response> late =
        CompletableFuture.supplyAsync(() -> bind(json("code", code)));
    eventually(() -> assertEquals(1, calls(EXCHANGE).size()));
    server.http.logout(token);

    assertEquals(401, late.join().status());
    assertEquals(0, database.number("SELECT COUNT(phone_sealed) FROM user"));
  }

  @Test
  void theFirstNumberEndsNoSession() {
    String other = server.login("alice").token();

    bind(json("code", tap().code()));

    assertEquals(200, server.http.check(other).status());
  }

  @Test
  void tellsWeChatWhoseTheCodeMustBe() {
    bind(json("code", tap().code()));

    assertTrue(calls(EXCHANGE).get(0).body().contains(ALICE));
  }

  @Test
  void tellsNobodyIfThatIsSwitchedOff() throws Exception {
    restart("PHONE_OPENID", "false");
    token = server.login("alice").token();

    assertEquals(200, bind(json("code", tap().code())).status());
    assertFalse(calls(EXCHANGE).get(0).body().contains(ALICE));
  }

  @Test
  void bindsTheNumberThatWeChatEncrypted() {
    PhoneEvent tap = tap();

    Response response = bind(json("encryptedData", tap.encryptedData(), "iv", tap.iv()));

    assertEquals(200, response.status(), response.toString());
    assertEquals("13580006666", response.field("phoneNumber"));
    assertEquals("135****6666", maskedPhone());
    assertEquals(List.of("wx_encrypted"), database.column("SELECT phone_source FROM user"));
    assertEquals(List.of(), calls(EXCHANGE));
  }

  @Test
  void takesTheEventAsItIsAndTheCodeFirst() {
    PhoneEvent tap = tap();
    JsonObject event = both(tap);
    event.addProperty("errMsg", "getPhoneNumber:ok");
    event.addProperty("errno", 0);
    event.addProperty("cloudID", "x");

    assertEquals(200, bind(event).status());
    assertEquals(List.of("wx_code"), database.column("SELECT phone_source FROM user"));
  }

  @ParameterizedTest
  @ValueSource(ints = {40125, 40164, 45009, -1})
  void takesTheEncryptedDataWhenThereIsNoAccessToken(int errcode) {
    server.weChat.faults(Fault.errcode(errcode).on("/cgi-bin/stable_token"));

    Response response = bind(both(tap()));

    assertEquals(200, response.status(), response.toString());
    assertEquals(List.of("wx_encrypted"), database.column("SELECT phone_source FROM user"));
    assertEquals(List.of(), calls(EXCHANGE));
  }

  @Test
  void takesTheEncryptedDataWhenWeChatRefusesEveryAccessToken() {
    server.weChat.faults(Fault.errcode(40001).on(EXCHANGE));

    assertEquals(200, bind(both(tap())).status());
    assertEquals(List.of("wx_encrypted"), database.column("SELECT phone_source FROM user"));
  }

  @Test
  void neverTakesTheEncryptedDataAfterATimeOut() {
    server.weChat.faults(Fault.of(FaultMode.HANG).on(EXCHANGE));

    Response response = bind(both(tap()));

    assertEquals(504, response.status());
    assertEquals("wechat_timeout", response.field("error"));
    assertEquals(JsonNull.INSTANCE, me(token).get("maskedPhone"));
  }

  @Test
  void neverTakesTheEncryptedDataWhenTheCodeIsRefused() {
    PhoneEvent tap = tap();
    bind(json("code", tap.code()));
    server.http.send("DELETE", "/api/me/phone", null, bearer(token));

    Response response = bind(both(tap));

    assertPhoneCodeInvalid(response);
    assertEquals(JsonNull.INSTANCE, me(token).get("maskedPhone"));
  }

  @Test
  void refusesTheCodeOfSomebodyElse() {
    server.login("bob");

    assertPhoneCodeInvalid(bind(json("code", server.weChat.phone(APP, BOB).code())));
    assertEquals(0, database.number("SELECT COUNT(*) FROM user WHERE phone_sealed IS NOT NULL"));
  }

  @Test
  void refusesALoginCode() {
    assertPhoneCodeInvalid(bind(json("code", server.code("alice"))));
  }

  @Test
  void takesNoEncryptedDataWhereThatIsSwitchedOff() throws Exception {
    restart("PHONE_ENCRYPTED", "off");
    token = server.login("alice").token();
    PhoneEvent tap = tap();

    Response refused = bind(json("encryptedData", tap.encryptedData(), "iv", tap.iv()));
    assertEquals(400, refused.status());
    assertEquals("encryptedData", refused.field("field"));

    server.weChat.faults(Fault.errcode(40125).on("/cgi-bin/stable_token"));
    assertEquals("wechat_config", bind(both(tap)).field("error"));

    server.weChat.faults(Fault.of(FaultMode.OK));
    server.clock.advance(Duration.ofSeconds(30)); // no sooner is WeChat asked for a token again
    assertEquals(200, bind(both(tap)).status());
  }

  @Test
  void asksWeChatFirstWhetherItHasEncryptedThatWhereItIsTold() throws Exception {
    restart("PHONE_ENCRYPTED", "checked");
    token = server.login("alice").token();
    PhoneEvent tap = tap();
    ProfileEvent other = server.weChat.profile(APP, ALICE); // WeChat knows phone data only

    Response forged = bind(json("encryptedData", other.encryptedData(), "iv", other.iv()));
    Response good = bind(json("encryptedData", tap.encryptedData(), "iv", tap.iv()));

    assertDecryptFailed(forged);
    assertEquals(0, database.number("SELECT key_failures FROM identity"), "no key was tried");
    assertEquals(200, good.status(), good.toString());
  }

  @Test
  void bindsNothingThatCouldNotBeCheckedWhereItIsTold() throws Exception {
    restart("PHONE_ENCRYPTED", "checked");
    token = server.login("alice").token();
    PhoneEvent tap = tap();
    server.weChat.faults(Fault.of(FaultMode.GARBAGE).on("/wxa/business/checkencryptedmsg"));

    Response response = bind(json("encryptedData", tap.encryptedData(), "iv", tap.iv()));

    assertEquals("wechat_malformed", response.field("error"));
    assertEquals(JsonNull.INSTANCE, me(token).get("maskedPhone"));
  }

  @Test
  void aNewNumberTakesThePlaceOfTheOldOne() {
    bind(json("code", tap().code()));

    bind(json("code", server.weChat.phone(APP, ALICE, "+85212345678").code()));

    assertEquals("******78", maskedPhone());
  }

  @Test
  void twoUsersMayHoldOneNumber() {
    bind(json("code", tap().code()));
    String bob = server.login("bob").token();

    Response response =
        post(bob, "/api/me/phone", json("code", server.weChat.phone(APP, BOB).code()));

    assertEquals(200, response.status());
    assertEquals("135****6666", maskedPhone());
    assertEquals("135****6666", me(bob).get("maskedPhone").getAsString());
    assertEquals(1, database.number("SELECT COUNT(DISTINCT phone_hash) FROM user"));
  }

  @Test
  void unbindsAndDoesNotMindDoingItTwice() {
    bind(json("code", tap().code()));

    for (int i = 0; i < 2; i++) {
      Response response = server.http.send("DELETE", "/api/me/phone", null, bearer(token));
      assertEquals(204, response.status());
    }

    assertEquals(JsonNull.INSTANCE, me(token).get("maskedPhone"));
    assertEquals(1, database.number("SELECT COUNT(*) FROM user WHERE phone_hash IS NULL"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | code",
        "{\"code\":\"\"} | code",
        "{\"code\":7} | code",
        "{\"code\":null} | code",
        "{\"code\":\"a b\"} | code",
        "{\"encryptedData\":\"AAAA\"} | iv",
        "{\"iv\":\"AAAA\"} | encryptedData",
        "{\"encryptedData\":\"\",\"iv\":\"AAAA\"} | encryptedData",
        "{\"encryptedData\":\"AAAA\",\"iv\":\"\"} | iv",
        "{\"code\":\"abc\",\"phoneNumber\":\"13580006666\"} | phoneNumber",
        "{\"code\":\"abc\",\"sessionKey\":\"tiihtNczf5v6AKRyjwEUhQ==\"} | sessionKey",
        "{\"code\":\"abc\",\"openid\":\"obob\"} | openid",
      })
  void namesTheFieldThatIsWrong(String body, String field) {
    Response response = server.http.post("/api/me/phone", body, bearer(token));

    assertEquals(400, response.status(), response.toString());
    assertEquals(field, response.field("field"));
    assertEquals(List.of(), calls(EXCHANGE));
  }

  @Test
  void takesACodeOf128CharactersAndRefusesMore() {
    assertPhoneCodeInvalid(bind(json("code", "a".repeat(128))));
    assertEquals("code", bind(json("code", "a".repeat(129))).field("field"));
  }

  @Test
  void wantsASession() {
    server.http.logout(token);

    assertEquals(401, bind(json("code", "abc")).status());
    assertEquals(401, server.http.send("DELETE", "/api/me/phone", null, bearer(token)).status());
  }

  @Test
  void findsNobodyWhenTheUserIsErasedWhileWeChatThinks() throws Exception {
    server.weChat.faults(Fault.of(FaultMode.OK).delayed(Duration.ofMillis(400)).on(EXCHANGE));
    String code = tap().code();
    CompletableFuture<Response> binding =
        CompletableFuture.supplyAsync(() -> bind(json("code", code)));
    eventually(() -> assertEquals(1, calls(EXCHANGE).size()));
    assertEquals(204, server.http.send("DELETE", "/api/me", null, bearer(token)).status());

    assertEquals("session_invalid", binding.get().field("error"));
    assertEquals(0, database.number("SELECT COUNT(*) FROM user"));
  }

  @Test
  void aLoginBindsThePhoneToo() {
    Response login = loginWithPhone(tap().code());

    assertEquals(200, login.status(), login.toString());
    assertEquals(
        "135****6666", login.json().getAsJsonObject("user").get("maskedPhone").getAsString());
    assertFalse(login.json().has("phoneError"));
    assertEquals("135****6666", me(login.token()).get("maskedPhone").getAsString());
  }

  @Test
  void aLoginThatIsRepeatedExchangesNeitherCodeTwice() {
    String code = server.code("alice");
    String phoneCode = tap().code();
    server.weChat.clearCalls();

    Response first =
        server.http.post("/api/login", json("code", code, "phoneCode", phoneCode) + "");
    Response second =
        server.http.post("/api/login", json("code", code, "phoneCode", phoneCode) + "");

    assertEquals(first.token(), second.token());
    assertEquals(1, calls(EXCHANGE).size());
    assertEquals(1, calls("/sns/jscode2session").size());
  }

  @ParameterizedTest
  @CsvSource({
    "ERRCODE, 40029, phone_code_invalid",
    "ERRCODE, 45011, rate_limited",
    "ERRCODE, 48001, wechat_config",
    "GARBAGE, 0, wechat_malformed",
    "HANG, 0, wechat_timeout",
  })
  void theLoginStandsWhateverBecomesOfThePhone(FaultMode mode, int errcode, String phoneError) {
    Fault fault = mode == FaultMode.ERRCODE ? Fault.errcode(errcode) : Fault.of(mode);
    server.weChat.faults(fault.on(EXCHANGE));
    Deadline deadline = Deadline.in(Duration.ofSeconds(10));

    Response login = loginWithPhone(tap().code());

    assertEquals(200, login.status(), login.toString());
    assertEquals(phoneError, login.field("phoneError"));
    assertEquals(JsonNull.INSTANCE, login.json().getAsJsonObject("user").get("maskedPhone"));
    assertEquals(200, server.http.check(login.token()).status());
    assertFalse(deadline.passed());
  }

  @Test
  void aLoginStandsWhateverItsPhoneCodeIsAndAsksWeChatForOneThatCanBeACode() {
    Response malformed = loginWithPhone(server.code("alice"), "a b");
    Response tooLong = loginWithPhone(server.code("alice"), "a".repeat(129));
    assertEquals("invalid_request", malformed.field("phoneError"));
    assertEquals("invalid_request", tooLong.field("phoneError"));
    assertEquals(0, calls(EXCHANGE).size());

    Response longest = loginWithPhone(server.code("alice"), "a".repeat(128));

    assertEquals("phone_code_invalid", longest.field("phoneError"));
    assertEquals(1, calls(EXCHANGE).size());
    assertEquals(200, server.http.check(longest.token()).status());
  }

  @ParameterizedTest
  @CsvSource({
    "123, 123, 1, *23",
    "+123, 123, 1, *23",
    "+1123, 123, 1, *23",
    "+8613580006666, 13580006666, 86, 135****6666",
    "123412345678901234567890, 12345678901234567890, 1234, 123*************7890",
    "+123412345678901234567890, 12345678901234567890, 1234, 123*************7890",
  })
  void bindsTheShortestAndTheLongestNumberOfEncryptedData(
      String phoneNumber, String purePhoneNumber, String countryCode, String masked) {
    OpenDataUser user = OpenDataUser.logIn(server, "alice");

    Response response =
        user.send(
            "/api/me/phone",
            user.encrypt(user.phoneData(phoneNumber, purePhoneNumber, countryCode)));

    assertEquals(200, response.status(), response.toString());
    assertEquals(
        json(
            "phoneNumber",
            phoneNumber,
            "purePhoneNumber",
            purePhoneNumber,
            "countryCode",
            countryCode),
        response.json());
    assertEquals(masked, maskedPhone());
  }

  @ParameterizedTest
  @CsvSource({
    "12, 12, 1",
    "1234512345678901234567890, 12345678901234567890, 1234",
    "+1234512345678901234567890, 12345678901234567890, 1234",
    "123456789012345678901, 123456789012345678901, 1",
    "+12345123, 123, 12345",
  })
  void bindsNoShorterAndNoLongerOne(
      String phoneNumber, String purePhoneNumber, String countryCode) {
    OpenDataUser user = OpenDataUser.logIn(server, "alice");

    assertDecryptFailed(
        user.send(
            "/api/me/phone",
            user.encrypt(user.phoneData(phoneNumber, purePhoneNumber, countryCode))));
    assertEquals(JsonNull.INSTANCE, me(token).get("maskedPhone"));
  }

  @Test
  void asksWeChatOnceAMinuteWhetherTheKeyIsStale() throws Exception {
    for (int i = 0; i < 3; i++) {
      assertDecryptFailed(
          bind(json("encryptedData", base64(new byte[64]), "iv", base64(new byte[16]))));
    }
    OpenDataUser bob = OpenDataUser.logIn(server, "bob");
    bob.send("/api/me/phone", bob.encryptUnderAnotherKey(bob.phoneData()));

    eventually(() -> assertEquals(1, checksOf(bob.openId())));
    assertEquals(1, checksOf(ALICE));
  }

  private long checksOf(String openId) {
    return calls("/wxa/checksession").stream()
        .filter(call -> openId.equals(call.query().get("openid")))
        .count();
  }

  private PhoneEvent tap() {
    return server.weChat.phone(APP, ALICE);
  }

  private Response bind(JsonObject event) {
    return post(token, "/api/me/phone", event);
  }

  private Response loginWithPhone(String phoneCode) {
    return loginWithPhone(server.code("alice"), phoneCode);
  }

  private Response loginWithPhone(String code, String phoneCode) {
    return server.http.post("/api/login", json("code", code, "phoneCode", phoneCode).toString());
  }

  private String maskedPhone() {
    return me(token).get("maskedPhone").getAsString();
  }

  private List<RecordedCall> calls(String path) {
    return server.weChat.calls().stream().filter(call -> call.path().equals(path)).toList();
  }

  private static JsonObject both(PhoneEvent tap) {
    return json("code", tap.code(), "encryptedData", tap.encryptedData(), "iv", tap.iv());
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static void assertPhoneCodeInvalid(Response response) {
    assertEquals(409, response.status(), response.toString());
    assertEquals("phone_code_invalid", response.field("error"));
    assertEquals(
        Set.of("error", "message", "relogin", "retryable", "tapAgain", "requestId"),
        response.json().keySet());
    assertFalse(response.json().get("relogin").getAsBoolean());
    assertTrue(response.json().get("tapAgain").getAsBoolean());
  }

  private static void assertDecryptFailed(Response response) {
    assertEquals(409, response.status(), response.toString());
    assertEquals("decrypt_failed", response.field("error"));
  }
}
