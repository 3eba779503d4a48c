package io.thirdsession.jdbc;

import io.thirdsession.metrics.Counters;
import io.thirdsession.metrics.Metrics;
import io.thirdsession.metrics.Timing;
import io.thirdsession.metrics.Timings;
import java.sql.SQLException;
import java.util.List;

/** Measures the wait for connections, and counts what is done again. Thread-safe. */
final class JdbcMeter {
  private static final List<String> REASONS =
      List.of("connection", "deadlock", "lock_timeout", "read_only");

  private final Timing statements;
  private final Timing transactions;
  private final Counters retries;

  JdbcMeter(Metrics metrics) {
    Timings waits =
        metrics.timings(
            "thirdsession_db_wait_seconds", "the wait for a connection of a pool", "pool");
    this.statements = waits.of(DataSources.STATEMENTS);
    this.transactions = waits.of(DataSources.TRANSACTIONS);
    this.retries =
        metrics.counters(
            "thirdsession_db_retries_total", "statements and transactions done again", "reason");
    REASONS.forEach(retries::of); // from 0 on: who looks at a rise misses the first otherwise
  }

  /** Adds a wait that began at this {@link System#nanoTime()}. */
  void waited(boolean forTransaction, long startedNanos) {
    (forTransaction ? transactions : statements).addSince(startedNanos);
  }

  /** Counts something that is done again after this. */
  void repeated(StorageException e) {
    retries.of(reason(e)).increment();
  }

  /** Returns one of {@link #REASONS}. */
  private static String reason(StorageException e) {
    if (!(e.getCause() instanceof SQLException cause)) {
      return "connection";
    }
    if (SqlFault.of(cause) == SqlFault.CANNOT_WRITE) {
      return "read_only";
    }
    if (SqlFault.isRolledBack(cause)) {
      return "deadlock";
    }
    return SqlFault.isLockTimeout(cause) ? "lock_timeout" : "connection";
  }
}
