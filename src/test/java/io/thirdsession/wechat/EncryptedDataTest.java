package io.thirdsession.wechat;

import static io.thirdsession.testing.AppServer.APP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.thirdsession.wechat.OpenDataException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncryptedDataTest {
  private static final Map<String, JsonObject> VECTORS = new HashMap<>();

  @BeforeAll
  static void readKnownAnswers() throws IOException {
    JsonObject all =
        JsonParser.parseString(Files.readString(Path.of("src/test/resources/wechat-vectors.json")))
            .getAsJsonObject();
    VECTORS.put("official", all.getAsJsonObject("official"));
    for (JsonElement vector : all.getAsJsonArray("synthetic")) {
      VECTORS.put(vector.getAsJsonObject().get("name").getAsString(), vector.getAsJsonObject());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "official",
        "phone_docs_example_number",
        "phone_own_key",
        "full_padding_block_and_unknown_field",
        "utf8_nickname",
      })
  void opensTheKnownAnswers(String name) {
    JsonObject expected =
        JsonParser.parseString(VECTORS.get(name).get("expectedPlaintext").getAsString())
            .getAsJsonObject();
    OpenData data = decrypt(VECTORS.get(name));

    data.check(appId(name), openId(expected), madeAt(expected));

    expected.remove("watermark");
    assertEquals(expected.toString(), data.claims().toString());
  }

  @ParameterizedTest
  @CsvSource({
    "wrong_watermark_appid, FOREIGN_APP",
    "no_watermark, NO_WATERMARK",
    "not_json, WRONG_KEY",
    "wrong_session_key, WRONG_KEY",
    "truncated_ciphertext, MALFORMED",
    "iv_15_bytes, MALFORMED",
    "empty_ciphertext, MALFORMED",
    "malleable_iv, FOREIGN_OPENID",
  })
  void refusesTheKnownForgeriesAndMistakes(String name, Reason reason) {
    Instant when =
        name.equals("malleable_iv")
            ? Instant.ofEpochSecond(1_477_314_187)
            : Instant.ofEpochSecond(1_700_000_000);

    OpenDataException e =
        assertThrows(
            OpenDataException.class,
            () ->
                decrypt(VECTORS.get(name))
                    .check(appId(name), "oGZUI0egBJY1zhBYw2KhdUfwVJJE", when));

    assertEquals(reason, e.reason());
  }

  @Test
  void repairsBlanksWherePlusWas() {
    JsonObject official = VECTORS.get("official");

    assertEquals(
        decrypt(official).claims().toString(),
        decrypt(VECTORS.get("plus_turned_into_space")).claims().toString());
  }

  @Test
  void repairsPercentEncodingAppliedOnceAndTwice() {
    JsonObject official = VECTORS.get("official");
    String once =
        text(official, "encryptedData").replace("+", "%2B").replace("/", "%2F").replace("=", "%3D");
    String twice = once.replace("%", "%25");
    String expected = decrypt(official).claims().toString();

    for (String sent : new String[] {once, twice}) {
      OpenData opened = EncryptedData.parse(sent, text(official, "iv")).decrypt(key(official));
      assertEquals(expected, opened.claims().toString());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 12, 15, 17, 32})
  void refusesAnIvOfAnotherLength(int bytes) {
    String iv = Base64.getEncoder().encodeToString(new byte[bytes]);

    assertEquals(
        Reason.MALFORMED, failure(() -> EncryptedData.parse("AAAAAAAAAAAAAAAAAAAAAA==", iv)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"AAAA*AAA", "AAA", "A===", "====", "AAAAAAAAAAAAAAAAAAAAA===", "AA\nAA", "微信"})
  void refusesWhatIsNotBase64(String text) {
    assertEquals(
        Reason.MALFORMED, failure(() -> EncryptedData.parse(text, "AAAAAAAAAAAAAAAAAAAAAA==")));
  }

  @ParameterizedTest
  @CsvSource({"-300, ", "-301, STALE", "60, ", "61, STALE", "0, "})
  void takesDataOfTheLastFiveMinutesAndOneAhead(long ageInSeconds, Reason reason) {
    JsonObject official = VECTORS.get("official");
    Instant made = Instant.ofEpochSecond(1_477_314_187);
    Instant now = made.minusSeconds(ageInSeconds);

    if (reason == null) {
      decrypt(official).check(text(official, "appid"), "oGZUI0egBJY1zhBYw2KhdUfwVJJE", now);
    } else {
      assertEquals(
          reason,
          failure(
              () ->
                  decrypt(official)
                      .check(text(official, "appid"), "oGZUI0egBJY1zhBYw2KhdUfwVJJE", now)));
    }
  }

  @Test
  void printsNothingOfWhatItHolds() {
    assertFalse(decrypt(VECTORS.get("phone_own_key")).toString().contains("138"));
  }

  private static OpenData decrypt(JsonObject vector) {
    return EncryptedData.parse(text(vector, "encryptedData"), text(vector, "iv"))
        .decrypt(key(vector));
  }

  private static SessionKey key(JsonObject vector) {
    return SessionKey.parse(text(vector, "sessionKey")).orElseThrow();
  }

  private static String appId(String name) {
    JsonObject vector = VECTORS.get(name);
    return vector.has("appid") ? text(vector, "appid") : APP;
  }

  private static String openId(JsonObject plain) {
    return plain.has("openId") ? text(plain, "openId") : "nobody";
  }

  private static Instant madeAt(JsonObject plain) {
    return Instant.ofEpochSecond(plain.getAsJsonObject("watermark").get("timestamp").getAsLong());
  }

  private static String text(JsonObject object, String name) {
    return object.get(name).getAsString();
  }

  private static Reason failure(Runnable action) {
    return assertThrows(OpenDataException.class, action::run).reason();
  }
}
