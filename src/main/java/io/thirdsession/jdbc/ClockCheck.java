package io.thirdsession.jdbc;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
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

  /** Makes a check that takes the clocks to agree until it finds otherwise. */
  public ClockCheck(Queries queries, Clock clock) {
    this.queries = queries;
    this.clock = clock;
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
      Duration ahead = Duration.between(there, before);
      agrees = ahead.abs().compareTo(MAX_DIFFERENCE) <= 0;
      if (!agrees) {
        log.warn(
            "clocks differ, this node is not ready secondsAheadOfDatabase={}", ahead.toSeconds());
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
