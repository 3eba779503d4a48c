package io.thirdsession.metrics;

import java.time.Duration;
import java.util.List;

/**
 * The value of a gauge at one moment.
 *
 * @param labels the values of its labels, in their order
 */
public record Reading(double value, List<String> labels) {
  private static final double NANOS = 1e9;

  /** Returns a reading in seconds, with these values of the labels. */
  public static Reading of(Duration time, String... labels) {
    return of(time.toNanos() / NANOS, labels);
  }

  /** Returns a reading with these values of the labels. */
  public static Reading of(double value, String... labels) {
    return new Reading(value, List.of(labels));
  }
}
