package io.thirdsession.http;

import static io.thirdsession.testing.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.testing.AppTestBase;
import io.thirdsession.testing.LogCapture;
import io.thirdsession.testing.TestHttp.Response;
import java.util.List;
import org.junit.jupiter.api.Test;

class TraceInLogTest extends AppTestBase {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String TRACE_PARENT = "00-" + TRACE + "-00f067aa0ba902b7-01";

  TraceInLogTest() {
    super("TRUSTED_PROXIES", "127.0.0.1");
  }

  @Test
  void aRefusalAndAnEventHaveTheTraceOfATrustedProxyBesideTheRequest() {
    try (LogCapture log = LogCapture.of("io.thirdsession")) {
      Response refused = server.http.login("made-up", "traceparent", TRACE_PARENT);

      String traced = " request=" + refused.header("X-Request-Id") + " trace=" + TRACE + ' ';
      eventually(
          () ->
              assertEquals(2, log.linesWith(traced).size(), () -> String.join("\n", log.lines())));
      List<String> lines = log.linesWith(traced);
      assertTrue(lines.stream().anyMatch(line -> line.startsWith("request refused ")));
      assertTrue(lines.stream().anyMatch(line -> line.startsWith("event=login_failed ")));
    }
  }

  @Test
  void whatIsNoTraceIsLeftOut() {
    try (LogCapture log = LogCapture.of("io.thirdsession")) {
      server.http.login("made-up", "traceparent", TRACE_PARENT + "-x");

      eventually(() -> assertEquals(2, log.linesWith(" request=").size()));
      assertEquals(List.of(), log.linesWith("trace="));
    }
  }

  @Test
  void theWordOfAnybodyElseIsLeftOut() throws Exception {
    restart("TRUSTED_PROXIES", "10.0.0.0/8");
    try (LogCapture log = LogCapture.of("io.thirdsession")) {
      server.http.login("made-up", "traceparent", TRACE_PARENT);

      eventually(() -> assertEquals(2, log.linesWith(" request=").size()));
      assertEquals(List.of(), log.linesWith(TRACE));
    }
  }
}
