package io.thirdsession.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaskingTest {

  @Test
  void masksSecretsInAQuery() {
    assertEquals(
        "appid=a&secret=***&s%65cret=***&access_token=***&x",
        Masking.rawQuery("appid=a&secret=1&s%65cret=2&access_token=3&x"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"secret\" : \"a\\\"b\",\"x\":1} | {\"secret\":\"***\",\"x\":1}",
        "{\"session_key\":\"a\\/b==\",\"openid\":\"o\"} | {\"session_key\":\"***\",\"openid\":\"o\"}",
        "{\"access_token\":12} | {\"access_token\":\"***\"}",
        "{\"session_key\":\"cut | {\"session_key\":\"***\"",
        "secret=a&appid=b | secret=***&appid=b",
        "{\"a\":\"b=c&d\"} | {\"a\":\"b=c&d\"}",
      })
  void masksSecretsInABody(String body, String masked) {
    assertEquals(masked, Masking.body(body));
  }
}
