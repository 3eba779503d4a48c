package io.thirdsession.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  @Test
  void readsAnObjectOfEveryKindOfValue() {
    JsonObject object =
        Json.readObject("{\"t\":\"微信😀\",\"n\":-1.5e3,\"b\":true,\"z\":null,\"a\":[1,{\"x\":[]}]}");

    assertEquals("微信😀", object.get("t").getAsString());
    assertEquals("-1.5E+3", object.get("n").getAsString());
    assertEquals(2, object.get("a").getAsJsonArray().size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "[]",
        "\"text\"",
        "{",
        "{}{}",
        "{} x",
        "{\"a\":1,\"a\":2}",
        "{\"o\":{\"a\":1,\"a\":1}}",
        "{a:1}",
        "{'a':1}",
        "{\"a\":01}",
        "{\"a\":NaN}",
        "{\"a\":1,}",
        "{\"a\":\"line\nbreak\"}",
        "{\"a\":tru}",
        "{\"a\":1e99999999999}",
        ")]}'{}",
        "\uFEFF{}",
        "{/*c*/}",
      })
  void refusesWhatIsNotOneStrictObject(String text) {
    assertThrows(JsonException.class, () -> Json.readObject(text));
  }

  @Test
  void refusesBytesThatAreNotUtf8() {
    byte[] bytes = "{\"a\":\"?\"}".getBytes(UTF_8);
    bytes[6] = (byte) 0xC0;

    assertThrows(JsonException.class, () -> Json.readObject(bytes));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "x\\ud83d | x\uFFFD",
        "\\ude00x | \uFFFDx",
        "\\uD83D\\uD83D | \uFFFD\uFFFD",
        "\\ud83d\\ude00 | 😀",
        "\\ud83d\\ud83d\\ude00 | \uFFFD😀",
        "\\ud83d\\u0041 | \uFFFDA",
        "\\\\ud83d | \\ud83d",
        "\\u0041 | A",
        "\\\"\\\\ | \"\\",
      })
  void mendsHalvesOfCharactersWhereItIsAskedTo(String text, String expected) {
    String json = "{\"a\":\"" + text + "\"}";

    assertEquals(expected, Json.readMended(json).get("a").getAsString());
    if (expected.contains("\uFFFD")) {
      assertThrows(JsonException.class, () -> Json.readObject(json));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\", "\\u", "\\ud83", "\\ud83g", "\\u\uFF11\uFF11\uFF11\uFF11"})
  void mendsNothingElse(String text) {
    assertThrows(JsonException.class, () -> Json.readMended("{\"a\":\"" + text + "\"}"));
    assertThrows(JsonException.class, () -> Json.readMended("{\"a\":\"" + text));
  }

  @Test
  void readsSixteenLevelsAndRefusesSeventeen() {
    assertEquals(1, Json.readObject(nested(16)).size());
    assertThrows(JsonException.class, () -> Json.readObject(nested(17)));
    assertThrows(JsonException.class, () -> Json.readObject("{\"a\":".repeat(100_000)));
  }

  @Test
  void neverQuotesTheTextInAnException() {
    JsonException e =
        assertThrows(
            JsonException.class, () -> Json.readObject("{\"code\":\"canary\",\"code\":canary}"));

    assertFalse(e.toString().contains("canary"));
  }

  @Test
  void writesTimesInUtcWithThreeDecimals() {
    assertEquals(
        "[\"2026-11-22T08:30:00.000Z\"]",
        Json.write(List.of(Instant.parse("2026-11-22T08:30:00Z"))));
    assertEquals("[\"1970-01-01T00:00:00.007Z\"]", Json.write(List.of(Instant.ofEpochMilli(7))));
  }

  @Test
  void writesNullsAndLeavesHtmlCharactersAsTheyAre() {
    assertEquals("{\"a\":null,\"b\":\"=&<>\"}", Json.write(new Pair(null, "=&<>")));
  }

  @Test
  void leavesOutAnEmptyOptionalAndWritesTheValueOfAnother() {
    Instant at = Instant.parse("2026-11-22T08:30:00Z");

    assertEquals(
        "{\"a\":null,\"text\":\"t\",\"at\":\"2026-11-22T08:30:00.000Z\",\"pair\":{\"a\":null,\"b\":\"\"},"
            + "\"b\":null}",
        Json.write(
            new Optionals(
                null, Optional.of("t"), Optional.of(at), Optional.of(new Pair(null, "")), null)));
    assertEquals(
        "{\"a\":null,\"b\":null}",
        Json.write(
            new Optionals(null, Optional.empty(), Optional.empty(), Optional.empty(), null)));
    assertEquals(
        "[{\"b\":null},{\"b\":null}]",
        Json.write(List.of(new Last(Optional.empty(), null), new Last(Optional.empty(), null))));
  }

  @Test
  void writesAComponentUnderItsNameInJson() {
    assertEquals("{\"third_Session\":\"t\",\"openid\":\"o\"}", Json.write(new Named("t", "o")));
  }

  private static String nested(int levels) {
    return "{\"a\":".repeat(levels - 1) + "{}" + "}".repeat(levels - 1);
  }

  private record Pair(String a, String b) {}

  private record Optionals(
      String a, Optional<String> text, Optional<Instant> at, Optional<Pair> pair, String b) {}

  private record Last(Optional<String> text, String b) {}

  private record Named(@JsonName("third_Session") String thirdSession, String openid) {}
}
