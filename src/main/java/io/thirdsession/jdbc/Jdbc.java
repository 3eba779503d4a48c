package io.thirdsession.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.thirdsession.Deadline;
import io.thirdsession.metrics.Metrics;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only code that takes connections from the pools. Single statements run on a connection with
 * autoCommit on (one round trip), units of work on one with autoCommit off. Thread-safe.
 *
 * <p>A statement or unit of work that fails because of a dead connection, if that took no longer
 * than half a second, or because of a lock timeout is repeated once, as a whole, and the victim of
 * a deadlock up to four times. So a killed connection or an unlucky lock does not fail a request,
 * and a database that hangs is not asked twice. A unit of work that meets a server that has become
 * read-only is repeated until its deadline, on one that can write. Units of work must therefore be
 * safe to repeat, even after a commit whose response was lost.
 *
 * <p>The first try waits 1 s for a connection, another one until the deadline.
 */
public final class Jdbc implements Queries {
  /** A first try that took longer than this is not repeated, unless it waited for a lock. */
  private static final Duration QUICK = Duration.ofMillis(500);

  /** The time that another try may need; it is not begun if the deadline leaves less. */
  private static final Duration NEXT_TRY = Duration.ofMillis(500);

  /** The same for another try that may wait for a lock again. */
  private static final Duration NEXT_WAIT = Duration.ofMillis(1_500);

  /** Each deadlock lets somebody else finish, so that a victim's turn comes by then. */
  private static final int MAX_TRIES = 5;

  private static final int VALIDATION_SECONDS = 1;

  /** The most that the pool takes to give a connection: it waits 1 s, and may test one for 1 s. */
  private static final Duration MAX_BORROWING = Duration.ofSeconds(2);

  /** The deadline of statements that are given none. */
  private static final Duration STATEMENT = Duration.ofSeconds(3);

  /** A statement that has nearly all of its time left is bounded by the driver. */
  private static final Duration NEARLY_ALL = STATEMENT.minusMillis(100);

  /** The deadline of transactions that are given none. */
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(Jdbc.class);

  private final DataSources sources;
  private final StorageGate gate;
  private final JdbcMeter meter;

  /**
   * Makes an object that uses these pools.
   *
   * @param gate decides whether the database may be used yet
   */
  Jdbc(DataSources sources, StorageGate gate, Metrics metrics) {
    this.sources = sources;
    this.gate = gate;
    this.meter = new JdbcMeter(metrics);
  }

  @Override
  public <T> List<T> list(String sql, Row.Mapper<T> mapper, Object... parameters) {
    return within(Deadline.in(STATEMENT)).list(sql, mapper, parameters);
  }

  @Override
  public int update(String sql, Object... parameters) {
    return within(Deadline.in(STATEMENT)).update(sql, parameters);
  }

  /**
   * Returns the same statements, which all together must be done by this deadline; those without
   * have 3 s each. One that hangs ends at the deadline, or at most half a second later if it was
   * repeated.
   */
  public Queries within(Deadline deadline) {
    return new Statements(deadline);
  }

  /**
   * Runs the unit of work in a transaction, commits it, and returns its result. An exception rolls
   * it back. Another try is begun only within 5 s.
   *
   * @throws StorageException if the database is unreachable or rejects a statement
   */
  public <T> T inTransaction(Function<Transaction, T> work) {
    return inTransaction(Deadline.in(DEADLINE), work);
  }

  /**
   * Runs the unit of work in a transaction, commits it, and returns its result. An exception rolls
   * it back.
   *
   * @param deadline another try is begun only if this leaves enough time for it
   * @throws StorageException if the database is unreachable or rejects a statement
   */
  public <T> T inTransaction(Deadline deadline, Function<Transaction, T> work) {
    return repeated(deadline, connections -> transaction(connections, work));
  }

  private <T> T repeated(Deadline deadline, Function<Connections, T> work) {
    gate.check();
    for (int tries = 1; ; tries++) {
      Deadline quick = Deadline.in(QUICK);
      try {
        return work.apply(tries == 1 ? this::connection : pool -> liveConnection(pool, deadline));
      } catch (StorageException e) {
        if (e.getCause() instanceof SQLException cause && SqlFault.isNoRoom(cause)) {
          gate.noRoom(cause);
        }
        if (!isWorthRepeating(e, tries, quick, deadline)) {
          throw e;
        }
        meter.repeated(e);
        log.info("database retry reason=\"{}\"", e.getMessage());
      }
    }
  }

