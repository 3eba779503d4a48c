package io.thirdsession.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonFieldsTest {
  private static final Pattern WORD = Pattern.compile("[a-z]+");

  @Test
  void givesWhatIsThere() {
    JsonFields fields =
        fields("{\"s\":\"abc\",\"n\":2,\"b\":true,\"a\":[\"x\",\"y\"],\"o\":{\"k\":1.5}}");

    assertEquals("abc", fields.required("s", WORD));
    assertEquals(Optional.of(2), fields.optionalInteger("n", 0, 2));
    assertEquals(Optional.of(true), fields.optionalBoolean("b"));
    assertEquals(Optional.of(List.of("x", "y")), fields.optionalStrings("a", WORD, 2));
    assertEquals(Map.of("k", "1.5"), fields.flatObject("o", 1, 8, new LeftOut()));
    fields.end();
  }

  @Test
  void whatIsMissingIsEmptyUnlessItIsRequired() {
    JsonFields fields = fields("{}");

    assertEquals(Optional.empty(), fields.optional("s", WORD));
    assertEquals(Optional.empty(), fields.optionalInteger("n", 0, 2));
    assertEquals(Optional.empty(), fields.optionalBoolean("b"));
    assertEquals(Optional.empty(), fields.optionalStrings("a", WORD, 2));
    assertEquals(Map.of(), fields.flatObject("o", 1, 8, new LeftOut()));
    assertEquals("s is missing", refusal("{}", it -> it.required("s", WORD)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "true", "null", "[]", "{}"})
  void refusesWhatIsNotAString(String json) {
    assertEquals("f must be a string", refusalOf(json, it -> it.optionalString("f")));
  }

  @Test
  void refusesAStringThatDoesNotMatch() {
    assertEquals("f must match [a-z]+", refusalOf("\"A\"", it -> it.optional("f", WORD)));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "2, 2", "2.0, 2", "20e-1, 2", "0e99999999, 0"})
  void takesAWholeNumberInEveryForm(String json, int number) {
    assertEquals(
        Optional.of(number), fields("{\"f\":" + json + "}").optionalInteger("f", 0, 2), json);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"3", "-1", "1.5", "1e-99999999", "1e99999999", "4294967297", "\"1\"", "null"})
  void refusesWhatIsNotAWholeNumberInRange(String json) {
    assertEquals(
        "f must be a whole number from 0 to 2",
        refusalOf(json, it -> it.optionalInteger("f", 0, 2)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "\"true\"", "null"})
  void refusesWhatIsNotABoolean(String json) {
    assertEquals("f must be true or false", refusalOf(json, it -> it.optionalBoolean("f")));
  }

  @Test
  void refusesOtherArraysOfStrings() {
    Consumer<JsonFields> take = it -> it.optionalStrings("f", WORD, 2);

    assertEquals("f must be a non-empty array", refusalOf("[]", take));
    assertEquals("f must be a non-empty array", refusalOf("\"a\"", take));
    assertEquals("f must have at most 2 entries", refusalOf("[\"a\",\"b\",\"c\"]", take));
    assertEquals("f must have only strings that match [a-z]+", refusalOf("[\"a\",1]", take));
    assertEquals("f must have only strings that match [a-z]+", refusalOf("[\"A\"]", take));
  }

  @Test
  void cutsTheValuesOfAnObject() {
    assertEquals(
        Map.of("a", "微信😀"),
        fields("{\"o\":{\"a\":\"微\\n信😀 and more\"}}").flatObject("o", 1, 3, new LeftOut()));
  }

  @Test
  void namesAnUnknownFieldIfItsNameIsHarmless() {
    assertEquals("nickname is an unknown field", refusal("{\"nickname\":1}", JsonFields::end));
    assertEquals("? is an unknown field", refusal("{\"a b\":1}", JsonFields::end));
  }

  @Test
  void ignoresWhatWeChatItselfAdds() {
    fields("{\"errMsg\":\"getUserInfo:ok\",\"errno\":0,\"is_demote\":true,\"cloudID\":\"x\"}")
        .end();
  }

  @Test
  void saysWhyABodyIsRefused() {
    ApiException e =
        assertThrows(ApiException.class, () -> JsonFields.within("f", "{\"a\":1,\"a\":2}"));

    assertEquals("f must be one strict JSON object: duplicate field", e.diagnosis());
  }

  private static String refusalOf(String json, Consumer<JsonFields> take) {
    return refusal("{\"f\":" + json + "}", take);
  }

  private static String refusal(String body, Consumer<JsonFields> take) {
    ApiException e = assertThrows(ApiException.class, () -> take.accept(fields(body)));
    assertEquals(ApiError.INVALID_REQUEST, e.error());
    return e.diagnosis();
  }

  private static JsonFields fields(String body) {
    return JsonFields.within("rawData", body);
  }
}
