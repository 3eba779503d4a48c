package io.thirdsession.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.testing.CpuTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultipartBodyTest {
  private static final String FILE =
      "Content-Disposition: form-data; name=\"f\"; filename=\"a.png\"\r\n\r\n";
  private static final String FIELD = "Content-Disposition: form-data; name=\"a\"\r\n\r\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--x\r\n" + FILE + "PNG\r\n--x--\r\n",
        "--x\r\n" + FILE + "PNG\r\n--x--",
        "--x \t\r\n" + FILE + "PNG\r\n--x--epilogue",
        "preamble\r\n--x\r\n" + FILE + "PNG\r\n--x--\r\n",
        "--x\r\n" + FIELD + "b\r\n--x\r\n" + FILE + "PNG\r\n--x--\r\n",
        "--x\r\n" + FIELD + "\r\n--x\r\n" + FILE + "PNG\r\n--x--\r\n",
        "--x\r\n\r\nno headers\r\n--x\r\n" + FILE + "PNG\r\n--x--\r\n",
        "--x\r\nContent-Type: image/png\r\ncontent-disposition:FORM-DATA;filename=a\r\n\r\n"
            + "PNG\r\n--x--\r\n",
        "--x\r\nContent-Disposition: form-data; filename*=UTF-8''a\r\n\r\nPNG\r\n--x--\r\n",
      })
  void findsTheFile(String body) {
    assertEquals(List.of("PNG"), files(body, "x"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--x--\r\n",
        "--x\r\n" + FIELD + "b\r\n--x--\r\n",
        "--x\r\nContent-Disposition: form-data; name=\"a; filename=b\"\r\n\r\nPNG\r\n--x--\r\n",
        "--x\r\nContent-Disposition: attachment; filename=b\r\n\r\nPNG\r\n--x--\r\n",
        "--x\r\nX-Content-Disposition: form-data; filename=b\r\n\r\nPNG\r\n--x--\r\n",
      })
  void aPartWithoutTheNameOfAFileIsNone(String body) {
    assertEquals(List.of(), files(body, "x"));
  }

  @Test
  void contentMayLookLikeABoundary() {
    String content = "\r\n--\r\n-x\r\n--y--x\r\n\r\n";

    assertEquals(List.of(content), files("--x\r\n" + FILE + content + "\r\n--x--", "x"));
  }

  @Test
  void aFileMayBeEmptyAndThereMayBeTwo() {
    assertEquals(
        List.of("", "b"), files("--x\r\n" + FILE + "\r\n--x\r\n" + FILE + "b\r\n--x--\r\n", "x"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "--x",
        "--x\r\n",
        "--x\r\n" + FILE,
        "--x\r\n" + FILE + "PNG",
        "--x\r\n" + FILE + "PNG\r\n--x",
        "--x\r\n" + FILE + "PNG\r\n--x\r\n",
        "--x\n" + FILE + "PNG\n--x--\n",
        "--xy\r\n" + FILE + "PNG\r\n--xy--\r\n",
      })
  void refusesABodyThatBreaksOff(String body) {
    ApiException refused = assertThrows(ApiException.class, () -> files(body, "x"));

    assertEquals(ApiError.INVALID_REQUEST, refused.error());
    assertEquals("file", refused.field().orElseThrow());
  }

  @Test
  void headersAndBoundariesHaveTheirLimits() {
    String headers = "X: " + "x".repeat(8_192) + "\r\n" + FILE;
    String longest = "b".repeat(70);

    assertThrows(ApiException.class, () -> files("--x\r\n" + headers + "PNG\r\n--x--", "x"));
    assertEquals(
        List.of("PNG"),
        files("--" + longest + "\r\n" + FILE + "PNG\r\n--" + longest + "--", longest));
    assertThrows(ApiException.class, () -> files("--", ""));
    assertThrows(
        ApiException.class,
        () ->
            files("--b" + longest + "\r\n" + FILE + "PNG\r\n--b" + longest + "--", longest + "b"));
  }

  @Test
  void noBodyIsSlowToRead() {
    String boundary = "-".repeat(69) + "x";
    String almost = "\r\n--" + "-".repeat(69);
    String[] worst = {
      "--" + boundary + "\r\n" + FILE + almost.repeat(15_000),
      ("--x\r\n" + FIELD + "\r\n").repeat(16_000),
      "--x\r\n" + "\r\n\r".repeat(350_000),
      "\r".repeat(1_100_000),
    };

    Duration all =
        CpuTime.of(
            () -> {
              for (String body : worst) {
                assertThrows(ApiException.class, () -> files(body, boundary));
                assertThrows(ApiException.class, () -> files(body, "x"));
              }
            });

    long millis = all.dividedBy(8).toMillis();
    assertTrue(millis < 200, millis + " ms for a body");
  }

  private static List<String> files(String body, String boundary) {
    return MultipartBody.files(body.getBytes(StandardCharsets.UTF_8), boundary).stream()
        .map(file -> new String(file, StandardCharsets.UTF_8))
        .toList();
  }
}