  /** Returns a connection to the server in use. */
  private Connection connection(HikariDataSource pool) throws SQLException {
    long startedNanos = System.nanoTime();
    try {
      return connectionInUse(pool);
    } finally {
      meter.waited(pool == sources.transactions(), startedNanos);
    }
  }

  private Connection connectionInUse(HikariDataSource pool) throws SQLException {
    while (true) {
      Connection connection = pool.getConnection();
      if (!sources.hasLeft(connection)) {
        return connection;
      }
      pool.evictConnection(connection);
    }
  }

  /**
   * Returns a connection that is alive, as soon as there is one. The pool does not test connections
   * that were used within the last half second, and if one was killed, others often were too.
   */
  private Connection liveConnection(HikariDataSource pool, Deadline deadline) throws SQLException {
    while (true) {
      try {
        Connection connection = connection(pool);
        if (connection.isValid(VALIDATION_SECONDS)) {
          return connection;
        }
        pool.evictConnection(connection);
      } catch (SQLTransientConnectionException e) {
        if (!deadline.leaves(MAX_BORROWING)) {
          throw e;
        }
      }
      if (!deadline.leaves(MAX_BORROWING)) {
        throw new SQLTransientConnectionException("no live connection by the deadline");
      }
    }
  }

  private boolean isWorthRepeating(
      StorageException e, int tries, Deadline quick, Deadline deadline) {
    if (!(e.getCause() instanceof SQLException cause)) {
      return false;
    }
    SqlFault fault = SqlFault.of(cause);
    if (fault == SqlFault.CANNOT_WRITE) {
      return gate.cannotWrite() && tries < MAX_TRIES && deadline.leaves(NEXT_TRY);
    }
    if (fault != SqlFault.TRANSIENT) {
      return false;
    }
    if (SqlFault.isRolledBack(cause)) {
      return tries < MAX_TRIES && deadline.leaves(NEXT_TRY);
    }
    if (SqlFault.isLockTimeout(cause)) {
      return tries == 1 && deadline.leaves(NEXT_WAIT);
    }
    boolean soon = !quick.passed() || SqlFault.isLeft(cause);
    return tries == 1 && soon && deadline.leaves(NEXT_TRY);
  }

  private <T> T transaction(Connections connections, Function<Transaction, T> work) {
    try (Connection connection = connections.from(sources.transactions())) {
      try {
        T result = work.apply(new Transaction(connection));
        connection.commit();
        return result;
      } catch (RuntimeException | SQLException e) {
        rollBack(connection, e);
        throw e;
      }
    } catch (SQLException e) {
      throw StorageException.of(e);
    }
  }

  private static void rollBack(Connection connection, Exception reason) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      reason.addSuppressed(e); // the server rolls back by itself when the connection is gone
    }
  }

  /** Statements with one deadline. */
  private final class Statements implements Queries {
    private final Deadline deadline;

    Statements(Deadline deadline) {
      this.deadline = deadline;
    }

    /** A response of a server that was left meanwhile is not believed, and asked for again. */
    @Override
    public <T> List<T> list(String sql, Row.Mapper<T> mapper, Object... parameters) {
      return run(
          connection -> {
            List<T> rows = new Transaction(connection).list(sql, mapper, parameters);
            if (sources.hasLeft(connection)) {
              throw SqlFault.left();
            }
            return rows;
          });
    }

    @Override
    public int update(String sql, Object... parameters) {
      return run(connection -> new Transaction(connection).update(sql, parameters));
    }

    private <T> T run(Statement<T> statement) {
      return repeated(
          deadline,
          connections -> {
            try (Connection connection = connections.from(sources.statements())) {
              bound(connection);
              return statement.on(connection);
            } catch (SQLException e) {
              throw StorageException.of(e);
            }
          });
    }

    private void bound(Connection connection) throws SQLException {
      if (deadline.leaves(NEARLY_ALL)) {
        return;
      }
      int left = (int) Math.max(1, deadline.left().toMillis());
      int driver = connection.getNetworkTimeout();
      if (driver == 0 || driver > left) {
        connection.setNetworkTimeout(Runnable::run, left);
      }
    }
  }

  /** What is done on a connection. */
  @FunctionalInterface
  private interface Statement<T> {
    T on(Connection connection) throws SQLException;
  }

  /** A way to take a connection out of a pool. */
  @FunctionalInterface
  private interface Connections {
    Connection from(HikariDataSource pool) throws SQLException;
  }
}
