package io.thirdsession.jdbc;

import com.mysql.cj.jdbc.AbandonedConnectionCleanupThread;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.thirdsession.Secret;
import io.thirdsession.metrics.Reading;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two connection pools: one for single statements, such as session checks, and one for units of
 * work, such as logins. Neither uses the other's connections, so a hundred slow logins do not hold
 * up session checks. Both lead to the server that can write; single statements may run on one that
 * cannot while there is no other.
 */
final class DataSources implements AutoCloseable {
  /** The pool of single statements, as metrics name it. */
  static final String STATEMENTS = "statements";

  /** The pool of units of work, as metrics name it. */
  static final String TRANSACTIONS = "transactions";

  private static final String PREFIX = "thirdsession-";
  private static final Logger log = LoggerFactory.getLogger(DataSources.class);

  private final DatabaseSettings settings;
  private final Members members;
  private final Pool statements;
  private final Pool transactions;
  private volatile Secret password;
  private volatile Secret migratePassword;

  DataSources(DatabaseSettings settings) {
    this.settings = settings;
    this.members = new Members(settings.url());
    this.password = settings.password();
    this.migratePassword = settings.migratePassword();
    this.statements = statements(settings.poolSize());
    this.transactions = transactions(settings.transactionPoolSize());
  }

  HikariDataSource statements() {
    return statements.pool();
  }

  HikariDataSource transactions() {
    return transactions.pool();
  }

  /** Uses these passwords for connections that are opened from now on. */
  void passwords(Secret password, Secret migratePassword) {
    this.password = password;
    this.migratePassword = migratePassword;
  }

  /** Opens a connection outside the pools as the migration user, for checks of the schema. */
  Connection openForMigrations() throws SQLException {
    return members.open(settings.migrateUser(), migratePassword, true);
  }

  /**
   * Returns the settings with the server in use and the current migration password, for code that
   * opens its own connections.
   */
  DatabaseSettings migrationSettings() {
    return settings.withMigrations(members.url(), migratePassword);
  }

  /** Opens a connection outside the pools as the pools' user, to any server that will do. */
  Connection openAsUser() throws SQLException {
    return members.open(settings.user(), password, true);
  }

  /** Opens a connection outside the pools as the pools' user, to a server that can write. */
  Connection openToWrite() throws SQLException {
    return members.open(settings.user(), password, false);
  }

  /** Returns whether DB_URL names more than one server. */
  boolean hasSeveralServers() {
    return members.count() > 1;
  }

  /** Returns host and port of the server in use; null before the first, and while it is doubted. */
  @Nullable String host() {
    return members.current();
  }

  /** Returns whether this connection leads to a server that is no longer in use. */
  boolean hasLeft(Connection connection) throws SQLException {
    return members.hasLeft(connection);
  }

  /** Leaves the server in use, and evicts every connection to it. */
  void leave() {
    members.leave();
    evictAll();
  }

  /** Closes pooled connections, those in use when they are returned. */
  void evictAll() {
    pools().forEach(pool -> pool.pool().getHikariPoolMXBean().softEvictConnections());
  }

  /** Returns how many connections each pool has, and how many callers wait for one. */
  List<Reading> connections() {
    return pools()
        .flatMap(
            pool -> {
              HikariPoolMXBean now = pool.pool().getHikariPoolMXBean();
              String name = pool.pool().getPoolName().substring(PREFIX.length());
              return Stream.of(
                  Reading.of(now.getActiveConnections(), name, "active"),
                  Reading.of(now.getIdleConnections(), name, "idle"),
                  Reading.of(now.getThreadsAwaitingConnection(), name, "waiting"),
                  Reading.of(pool.pool().getMaximumPoolSize(), name, "max"));
            })
        .toList();
  }

  /** Returns why a pool has no connection and cannot open one; null if each has or may. */
  @Nullable SQLException whyEmpty() {
    return pools()
        .filter(pool -> pool.pool().getHikariPoolMXBean().getTotalConnections() == 0)
        .map(pool -> pool.source().failure())
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /** Returns why a pool cannot open the connections that it lacks; null if each can. */
  @Nullable SQLException whyNotFull() {
    return pools()
        .map(pool -> pool.source().failure())
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private Stream<Pool> pools() {
    return Stream.of(statements, transactions);
  }

  private Pool statements(int size) {
    return pool(PREFIX + STATEMENTS, this::openAsUser, config(size, true));
  }

  private Pool transactions(int size) {
    HikariConfig config = config(size, false);
    config.setExceptionOverride(new DeadPrimary());
    return pool(PREFIX + TRANSACTIONS, this::openToWrite, config);
  }

  private static Pool pool(String name, PatientDataSource.Opener opener, HikariConfig config) {
    PatientDataSource source = new PatientDataSource(opener);
    config.setPoolName(name);
    config.setDataSource(source);
    // not opened, but by its name the pool calls the driver's timeouts in the way that works
    config.setJdbcUrl("jdbc:mysql:");
    return new Pool(source, new HikariDataSource(config));
  }

  private static HikariConfig config(int size, boolean autoCommit) {
    HikariConfig config = new HikariConfig();
    config.setMaximumPoolSize(size);
    config.setAutoCommit(autoCommit);
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    config.setConnectionTimeout(Duration.ofSeconds(1).toMillis());
    config.setValidationTimeout(Duration.ofMillis(500).toMillis());
    config.setKeepaliveTime(Duration.ofMinutes(2).toMillis());
    config.setMaxLifetime(Duration.ofMinutes(30).toMillis());
    // an unreachable database does not stop the start; readiness reports it
    config.setInitializationFailTimeout(-1);
    return config;
  }

  /**
   * Closes the pools and removes what the driver left in the JVM, so that a redeploy leaks nothing.
   */
  @Override
  public void close() {
    pools().forEach(pool -> pool.source().close());
    transactions.pool().close();
    statements.pool().close();
    for (Driver driver : Collections.list(DriverManager.getDrivers())) {
      if (driver.getClass().getClassLoader() == getClass().getClassLoader()) {
        try {
          DriverManager.deregisterDriver(driver);
        } catch (SQLException | SecurityException e) {
          log.warn("driver stays registered driver={}", driver.getClass().getName(), e);
        }
      }
    }
    AbandonedConnectionCleanupThread.checkedShutdown();
  }

  /** A pool, and what opens its connections. */
  private record Pool(PatientDataSource source, HikariDataSource pool) {}
}
