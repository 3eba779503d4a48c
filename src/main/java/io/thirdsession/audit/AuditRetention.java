package io.thirdsession.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How long rows of the audit trail are kept.
 *
 * @param ofEvents by the event's label
 * @param others of every other event
 */
public record AuditRetention(Map<String, Duration> ofEvents, Duration others) {
  /** Returns the time after which no row is kept. */
  public Duration longest() {
    return Stream.concat(ofEvents.values().stream(), Stream.of(others))
        .max(Duration::compareTo)
        .orElse(others);
  }

  /** Returns whether an event of that time need not be kept any more. */
  boolean isOver(String event, Instant at, Instant now) {
    return at.isBefore(now.minus(ofEvents.getOrDefault(event, others)));
  }
}
