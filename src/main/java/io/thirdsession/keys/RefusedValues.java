package io.thirdsession.keys;

import io.thirdsession.Throttle;
import java.time.Duration;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the operator which stored value was not made by one of the configured master keys for the
 * row that it is in, once an hour for each. Thread-safe.
 */
public final class RefusedValues {
  private static final Duration AGAIN = Duration.ofHours(1);
  private static final Logger log = LoggerFactory.getLogger(RefusedValues.class);

  private final Throttle told = new Throttle(AGAIN);

  /** Writes where the value is that does not open, unless that was written within the last hour. */
  public void tell(String table, UUID id, String column, UnsealException e) {
    tell(table, id, column, String.valueOf(e.getMessage()));
  }

  /**
   * Writes where the value is, unless that was written within the last hour.
   *
   * @param id the row's primary key
   * @param reason what is wrong with it; contains nothing of the value
   */
  public void tell(String table, UUID id, String column, String reason) {
    if (told.isDue(table + " " + column + " " + id)) {
      log.warn(
          "stored value refused table={} id={} column={} reason=\"{}\"", table, id, column, reason);
    }
  }
}
