package io.thirdsession.purge;

import io.thirdsession.metrics.Counter;
import io.thirdsession.metrics.Counters;
import io.thirdsession.metrics.Metrics;
import io.thirdsession.metrics.Reading;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the purger has deleted, and how late. It learns the latter on its way along the sessions, so
 * what is exported is that of the last whole way. Written by one thread, read by any.
 */
final class PurgeProgress {
  private final Clock clock;
  private final Counter expired;
  private final Counter idle;
  private final Counter audit;
  private final Counter orphans;
  private final Counter events;

  /** How late the latest session of the present way is. */
  private Duration late = Duration.ZERO;

  private volatile @Nullable Walk last;

  PurgeProgress(Clock clock, Metrics metrics) {
    this.clock = clock;
    Counters purged =
        metrics.counters("thirdsession_purged_total", "rows that the purger deleted", "kind");
    this.expired = purged.of("expired");
    this.idle = purged.of("idle");
    this.audit = purged.of("audit");
    this.orphans = purged.of("orphan");
    this.events = purged.of("event");
    metrics.gauges(
        "thirdsession_purge_lag_seconds",
        "how late the latest unused session was deleted, in the last walk around them",
        List.of(),
        () -> reading(Walk::late));
    metrics.gauges(
        "thirdsession_purge_walk_age_seconds",
        "since the last walk around the sessions was complete",
        List.of(),
        () -> reading(walk -> Duration.between(walk.end(), clock.instant())));
  }

  /** Counts what one run has deleted. */
  void purged(int ofExpired, int ofIdle, int ofAudit, int ofOrphans, int ofEvents) {
    expired.add(ofExpired);
    idle.add(ofIdle);
    audit.add(ofAudit);
    orphans.add(ofOrphans);
    events.add(ofEvents);
  }

  /** Takes in when a session was last used; it is late if that was before the border. */
  void met(Instant lastSeenAt, Instant border) {
    Duration its = Duration.between(lastSeenAt, border);
    if (its.compareTo(late) > 0) {
      late = its;
    }
  }

  /** Ends a walk around all sessions. */
  void walked() {
    last = new Walk(late, clock.instant());
    late = Duration.ZERO;
  }

  /** Exports nothing until this node has walked again. */
  void forget() {
    last = null;
    late = Duration.ZERO;
  }

  private List<Reading> reading(Function<Walk, Duration> value) {
    @Nullable Walk known = last;
    return known == null ? List.of() : List.of(Reading.of(value.apply(known)));
  }

  /** A walk around all sessions. */
  private record Walk(Duration late, Instant end) {}
}
