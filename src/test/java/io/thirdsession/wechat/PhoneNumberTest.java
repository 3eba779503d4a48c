package io.thirdsession.wechat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PhoneNumberTest {
  private static final String GOOD =
      "{\"phoneNumber\":\"13580006666\",\"purePhoneNumber\":\"13580006666\",\"countryCode\":\"86\"}";

  @Test
  void readsWeChatsExample() {
    assertEquals(Optional.of(new PhoneNumber("13580006666", "13580006666", "86")), read(GOOD));
  }

  @Test
  void takesACountryCodeThatIsANumberAndFieldsThatNobodyKnows() {
    JsonObject fields = JsonParser.parseString(GOOD).getAsJsonObject();
    fields.addProperty("countryCode", 86);
    fields.addProperty("x", "y");

    assertEquals("86", PhoneNumber.read(fields).orElseThrow().countryCode());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nickName",
        "avatarUrl",
        "gender",
        "language",
        "city",
        "province",
        "country",
        "openId",
        "unionId"
      })
  void isNoProfile(String field) {
    JsonObject fields = JsonParser.parseString(GOOD).getAsJsonObject();
    fields.addProperty(field, "");

    assertEquals(Optional.empty(), PhoneNumber.read(fields));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"phoneNumber\":\"13580006666\"}",
        "{\"phoneNumber\":\"13580006666\",\"purePhoneNumber\":\"13580006666\"}",
        "{\"phoneNumber\":13580006666,\"purePhoneNumber\":\"13580006666\",\"countryCode\":\"86\"}",
        "{\"phoneNumber\":\"13580006666\",\"purePhoneNumber\":\"13580006667\","
            + "\"countryCode\":\"86\"}",
        "{\"phoneNumber\":\"+13580006666x\",\"purePhoneNumber\":\"13580006666x\","
            + "\"countryCode\":\"86\"}",
        "{\"phoneNumber\":\"13580006666\",\"purePhoneNumber\":\"13580006666\","
            + "\"countryCode\":\"+86\"}",
        "{\"phoneNumber\":\"13580006666\",\"purePhoneNumber\":\"13580006666\","
            + "\"countryCode\":8.6}",
        "{\"phoneNumber\":\"13580006666\",\"purePhoneNumber\":\"13580006666\","
            + "\"countryCode\":\"12345\"}",
        "{\"phoneNumber\":\"13580006666\",\"purePhoneNumber\":\"66\",\"countryCode\":\"86\"}",
      })
  void refusesEverythingElse(String json) {
    assertEquals(Optional.empty(), read(json));
  }

  @ParameterizedTest
  @CsvSource({
    "123, 123, 1",
    "+123, 123, 1",
    "123, 123, 1234",
    "123456789012345678901234, 901234, 86",
    "+123456789012345678901234, 901234, 86",
    "12345678901234567890, 12345678901234567890, 86",
    "+12345678901234567890, 12345678901234567890, 86",
  })
  void takesEachFieldFromItsShortestToItsLongest(String whole, String pure, String country) {
    assertEquals(Optional.of(new PhoneNumber(whole, pure, country)), read(whole, pure, country));
  }

  @ParameterizedTest
  @CsvSource({
    "12, 12, 1",
    "+12, 12, 1",
    "123, 23, 1",
    "1234567890123456789012345, 12345, 86",
    "+1234567890123456789012345, 12345, 86",
    "123456789012345678901, 123456789012345678901, 86",
    "++123, 123, 1",
    "123+, 123, 1",
    "+123, +123, 1",
    "'', 123, 1",
    "+, 123, 1",
    "123, '', 1",
    "123, 123, ''",
    "123, 123, 12345",
    "123, 123, +1",
    "\uff11\uff12\uff13, \uff11\uff12\uff13, 1",
    "123, 123, \uff11",
  })
  void takesNoneThatIsShorterOrLongerOrHasAnotherCharacter(
      String whole, String pure, String country) {
    assertEquals(Optional.empty(), read(whole, pure, country));
  }

  @Test
  void isWrittenAsWeChatWritesIt() {
    assertEquals("13580006666", PhoneNumber.of("86", "13580006666").phoneNumber());
    assertEquals("+85212345678", PhoneNumber.of("852", "12345678").phoneNumber());
  }

  @Test
  void isNotSeenWhenPrinted() {
    assertFalse(PhoneNumber.of("86", "13580006666").toString().contains("1358000"));
  }

  private static Optional<PhoneNumber> read(String whole, String pure, String country) {
    JsonObject fields = new JsonObject();
    fields.addProperty("phoneNumber", whole);
    fields.addProperty("purePhoneNumber", pure);
    fields.addProperty("countryCode", country);
    return PhoneNumber.read(fields);
  }

  private static Optional<PhoneNumber> read(String json) {
    return PhoneNumber.read(JsonParser.parseString(json).getAsJsonObject());
  }
}
