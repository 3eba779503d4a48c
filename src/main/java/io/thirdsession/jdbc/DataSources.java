package io.thirdsession.jdbc;

import com.mysql.cj.jdbc.AbandonedConnectionCleanupThread;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.thirdsession.Secret;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two pools. Checks run single statements, logins run units of work, and neither takes the
 * other's connections: a hundred slow logins leave every session check its own.
 */
final class DataSources implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DataSources.class);

  private final DatabaseSettings settings;
  private final HikariDataSource statements;
  private final HikariDataSource transactions;
  private volatile Secret password;
  private volatile Secret migratePassword;

  DataSources(DatabaseSettings settings) {
    this.settings = settings;
    this.password = settings.password();
    this.migratePassword = settings.migratePassword();
    this.statements = pool("thirdsession-statements", settings.poolSize(), true);
    this.transactions = pool("thirdsession-transactions", settings.transactionPoolSize(), false);
  }

  HikariDataSource statements() {
    return statements;
  }

  HikariDataSource transactions() {
    return transactions;
  }

  /** Uses these passwords for connections that are opened from now on. */
  void passwords(Secret password, Secret migratePassword) {
    this.password = password;
    this.migratePassword = migratePassword;
    statements.getHikariConfigMXBean().setPassword(password.text());
    transactions.getHikariConfigMXBean().setPassword(password.text());
  }

  /** Opens a connection of its own as the user of migrations, for checks of the schema. */
  Connection openForMigrations() throws SQLException {
    return open(settings.migrateUser(), migratePassword);
  }

  /** Returns the settings with the password of the moment, for whoever connects by itself. */
  DatabaseSettings migrationSettings() {
    return settings.withMigratePassword(migratePassword);
  }

  /** Opens a connection of its own as the user of the pools. */
  Connection openAsUser() throws SQLException {
    return open(settings.user(), password);
  }

  private Connection open(String user, Secret password) throws SQLException {
    Properties login = new Properties();
    login.setProperty("user", user);
    login.setProperty("password", password.text());
    Connection connection = driver().connect(ConnectionUrl.pooled(settings.url()), login);
    if (connection == null) {
      throw new SQLException("DB_URL is not one that the driver knows", "42000");
    }
    return connection;
  }

  private HikariDataSource pool(String name, int size, boolean autoCommit) {
    HikariConfig config = new HikariConfig();
    config.setPoolName(name);
    config.setDriverClassName("com.mysql.cj.jdbc.Driver");
    config.setJdbcUrl(ConnectionUrl.pooled(settings.url()));
    config.setUsername(settings.user());
    config.setPassword(settings.password().text());
    config.setMaximumPoolSize(size);
    config.setAutoCommit(autoCommit);
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    config.setConnectionTimeout(Duration.ofSeconds(1).toMillis());
    config.setValidationTimeout(Duration.ofMillis(500).toMillis());
    config.setKeepaliveTime(Duration.ofMinutes(2).toMillis());
    config.setMaxLifetime(Duration.ofMinutes(30).toMillis());
    config.setExceptionOverride(new DeadPrimary());
    // a database that is away does not stop the start; readiness tells
    config.setInitializationFailTimeout(-1);
    return new HikariDataSource(config);
  }

  private static Driver driver() throws SQLException {
    return new com.mysql.cj.jdbc.Driver();
  }

  /**
   * Closes the pools and takes back what the driver left in the JVM, so that a redeploy leaks
   * nothing.
   */
  @Override
  public void close() {
    transactions.close();
    statements.close();
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
}
