package io.thirdsession.jdbc;

import com.mysql.cj.jdbc.JdbcConnection;
import io.thirdsession.Secret;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The servers that DB_URL names, of which one at a time can write. Connections are opened to that
 * one: the last that could is asked first, and after it was doubted, last. Thread-safe.
 */
final class Members {
  private static final int ER_OPTION_PREVENTS_STATEMENT = 1290;

  private final List<Member> members;
  private int preferred; // guarded by this, as are the next two
  private boolean doubted;
  private int changes;

  /** The host and port in use; null while the one that was in use is doubted. */
  private volatile @Nullable String current;

  Members(String url) {
    this.members = Member.of(url);
  }

  /** Returns the URL of the server that was used last, or of the first. */
  synchronized String url() {
    return members.get(preferred).url();
  }

  int count() {
    return members.size();
  }

  /** Returns host and port of the server in use; null before the first, and while it is doubted. */
  @Nullable String current() {
    return current;
  }

  /**
   * Opens a connection to the server that can write.
   *
   * @param readOnlyWillDo whether a server that cannot write is taken if all answer and none can:
   *     then no other can have newer rows
   * @throws SQLException if there is none; with the code of a read-only server if one answered
   */
  Connection open(String user, Secret password, boolean readOnlyWillDo) throws SQLException {
    while (true) {
      @Nullable Connection connection = ask(user, password, readOnlyWillDo);
      if (connection != null) {
        return connection;
      }
    }
  }

  /** Asks each server once; returns null if another was found or left meanwhile. */
  private @Nullable Connection ask(String user, Secret password, boolean readOnlyWillDo)
      throws SQLException {
    int begun = changes();
    @Nullable SQLException fault = null;
    @Nullable Connection readOnly = null;
    int readOnlyAt = 0;
    int first = first();
    for (int i = 0; i < members.size(); i++) {
      int index = (first + i) % members.size();
      @Nullable Connection connection = null;
      try {
        connection = members.get(index).open(user, password);
        if (Member.canWrite(connection)) {
          close(readOnly);
          return use(begun, index, connection, true);
        }
        if (readOnly == null) {
          readOnly = connection;
          readOnlyAt = index;
        } else {
          close(connection);
        }
      } catch (SQLException e) {
        close(connection);
        fault = moreTelling(fault, e);
        failed(index);
      }
    }
    if (readOnly == null) {
      throw fault == null ? readOnly() : fault;
    }
    if (readOnlyWillDo && fault == null) {
      return use(begun, readOnlyAt, readOnly, false);
    }
    close(readOnly);
    throw readOnly();
  }

  /** Returns the exception for servers that answer and cannot write. */
  static SQLException readOnly() {
    return new SQLException(
        "no server that DB_URL names can write", "HY000", ER_OPTION_PREVENTS_STATEMENT);
  }

  /**
   * Leaves the server in use: it failed, or cannot write. If another can, that one is used from now
   * on.
   */
  synchronized void leave() {
    doubted = true;
    current = null;
    changes++;
  }

  /** Returns whether this connection leads to a server that is no longer in use. */
  boolean hasLeft(Connection connection) throws SQLException {
    return members.size() > 1 && !host(connection).equals(current);
  }

  private synchronized int first() {
    return doubted ? preferred + 1 : preferred;
  }

  private synchronized void failed(int index) {
    if (index == preferred) {
      doubted = true;
    }
  }

  private synchronized int changes() {
    return changes;
  }

  /**
   * Uses this server from now on, unless another was found, or this one left, since it was asked: a
   * server that hung meanwhile does not know that it was replaced.
   */
  private synchronized @Nullable Connection use(
      int begun, int index, Connection connection, boolean canWrite) throws SQLException {
    String host = host(connection);
    boolean isNew = !host.equals(current);
    if (isNew && begun != changes && members.size() > 1) {
      close(connection);
      return null;
    }
    preferred = index;
    doubted = !canWrite;
    if (isNew) {
      current = host;
      changes++;
    }
    return connection;
  }

  private static String host(Connection connection) throws SQLException {
    return connection.unwrap(JdbcConnection.class).getHostPortPair();
  }

  /** Prefers what a server said to the silence of another. */
  private static SQLException moreTelling(@Nullable SQLException before, SQLException e) {
    return before == null || (before.getErrorCode() == 0 && e.getErrorCode() != 0) ? e : before;
  }

  private static void close(@Nullable Connection connection) {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException e) {
      // the server is gone, and with it the connection
    }
  }
}
