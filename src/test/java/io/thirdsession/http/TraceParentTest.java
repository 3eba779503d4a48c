package io.thirdsession.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceParentTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String REST = "-00f067aa0ba902b7-01";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00-" + TRACE + REST,
        "00-" + TRACE + "-00f067aa0ba902b7-00",
        "01-" + TRACE + REST,
        "fe-" + TRACE + REST + "-",
        "cc-" + TRACE + REST + "-what-later-versions-say"
      })
  void hasTheIdOfTheTrace(String header) {
    assertEquals(Optional.of(TRACE), TraceParent.traceId(List.of(header)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        TRACE,
        "00-" + TRACE + "-00f067aa0ba902b7-0",
        "00-" + TRACE + REST + "-",
        "00-" + TRACE + REST + "0",
        "01-" + TRACE + REST + "0",
        "ff-" + TRACE + REST,
        "ff-" + TRACE + REST + "-",
        "0g-" + TRACE + REST,
        "00-00000000000000000000000000000000" + REST,
        "00-" + TRACE + "-0000000000000000-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736" + REST,
        "00-4bf92f3577b34da6a3ce929d0e0e473\n" + REST,
        "00-" + TRACE + "-00f067aa0ba902bx-01",
        "00-" + TRACE + "-00f067aa0ba902b7-0x",
        "00_" + TRACE + REST,
        "00-" + TRACE + "_00f067aa0ba902b7-01",
        "00-" + TRACE + "-00f067aa0ba902b7_01",
        " 00-" + TRACE + REST,
        "00-" + TRACE + REST + " "
      })
  void isLeftOutUnlessItIsWellFormedToTheLetter(String header) {
    assertEquals(Optional.empty(), TraceParent.traceId(List.of(header)));
  }

  @Test
  void isLeftOutWhenItCameTwice() {
    String header = "00-" + TRACE + REST;

    assertEquals(Optional.empty(), TraceParent.traceId(List.of(header, header)));
    assertEquals(Optional.empty(), TraceParent.traceId(List.of()));
  }

  @Test
  void isLeftOutAtOnceHoweverLongItIs() {
    assertEquals(Optional.empty(), TraceParent.traceId(List.of("0".repeat(1_000_000))));
  }
}
