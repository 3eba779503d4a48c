package io.thirdsession.jdbc;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown if the database did not do what it was asked. Thrown by {@link Jdbc} for every {@link
 * SQLException}; {@link #isUnavailable} tells an outage from a fault of ours.
 */
public sealed class StorageException extends RuntimeException
    permits StorageException.DuplicateKey {
  private final boolean unavailable;

  private StorageException(String message, boolean unavailable, @Nullable Throwable cause) {
    super(message, cause);
    this.unavailable = unavailable;
  }

  /** Returns the exception to throw for this one of the driver or the pool. */
  static StorageException of(SQLException e) {
    String what = "SQLState " + e.getSQLState() + ", code " + e.getErrorCode();
    return switch (SqlFault.of(e)) {
      case DUPLICATE_KEY -> new DuplicateKey(what, e);
      case TRANSIENT, CANNOT_WRITE, UNAVAILABLE -> new StorageException(what, true, e);
      case OURS -> new StorageException(what, false, e);
    };
  }

  /** Returns the exception to throw where the database cannot even be asked. */
  public static StorageException unavailable(String why) {
    return new StorageException(why, true, null);
  }

  /**
   * Returns whether the database is unreachable or overwhelmed, so that a later try may succeed.
   */
  public boolean isUnavailable() {
    return unavailable;
  }

  /** A row with this unique key already exists. */
  public static final class DuplicateKey extends StorageException {
    private DuplicateKey(String message, SQLException cause) {
      super(message, false, cause);
    }
  }
}
