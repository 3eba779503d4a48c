package io.thirdsession.jdbc;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections for a pool, and tries again every 250 ms until it has one. A pool that is told
 * of failures waits longer after each, up to 5 s, and would stay empty for as long after the
 * database is back. Those who wait for the pool wait no longer for that. Thread-safe.
 */
final class PatientDataSource implements DataSource {
  private static final Duration TRY_AGAIN = Duration.ofMillis(250);

  /** The same after a refusal, such as that of a wrong password, which servers count. */
  private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

  private final Opener opener;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable SQLException failure;

  PatientDataSource(Opener opener) {
    this.opener = opener;
  }

  /** Returns a connection, however long that takes; fails once this is closed. */
  @Override
  public Connection getConnection() throws SQLException {
    while (true) {
      try {
        Connection connection = opener.open();
        failure = null;
        return connection;
      } catch (SQLException e) {
        failure = e;
        if (isClosedWithin(pause(e))) {
          throw e;
        }
      }
    }
  }

  private static Duration pause(SQLException e) {
    return switch (ConnectionFault.of(e).kind()) {
      case AWAY, READ_ONLY -> TRY_AGAIN;
      case REFUSED, WRONG -> ASK_AGAIN;
    };
  }

  private boolean isClosedWithin(Duration time) {
    try {
      return closed.await(time.toMillis(), MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** Returns why no connection can be opened at present, or null if nothing is known against it. */
  @Nullable SQLException failure() {
    return failure;
  }

  /** Ends the tries, so that the pool can be closed. */
  void close() {
    closed.countDown();
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException("the account is that of DB_USER");
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(@Nullable PrintWriter out) {
    // nothing is written
  }

  /** Does nothing: what the pool asks for is longer than the tries take. */
  @Override
  public void setLoginTimeout(int seconds) {}

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLException("wraps nothing");
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }

  /** Opens a connection, or says why not. */
  @FunctionalInterface
  interface Opener {
    Connection open() throws SQLException;
  }
}
