package io.thirdsession.audit;

import static io.thirdsession.testing.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.http.RequestFacts;
import io.thirdsession.metrics.Metrics;
import io.thirdsession.testing.LogCapture;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Events that anybody can cause any number of times; no row is written here. */
class RepeatedEventsTest {
  @Test
  void aThousandOfOneCallerAreOneLine() {
    AuditTrail audit = trail(Duration.ofMinutes(1));
    try (LogCapture log = LogCapture.of("io.thirdsession.audit")) {
      for (int i = 0; i < 1_000; i++) {
        fail(audit, "192.0.2.1");
      }
      fail(audit, "192.0.2.2");

      assertEquals(2, log.linesWith("event=login_failed").size());
    }
  }

  @Test
  void theNextLineSaysHowManyWereLeftOut() {
    AuditTrail audit = trail(Duration.ofMillis(300));
    try (LogCapture log = LogCapture.of("io.thirdsession.audit")) {
      for (int i = 0; i < 3; i++) {
        fail(audit, "192.0.2.1");
      }
      eventually(
          () -> {
            fail(audit, "192.0.2.1");
            assertTrue(log.linesWith("error=overloaded more=").size() > 0);
          });
    }
  }

  @Test
  void whatNobodyRepeatsAnyMoreIsTold() {
    AuditTrail audit = trail(Duration.ofMillis(300));
    try (LogCapture log = LogCapture.of("io.thirdsession.audit")) {
      for (int i = 0; i < 4; i++) {
        fail(audit, "192.0.2.1");
      }

      eventually(
          () -> {
            audit.tellRepetitions();
            assertEquals(
                List.of("repeated event=login_failed address=192.0.2.1 error=overloaded more=3"),
                log.linesWith("repeated "));
          });
    }
  }

  private static AuditTrail trail(Duration pause) {
    return new AuditTrail(null, Clock.systemUTC(), new SecureRandom(), pause, new Metrics());
  }

  private static void fail(AuditTrail audit, String address) {
    RequestFacts facts =
        new RequestFacts(
            "r",
            Optional.empty(),
            address,
            Optional.empty(),
            Locale.CHINESE,
            "http://localhost",
            0);
    audit.record(
        AuditEvent.LOGIN_FAILED, Actor.of(Subject.inApp("wx1"), facts), "error=overloaded");
  }
}
