package io.thirdsession.jdbc;

import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;

/**
 * What an {@link SQLException} means to us. Error numbers are those that MySQL and MariaDB share.
 */
enum SqlFault {
  /** A unique key holds this value already. */
  DUPLICATE_KEY,
  /** A foreign key names a row that is not there. */
  MISSING_PARENT,
  /** The same unit of work may succeed at once on another connection: worth one retry. */
  TRANSIENT,
  /** The server is away, full or read-only. */
  UNAVAILABLE,
  /** The statement or its values are wrong. */
  OURS;

  private static final int ER_DUP_ENTRY = 1062;
  private static final int ER_LOCK_WAIT_TIMEOUT = 1205;
  private static final int ER_NO_REFERENCED_ROW = 1216;
  private static final int ER_NO_REFERENCED_ROW_2 = 1452;

  /** Returns whether a row was locked for longer than innodb_lock_wait_timeout. */
  static boolean isLockTimeout(SQLException e) {
    return e.getErrorCode() == ER_LOCK_WAIT_TIMEOUT;
  }

  static SqlFault of(SQLException e) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    if (e instanceof SQLTransientConnectionException || e instanceof SQLTimeoutException) {
      return UNAVAILABLE; // the pool has waited for as long as it may
    }
    return switch (e.getErrorCode()) {
      case ER_DUP_ENTRY -> DUPLICATE_KEY;
      case ER_NO_REFERENCED_ROW, ER_NO_REFERENCED_ROW_2 -> MISSING_PARENT;
      case ER_LOCK_WAIT_TIMEOUT -> TRANSIENT;
      default -> ofState(state);
    };
  }

  private static SqlFault ofState(String state) {
    if (state.startsWith("08") || state.startsWith("40")) {
      return TRANSIENT;
    }
    boolean ours = state.startsWith("22") || state.startsWith("23") || state.startsWith("42");
    return ours ? OURS : UNAVAILABLE;
  }
}
