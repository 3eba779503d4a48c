package io.thirdsession.jdbc;

import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

/**
 * What an {@link SQLException} means to us. Error numbers are those that MySQL and MariaDB share,
 * and some of servers that speak their protocol.
 */
enum SqlFault {
  /** A unique key already has this value. */
  DUPLICATE_KEY,
  /** The same unit of work may succeed at once on another connection: worth another try. */
  TRANSIENT,
  /** The server is read-only, as a primary is after a failover: another one may write. */
  CANNOT_WRITE,
  /** The server is unreachable or full. */
  UNAVAILABLE,
  /** The statement or its values are wrong. */
  OURS;

  private static final int ER_DUP_ENTRY = 1062;
  private static final int ER_LOCK_WAIT_TIMEOUT = 1205;

  /**
   * ER_LOCK_DEADLOCK, which is also what a Galera server says of a transaction whose rows another
   * server changed; and TiDB's: a conflict that SELECT … FOR UPDATE met, two more with other
   * transactions, one with the storage below, one with a change of the schema.
   */
  private static final Set<Integer> ROLLED_BACK = Set.of(1213, 8002, 8005, 9007, 8022, 8028);

  /**
   * Errors for what the server refuses to everybody or to our account, which have the SQLStates of
   * wrong statements: no rights, a wrong password, a database that does not exist; too many
   * connections, out of memory, too many connections of one user, another limit of one user, too
   * many prepared statements.
   */
  private static final Set<Integer> REFUSALS =
      Set.of(1044, 1045, 1049, 1040, 1041, 1203, 1226, 1461);

  /**
   * ER_OPTION_PREVENTS_STATEMENT (read_only), ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION,
   * ER_READ_ONLY_MODE, the hook of group replication that refuses a commit, and
   * ER_UNKNOWN_COM_ERROR, which a Galera server is documented to say of every table while it is
   * outside its cluster.
   */
  private static final Set<Integer> READ_ONLY = Set.of(1290, 1792, 1836, 3100, 1047);

  /** ER_DISK_FULL and ER_RECORD_FILE_FULL: no room for another row. */
  private static final Set<Integer> NO_ROOM = Set.of(1021, 1114);

  /** Of a response that is not believed: its server was left meanwhile. */
  private static final String LEFT = "08LFT";

  /** Returns the exception for what a server said that was left meanwhile. */
  static SQLException left() {
    return new SQLException("the server was left meanwhile", LEFT);
  }

  /** Returns whether this is {@link #left}. */
  static boolean isLeft(SQLException e) {
    return LEFT.equals(e.getSQLState());
  }

  /** Returns whether a row was locked for longer than innodb_lock_wait_timeout. */
  static boolean isLockTimeout(SQLException e) {
    return e.getErrorCode() == ER_LOCK_WAIT_TIMEOUT;
  }

  /** Returns whether the server rolled this transaction back so that others could go on. */
  static boolean isRolledBack(SQLException e) {
    return ROLLED_BACK.contains(e.getErrorCode());
  }

  /** Returns whether the server has no room for what is written. */
  static boolean isNoRoom(SQLException e) {
    return NO_ROOM.contains(e.getErrorCode());
  }

  static SqlFault of(SQLException e) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    if (e instanceof SQLTransientConnectionException || e instanceof SQLTimeoutException) {
      return UNAVAILABLE; // the pool has waited for as long as it may
    }
    if (REFUSALS.contains(e.getErrorCode())) {
      return UNAVAILABLE;
    }
    if (READ_ONLY.contains(e.getErrorCode())) {
      return CANNOT_WRITE;
    }
    if (ROLLED_BACK.contains(e.getErrorCode())) {
      return TRANSIENT;
    }
    return switch (e.getErrorCode()) {
      case ER_DUP_ENTRY -> DUPLICATE_KEY;
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
