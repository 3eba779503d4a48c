package io.thirdsession.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.metrics.Metrics;
import io.thirdsession.testing.DatabaseTestBase;
import io.thirdsession.testing.FakeClock;
import io.thirdsession.testing.LogCapture;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClockCheckTest extends DatabaseTestBase {
  private final FakeClock clock = new FakeClock(Clock.systemUTC().instant());

  /** The database's clock is the real one, and goes on during the test. */
  @ParameterizedTest
  @CsvSource({"0, true", "-20, true", "20, true", "45, false", "-45, false", "3600, false"})
  void clocksAgreeUpToThirtySeconds(int secondsAhead, boolean agree) {
    clock.advance(Duration.ofSeconds(secondsAhead));
    ClockCheck check = new ClockCheck(database.jdbc(), clock, new Metrics());
    assertTrue(check.agrees(), "nothing is known yet");

    check.compare();

    assertEquals(agree, check.agrees());
  }

  @Test
  void saysSoEachTimeUntilTheClockIsSetRight() {
    ClockCheck check = new ClockCheck(database.jdbc(), clock, new Metrics());
    clock.advance(Duration.ofHours(1));
    try (LogCapture log = LogCapture.of("io.thirdsession.jdbc.ClockCheck")) {
      check.compare();
      check.compare();
      assertEquals(2, log.linesWith("clocks differ").size());

      clock.advance(Duration.ofHours(-1));
      check.compare();

      assertEquals(2, log.linesWith("clocks differ").size());
      assertTrue(check.agrees());
    }
  }

  @Test
  void aDatabaseThatIsAwayChangesNothing() {
    ClockCheck check = new ClockCheck(database.jdbc(), clock, new Metrics());
    clock.advance(Duration.ofHours(1));
    check.compare();
    clock.advance(Duration.ofHours(-1));
    database.close();

    check.compare();

    assertFalse(check.agrees());
  }
}
