package io.thirdsession.jdbc;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The database did not do what it was asked. Thrown by {@link Jdbc} for every {@link SQLException};
 * {@link #isUnavailable} tells an outage from a fault of ours.
 */
public sealed class StorageException extends RuntimeException
    permits StorageException.DuplicateKey, StorageException.MissingParent {
  private static final long serialVersionUID = 1L;

  private final boolean unavailable;

  private StorageException(String message, boolean unavailable, @Nullable Throwable cause) {
    super(message, cause);
    this.unavailable = unavailable;
  }

  /** Returns what to throw for this exception of the driver or the pool. */
  static StorageException of(SQLException e) {
    String what = "SQLState " + e.getSQLState() + ", code " + e.getErrorCode();
    return switch (SqlFault.of(e)) {
      case DUPLICATE_KEY -> new DuplicateKey(what, e);
      case MISSING_PARENT -> new MissingParent(what, e);
      case TRANSIENT, UNAVAILABLE -> new StorageException(what, true, e);
      case OURS -> new StorageException(what, false, e);
    };
  }

  /** Returns what to throw while the database may not be used yet, and why. */
  static StorageException notReady(String why) {
    return new StorageException(why, true, null);
  }

  /** Returns whether the database is away or overwhelmed, so that a later try may succeed. */
  public boolean isUnavailable() {
    return unavailable;
  }

  /** A row with this unique key is there already. */
  public static final class DuplicateKey extends StorageException {
    private static final long serialVersionUID = 1L;

    private DuplicateKey(String message, SQLException cause) {
      super(message, false, cause);
    }
  }

  /** The row that a new row refers to is gone. */
  public static final class MissingParent extends StorageException {
    private static final long serialVersionUID = 1L;

    private MissingParent(String message, SQLException cause) {
      super(message, false, cause);
    }
  }
}
