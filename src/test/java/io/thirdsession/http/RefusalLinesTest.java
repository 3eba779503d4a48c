package io.thirdsession.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.metrics.Metrics;
import io.thirdsession.testing.LogCapture;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RefusalLinesTest {
  private final Responder responder = new Responder(new RequestTimes(new Metrics()));
  private final HttpServletRequest request =
      answering(
          HttpServletRequest.class,
          Map.of(
              "getMethod",
              "GET",
              "getServletPath",
              "/api/session",
              "getAttribute",
              new RequestFacts(
                  "id", Optional.empty(), "1.2.3.4", Optional.empty(), Locale.CHINESE, "", 0)));

  /** One that is on its way: only the line is looked at. */
  private final HttpServletResponse response =
      answering(HttpServletResponse.class, Map.of("isCommitted", true));

  @Test
  void eachOfSomeRefusalsHasItsLine() throws IOException {
    try (LogCapture log = LogCapture.of("io.thirdsession.http")) {
      refuse(ApiError.SESSION_INVALID, 50);
      refuse(ApiError.INVALID_REQUEST, 50);

      assertEquals(50, log.linesWith("error=session_invalid").size());
      assertEquals(50, log.linesWith("error=invalid_request").size());
      assertEquals(List.of(), log.linesWith(" more="));
    }
  }

  /** Even on a machine that needs half a minute for them. */
  @Test
  void aFloodOfRefusalsIsNoneOfLines() throws IOException {
    try (LogCapture log = LogCapture.of("io.thirdsession.http")) {
      refuse(ApiError.SESSION_INVALID, 10_000);

      int lines = log.linesWith("error=session_invalid").size();
      assertTrue(lines >= 100 && lines <= 5_000, lines + " lines");
    }
  }

  private void refuse(ApiError error, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      responder.fail(request, response, ApiException.of(error, "some reason"), ErrorBody.API);
    }
  }

  private static <T> T answering(Class<T> type, Map<String, Object> answers) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> answers.get(method.getName())));
  }
}
