package io.thirdsession.simulator;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/** The clock it was given, plus what {@code /sim/clock} has added. Safe for use by many threads. */
final class SimulatorClock extends Clock {
  private static final Duration FARTHEST = Duration.ofDays(3_650);

  private final Clock base;
  private volatile Duration offset = Duration.ZERO;

  SimulatorClock(Clock base) {
    this.base = base;
  }

  synchronized void advance(Duration step) {
    Duration moved = offset.plus(step);
    if (step.isNegative() || moved.compareTo(FARTHEST) > 0) {
      throw new IllegalArgumentException(
          "the clock goes forward only, and at most 3650 days in all");
    }
    offset = moved;
  }

  void clear() {
    offset = Duration.ZERO;
  }

  @Override
  public Instant instant() {
    return base.instant().plus(offset);
  }

  @Override
  public ZoneId getZone() {
    return base.getZone();
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return Clock.fixed(instant(), zone);
  }
}
