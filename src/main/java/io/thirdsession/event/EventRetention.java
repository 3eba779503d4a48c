package io.thirdsession.event;

import io.thirdsession.jdbc.Jdbc;
import io.thirdsession.jdbc.StorageException;
import java.time.Duration;
import java.time.Instant;

/** Deletes events that were kept long enough. Thread-safe. */
public final class EventRetention {
  private static final int AT_ONCE = 500;

  private final Jdbc jdbc;
  private final Duration retention;

  /** Keeps events for this long. */
  public EventRetention(Jdbc jdbc, Duration retention) {
    this.jdbc = jdbc;
    this.retention = retention;
  }

  /**
   * Deletes some of the events that are too old now, oldest first, with what is still on its way of
   * them; returns how many: 0 if none is left.
   *
   * @throws StorageException if the database is away
   */
  public int purge(Instant now) {
    Instant border = now.minus(retention);
    return jdbc.inTransaction(
        transaction -> {
          EventDao rows = new EventDao(transaction);
          long purged = rows.lockBounds().purged();
          long last = rows.lastBefore(border, purged, AT_ONCE);
          int placeless = rows.deletePlaceless(border);
          return placeless + (last == purged ? 0 : rows.delete(last));
        });
  }
}
