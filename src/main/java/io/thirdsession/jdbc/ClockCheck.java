package io.thirdsession.jdbc;

import io.thirdsession.metrics.Metrics;
import io.thirdsession.metrics.Reading;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares this node's clock with the database's, which all nodes share: on a node that is wrong,
 * sessions end at another time and fresh data seems stale. Thread-safe.
 */
public final class ClockCheck {
  private static final Duration MAX_DIFFERENCE = Duration.ofSeconds(30);

  /** A response that took longer says too little. */
  private static final Duration MAX_ROUND_TRIP = Duration.ofSeconds(2);

  private static final String DATABASE_TIME = "SELECT UNIX_TIMESTAMP() * 1000 AS now_millis";
  private static final Logger log = LoggerFactory.getLogger(ClockCheck.class);

  private final Queries queries;
  private final Clock clock;
  private volatile boolean agrees = true;
  private volatile @Nullable Duration ahead;

  /** Makes a check that takes the clocks to agree until it finds otherwise. */
  public ClockCheck(Queries queries, Clock clock, Metrics metrics) {
    this.queries = queries;
    this.clock = clock;
    metrics.gauges(
        "thirdsession_clock_skew_seconds",
        "by how much this node's clock is ahead of the database's",
        List.of(),
        this::skew);
  }

  private List<Reading> skew() {
    @Nullable Duration found = ahead;
    return found == null ? List.of() : List.of(Reading.of(found));
  }

  /** Returns whether the clocks were at most 30 s apart when they were last compared. */
  public boolean agrees() {
    return agrees;
  }

  /** Compares the clocks, and says so if they differ. A database that is away changes nothing. */
  public void compare() {
    try {
      Instant before = clock.instant();
      Instant there = databaseTime(queries);
      Duration roundTrip = Duration.between(before, clock.instant());
      if (roundTrip.isNegative() || roundTrip.compareTo(MAX_ROUND_TRIP) > 0) {
        return;
      }
      Duration found = Duration.between(there, before);
      ahead = found;
      agrees = found.abs().compareTo(MAX_DIFFERENCE) <= 0;
      if (!agrees) {
        log.warn(
            "clocks differ, this node is not ready secondsAheadOfDatabase={}", found.toSeconds());
      }
    } catch (StorageException e) {
      log.debug("clocks not compared, the database is away", e);
    }
  }

  /**
   * Returns what the database's clock says, to the second.
   *
   * @throws StorageException if the database is unreachable
   */
  public static Instant databaseTime(Queries queries) {
    return queries.first(DATABASE_TIME, row -> row.time("now_millis")).orElseThrow();
  }
}
