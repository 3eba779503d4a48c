package io.thirdsession.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.thirdsession.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only code that takes connections out of the pools. Statements of its own run on a connection
 * that commits each (one round trip); units of work on one that does not. Thread-safe.
 *
 * <p>Whatever fails because a connection died, by a deadlock or by a lock not gained is done again,
 * once, as a whole, if the first try failed quickly: a killed connection or an unlucky lock costs
 * nobody a request, and a database that hangs is not asked twice. Units of work must therefore bear
 * being repeated, even after a commit whose answer was lost.
 */
public final class Jdbc implements Queries {
  /** A first try that took longer than this is not repeated, unless it waited for a lock. */
  private static final Duration QUICK = Duration.ofMillis(500);

  /** What a second try may need: it is not begun if the deadline leaves less. */
  private static final Duration SECOND_TRY = Duration.ofMillis(500);

  /** The same for one that may wait for a lock once more. */
  private static final Duration SECOND_WAIT = Duration.ofMillis(1_500);

  private static final int VALIDATION_SECONDS = 1;
  private static final Duration STATEMENT_DEADLINE = Duration.ofSeconds(5);
  private static final Logger log = LoggerFactory.getLogger(Jdbc.class);

  private final HikariDataSource statements;
  private final HikariDataSource transactions;
  private final StorageGate gate;

  /**
   * Uses these pools.
   *
   * @param statements connections with autoCommit on
   * @param transactions connections with autoCommit off
   * @param gate whether the database may be used yet
   */
  Jdbc(HikariDataSource statements, HikariDataSource transactions, StorageGate gate) {
    this.statements = statements;
    this.transactions = transactions;
    this.gate = gate;
  }

  @Override
  public <T> List<T> list(String sql, Row.Mapper<T> mapper, Object... parameters) {
    return statement(queries -> queries.list(sql, mapper, parameters));
  }

  @Override
  public int update(String sql, Object... parameters) {
    return statement(queries -> queries.update(sql, parameters));
  }

  /**
   * Returns what the unit of work returned, after its commit. Whatever it throws rolls it back.
   *
   * @throws StorageException if the database is away or refuses
   */
  public <T> T inTransaction(Deadline deadline, Function<Transaction, T> work) {
    return twice(deadline, connections -> transaction(connections, work));
  }

  private <T> T statement(Function<Transaction, T> work) {
    return twice(
        Deadline.in(STATEMENT_DEADLINE),
        connections -> {
          try (Connection connection = connections.from(statements)) {
            return work.apply(new Transaction(connection));
          } catch (SQLException e) {
            throw StorageException.of(e);
          }
        });
  }

  private <T> T twice(Deadline deadline, Function<Connections, T> work) {
    gate.check();
    Deadline quick = Deadline.in(QUICK);
    try {
      return work.apply(HikariDataSource::getConnection);
    } catch (StorageException e) {
      boolean waitedForALock = isLockTimeout(e);
      boolean again = isWorthRepeating(e) && (waitedForALock || !quick.passed());
      if (!again || !deadline.leaves(waitedForALock ? SECOND_WAIT : SECOND_TRY)) {
        throw e;
      }
      log.info("database retry reason=\"{}\"", e.getMessage());
    }
    return work.apply(pool -> liveConnection(pool, deadline));
  }

  /**
   * Returns a connection that answers. The pool does not test one that was used within the last
   * half second, and where one was killed, others often were.
   */
  private static Connection liveConnection(HikariDataSource pool, Deadline deadline)
      throws SQLException {
    for (int i = 0; i < pool.getMaximumPoolSize() && !deadline.passed(); i++) {
      Connection connection = pool.getConnection();
      if (connection.isValid(VALIDATION_SECONDS)) {
        return connection;
      }
      pool.evictConnection(connection);
    }
    return pool.getConnection();
  }

  private static boolean isLockTimeout(StorageException e) {
    return e.getCause() instanceof SQLException cause && SqlFault.isLockTimeout(cause);
  }

  private static boolean isWorthRepeating(StorageException e) {
    return e.getCause() instanceof SQLException cause && SqlFault.of(cause) == SqlFault.TRANSIENT;
  }

  private <T> T transaction(Connections connections, Function<Transaction, T> work) {
    try (Connection connection = connections.from(transactions)) {
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

  /** A way to take a connection out of a pool. */
  @FunctionalInterface
  private interface Connections {
    Connection from(HikariDataSource pool) throws SQLException;
  }
}
