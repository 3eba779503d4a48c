package io.thirdsession.app;

import static io.thirdsession.app.AppServer.APP;
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
import io.thirdsession.testing.TestHttp.Answer;
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
    Answer answer = bind(json("code", tap().code()));

    assertEquals(200, answer.status(), answer.toString());
    assertEquals(
        json("phoneNumber", "13580006666", "purePhoneNumber", "13580006666", "countryCode", "86"),
        answer.json());
    assertEquals("no-store", answer.header("Cache-Control"));
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
    CompletableFuture<Answer> late = CompletableFuture.supplyAsync(() -> bind(json("code", code)));
    while (calls(EXCHANGE).size() < 2) {
      Thread.sleep(10);
    }
    post(owner, "/api/sessions/end", json("which", "others"));

    assertEquals(401, late.join().status());
    assertEquals("135****6666", me(owner).get("maskedPhone").getAsString());
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

    Answer answer = bind(json("encryptedData", tap.encryptedData(), "iv", tap.iv()));

    assertEquals(200, answer.status(), answer.toString());
    assertEquals("13580006666", answer.field("phoneNumber"));
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

    Answer answer = bind(both(tap()));

    assertEquals(200, answer.status(), answer.toString());
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

    Answer answer = bind(both(tap()));

    assertEquals(504, answer.status());
    assertEquals("wechat_timeout", answer.field("error"));
    assertEquals(JsonNull.INSTANCE, me(token).get("maskedPhone"));
  }

  @Test
  void neverTakesTheEncryptedDataWhenTheCodeIsRefused() {
    PhoneEvent tap = tap();
    bind(json("code", tap.code()));
    server.http.send("DELETE", "/api/me/phone", null, bearer(token));

    Answer answer = bind(both(tap));

    assertPhoneCodeInvalid(answer);
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

    Answer refused = bind(json("encryptedData", tap.encryptedData(), "iv", tap.iv()));
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

    Answer forged = bind(json("encryptedData", other.encryptedData(), "iv", other.iv()));
    Answer good = bind(json("encryptedData", tap.encryptedData(), "iv", tap.iv()));

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

    Answer answer = bind(json("encryptedData", tap.encryptedData(), "iv", tap.iv()));

    assertEquals("wechat_malformed", answer.field("error"));
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

    Answer answer = post(bob, "/api/me/phone", json("code", server.weChat.phone(APP, BOB).code()));

    assertEquals(200, answer.status());
    assertEquals("135****6666", maskedPhone());
    assertEquals("135****6666", me(bob).get("maskedPhone").getAsString());
    assertEquals(1, database.number("SELECT COUNT(DISTINCT phone_hash) FROM user"));
  }

  @Test
  void unbindsAndDoesNotMindDoingItTwice() {
    bind(json("code", tap().code()));

    for (int i = 0; i < 2; i++) {
      Answer answer = server.http.send("DELETE", "/api/me/phone", null, bearer(token));
      assertEquals(204, answer.status());
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
    Answer answer = server.http.post("/api/me/phone", body, bearer(token));

    assertEquals(400, answer.status(), answer.toString());
    assertEquals(field, answer.field("field"));
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
    CompletableFuture<Answer> binding =
        CompletableFuture.supplyAsync(() -> bind(json("code", code)));
    while (calls(EXCHANGE).isEmpty()) {
      Thread.sleep(10);
    }
    assertEquals(204, server.http.send("DELETE", "/api/me", null, bearer(token)).status());

    assertEquals("session_invalid", binding.get().field("error"));
    assertEquals(0, database.number("SELECT COUNT(*) FROM user"));
  }

  @Test
  void aLoginBindsThePhoneToo() {
    Answer login = loginWithPhone(tap().code());

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

    Answer first = server.http.post("/api/login", json("code", code, "phoneCode", phoneCode) + "");
    Answer second = server.http.post("/api/login", json("code", code, "phoneCode", phoneCode) + "");

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

    Answer login = loginWithPhone(tap().code());

    assertEquals(200, login.status(), login.toString());
    assertEquals(phoneError, login.field("phoneError"));
    assertEquals(JsonNull.INSTANCE, login.json().getAsJsonObject("user").get("maskedPhone"));
    assertEquals(200, server.http.check(login.token()).status());
    assertFalse(deadline.passed());
  }

  @Test
  void aLoginRefusesAPhoneCodeThatCanBeNoneBeforeAnyCodeIsSpent() {
    String code = server.code("alice");

    Answer refused = server.http.post("/api/login", json("code", code, "phoneCode", "a b") + "");

    assertEquals("phoneCode", refused.field("field"));
    assertEquals(200, server.http.login(code).status());
  }

  @Test
  void aLoginTakesAPhoneCodeOf128CharactersAndRefusesMoreBeforeAnyCodeIsSpent() {
    String code = server.code("alice");

    Answer refused = loginWithPhone(code, "a".repeat(129));
    Answer taken = loginWithPhone(code, "a".repeat(128));

    assertEquals(400, refused.status(), refused.toString());
    assertEquals("phoneCode", refused.field("field"));
    assertEquals(200, taken.status(), taken.toString());
    assertEquals("phone_code_invalid", taken.field("phoneError"));
    assertEquals(1, calls(EXCHANGE).size());
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

    Answer answer =
        user.send(
            "/api/me/phone",
            user.encrypt(user.phoneData(phoneNumber, purePhoneNumber, countryCode)));

    assertEquals(200, answer.status(), answer.toString());
    assertEquals(
        json(
            "phoneNumber",
            phoneNumber,
            "purePhoneNumber",
            purePhoneNumber,
            "countryCode",
            countryCode),
        answer.json());
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
  void afterDataThatDidNotOpenWeChatIsAskedWhetherTheKeyIsStaleOnceAMinute() throws Exception {
    for (int i = 0; i < 3; i++) {
      assertDecryptFailed(
          bind(json("encryptedData", base64(new byte[64]), "iv", base64(new byte[16]))));
    }
    for (int i = 0; i < 500 && calls("/wxa/checksession").isEmpty(); i++) {
      Thread.sleep(10);
    }
    Thread.sleep(200);

    assertEquals(1, calls("/wxa/checksession").size());
  }

  private PhoneEvent tap() {
    return server.weChat.phone(APP, ALICE);
  }

  private Answer bind(JsonObject event) {
    return post(token, "/api/me/phone", event);
  }

  private Answer loginWithPhone(String phoneCode) {
    return loginWithPhone(server.code("alice"), phoneCode);
  }

  private Answer loginWithPhone(String code, String phoneCode) {
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

  private static void assertPhoneCodeInvalid(Answer answer) {
    assertEquals(409, answer.status(), answer.toString());
    assertEquals("phone_code_invalid", answer.field("error"));
    assertEquals(
        Set.of("error", "message", "relogin", "retryable", "tapAgain", "requestId"),
        answer.json().keySet());
    assertFalse(answer.json().get("relogin").getAsBoolean());
    assertTrue(answer.json().get("tapAgain").getAsBoolean());
  }

  private static void assertDecryptFailed(Answer answer) {
    assertEquals(409, answer.status(), answer.toString());
    assertEquals("decrypt_failed", answer.field("error"));
  }
}
