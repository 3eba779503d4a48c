package io.thirdsession.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import io.thirdsession.metrics.Metrics;
import io.thirdsession.testing.Scrape;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RequestTimesTest {
  private final Metrics metrics = new Metrics();
  private final RequestTimes times = new RequestTimes(metrics);

  @BeforeEach
  void label() {
    times.label("/api/users");
    times.label("/api/users/*");
    times.label("/api/session");
  }

  @Test
  void aPathAndWhatIsBelowItAreTwoRoutes() {
    times.add("GET", "/api/users", false, 200, 1);
    times.add("DELETE", "/api/users", true, 204, 1);

    assertEquals(1, count("GET", "SUCCESS", "200", "/api/users"));
    assertEquals(1, count("DELETE", "SUCCESS", "204", "/api/users/*"));
  }

  @Test
  void whatIsNoneOfOursIsOther() {
    times.add("BREW", "/coffee", false, 404, 1);
    times.add("BREW", "/tea", true, 404, 1);
    times.add("GET", "/api/session", true, 418, 1);
    times.add("GET", "/api/session", false, 999, 1);
    times.add("GET", "/api/session", false, 600, 1);

    assertEquals(2, count("other", "CLIENT_ERROR", "404", "other"));
    assertEquals(1, count("GET", "CLIENT_ERROR", "418", "other"));
    assertEquals(2, count("GET", "UNKNOWN", "other", "/api/session"));
  }

  @Test
  void anOutcomeIsTheFirstDigitOfTheStatus() {
    times.add("GET", "/api/session", false, 302, 1);
    times.add("GET", "/api/session", false, 503, 1);

    assertEquals(1, count("GET", "REDIRECTION", "302", "/api/session"));
    assertEquals(1, count("GET", "SERVER_ERROR", "503", "/api/session"));
  }

  @Test
  void aRequestAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long[] bytes = new long[3_001];
    for (int i = 0; i < bytes.length; i++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      times.add("GET", "/api/session", false, 200, System.nanoTime());
      bytes[i] = threads.getCurrentThreadAllocatedBytes() - before;
    }
    Arrays.sort(bytes);

    assertEquals(0, bytes[bytes.length / 2]);
  }

  private double count(String method, String outcome, String status, String uri) {
    return Scrape.of(metrics.text())
        .value(
            "http_server_requests_seconds_count{method=\"%s\",outcome=\"%s\",status=\"%s\",uri=\"%s\"}"
                .formatted(method, outcome, status, uri));
  }
}
