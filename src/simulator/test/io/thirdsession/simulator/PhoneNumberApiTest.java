package io.thirdsession.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhoneNumberApiTest extends SimulatorTestBase {

  @BeforeEach
  void logIn() throws Exception {
    logInAlice();
  }

  @Test
  void givesThePhoneNumberWithTheWatermarkOfTheTap() throws Exception {
    String code = simulator.phone(APP, ALICE).code();
    simulator.advance(Duration.ofSeconds(20));

    JsonObject response = phoneNumber(code);

    assertErrcode(0, response);
    assertEquals(
        """
        {"phoneNumber":"13580006666","purePhoneNumber":"13580006666","countryCode":"86",\
        "watermark":{"timestamp":%d,"appid":"%s"}}"""
            .formatted(START.getEpochSecond(), APP),
        response.get("phone_info").toString());
  }

  @Test
  void givesAForeignNumberWithItsAreaCode() throws Exception {
    String code = simulator.phone(APP, ALICE, "+12025550123").code();

    JsonObject phoneInfo = phoneNumber(code).getAsJsonObject("phone_info");

    assertEquals("+12025550123", phoneInfo.get("phoneNumber").getAsString());
    assertEquals("2025550123", phoneInfo.get("purePhoneNumber").getAsString());
    assertEquals("1", phoneInfo.get("countryCode").getAsString());
  }

  @Test
  void makesCodesOf64HexCharacters() {
    assertTrue(simulator.phone(APP, ALICE).code().matches("[0-9a-f]{64}"));
  }

  @Test
  void refusesAPhoneCodeThatWasUsed() throws Exception {
    String code = simulator.phone(APP, ALICE).code();
    phoneNumber(code);

    assertErrcode(40029, phoneNumber(code));
  }

  @Test
  void refusesALoginCodeAndDoesNotSpendIt() throws Exception {
    String code = simulator.loginCode(APP, ALICE);

    assertErrcode(40029, phoneNumber(code));
    assertTrue(exchange(code).has("openid"));
  }

  @Test
  void acceptsAPhoneCodeOneMillisecondBeforeFiveMinutes() throws Exception {
    String code = simulator.phone(APP, ALICE).code();
    simulator.advance(Duration.ofMinutes(5).minusMillis(1));

    assertErrcode(0, phoneNumber(code));
  }

  @Test
  void refusesAPhoneCodeAtExactlyFiveMinutes() throws Exception {
    String code = simulator.phone(APP, ALICE).code();
    simulator.advance(Duration.ofMinutes(5));

    assertErrcode(40029, phoneNumber(code));
  }

  @Test
  void refusesACodeOfAnotherUserWhenAnOpenIdIsGiven() throws Exception {
    String code = simulator.phone(APP, ALICE).code();

    assertErrcode(40029, phoneNumber(code, ",\"openid\":\"" + BOB + "\""));
    assertErrcode(0, phoneNumber(code, ",\"openid\":\"" + ALICE + "\""));
  }

  @Test
  void refusesTheTokenOfAnotherApp() throws Exception {
    String token = stableToken(OTHER_APP, OTHER_SECRET).get("access_token").getAsString();
    String body = "{\"code\":\"" + simulator.phone(APP, ALICE).code() + "\"}";

    assertErrcode(40013, postJson("/wxa/business/getuserphonenumber?access_token=" + token, body));
  }

  @Test
  void refusesAnExpiredToken() throws Exception {
    String path = "/wxa/business/getuserphonenumber?access_token=" + accessToken();
    simulator.advance(Duration.ofHours(2));

    assertErrcode(42001, postJson(path, "{\"code\":\"c\"}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "44002 | ''",
        "47001 | code=abc",
        "47001 | {\"code\":1}",
        "47001 | {'code':'abc'}",
        "47001 | {\"code\":\"abc\",\"openid\":1}",
        "41008 | {}",
        "40029 | {\"code\":\"abc\"}",
      })
  void refusesABadBody(int errcode, String body) throws Exception {
    String path = "/wxa/business/getuserphonenumber?access_token=" + accessToken();

    assertErrcode(errcode, postJson(path, body));
  }

  @Test
  void refusesAGet() throws Exception {
    assertErrcode(43002, getJson("/wxa/business/getuserphonenumber?access_token=x"));
  }

  @Test
  void knowsTheDataItEncryptedByTheHashOfTheBase64Text() throws Exception {
    String encryptedData = simulator.phone(APP, ALICE).encryptedData();

    JsonObject response = checkHashOf(encryptedData.getBytes(StandardCharsets.US_ASCII));

    assertErrcode(0, response);
    assertTrue(response.get("vaild").getAsBoolean());
    assertEquals(START.getEpochSecond(), response.get("create_time").getAsLong());
  }

  @Test
  void knowsTheDataItEncryptedByTheHashOfTheBytes() throws Exception {
    String encryptedData = simulator.phone(APP, ALICE).encryptedData();

    assertErrcode(0, checkHashOf(Base64.getDecoder().decode(encryptedData)));
  }

  @Test
  void doesNotKnowOtherData() throws Exception {
    assertErrcode(1, checkHashOf(new byte[16]));
  }

  @Test
  void forgetsEncryptedDataAfterThreeDays() throws Exception {
    String encryptedData = simulator.phone(APP, ALICE).encryptedData();
    simulator.advance(Duration.ofDays(3));

    assertErrcode(1, checkHashOf(encryptedData.getBytes(StandardCharsets.US_ASCII)));
  }

  @Test
  void takesTheHashAsAFormToo() throws Exception {
    String encryptedData = simulator.phone(APP, ALICE).encryptedData();
    String hash = hashOf(encryptedData.getBytes(StandardCharsets.US_ASCII));

    assertErrcode(0, checkEncrypted("encrypted_msg_hash=" + hash));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "44002 | ''",
        "47001 | encrypted_msg_hash=",
        "47001 | hash=abc",
        "47001 | {\"encrypted_msg_hash\":1}",
        "47001 | {\"encrypted_msg_hash\":",
        "1 | encrypted_msg_hash=abc",
      })
  void refusesWhatBearsNoHash(int errcode, String body) throws Exception {
    assertErrcode(errcode, checkEncrypted(body));
  }

  private JsonObject phoneNumber(String code) throws Exception {
    return phoneNumber(code, "");
  }

  private JsonObject phoneNumber(String code, String furtherFields) throws Exception {
    return postJson(
        "/wxa/business/getuserphonenumber?access_token=" + accessToken(),
        "{\"code\":\"" + code + "\"" + furtherFields + "}");
  }

  private JsonObject checkHashOf(byte[] data) throws Exception {
    return checkEncrypted("{\"encrypted_msg_hash\":\"" + hashOf(data) + "\"}");
  }

  private JsonObject checkEncrypted(String body) throws Exception {
    return postJson("/wxa/business/checkencryptedmsg?access_token=" + accessToken(), body);
  }

  private static String hashOf(byte[] data) {
    return HexFormat.of().formatHex(WeChatCrypto.sha256(data));
  }
}
