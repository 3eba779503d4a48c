package io.thirdsession.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.testing.CpuTime;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderValueTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json;charset=utf-8",
        " application/json ; charset = utf-8 ; ",
        "application/json; CHARSET=\"utf-8\"",
        "application/json;charset=\"ut\\f-8\";",
      })
  void findsTheParameterHoweverItIsWritten(String text) {
    assertEquals(
        Optional.of(new HeaderValue("application/json", Map.of("charset", "utf-8"))),
        HeaderValue.parse(text));
  }

  @Test
  void aSemicolonInQuotesEndsNothing() {
    HeaderValue value = HeaderValue.parse("form-data; name=\"a; filename=b\"").orElseThrow();

    assertEquals(Map.of("name", "a; filename=b"), value.parameters());
  }

  @Test
  void aParameterNeedsNoValue() {
    assertEquals(
        Map.of("charset", "", "odata", ""),
        HeaderValue.parse("application/json; odata; charset=").orElseThrow().parameters());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a; b=1; b=2", "a; b=\"1", "a; b=\"1\"2", "a; b=\"\\"})
  void refusesWhatCanBeReadInTwoWays(String text) {
    assertEquals(Optional.empty(), HeaderValue.parse(text));
  }

  @Test
  void noHeaderIsSlowToRead() {
    String[] worst = {
      "application/json" + ";charset=utf8".repeat(560) + "\u0085",
      "application/json" + ";charset".repeat(500) + "\u0085",
      "a" + " ;".repeat(2_000) + "x",
      "a;" + " ".repeat(4_000) + "x",
      "a;b=\"" + "\\".repeat(4_000),
      ";".repeat(1_000_000),
    };

    Duration all =
        CpuTime.of(
            () -> {
              for (int i = 0; i < 100; i++) {
                for (String text : worst) {
                  HeaderValue.parse(text);
                }
              }
            });

    long micros = all.dividedBy(600).toNanos() / 1_000;
    assertTrue(micros < 2_000, micros + " µs for a header");
  }
}
