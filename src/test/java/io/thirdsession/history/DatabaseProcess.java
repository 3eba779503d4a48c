package io.thirdsession.history;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.thirdsession.development.EmbeddedDatabase;
import io.thirdsession.testing.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * A MariaDB of our own, which is killed and started again on the same data and port. A commit is on
 * the disk before it is acknowledged, as in production.
 */
final class DatabaseProcess implements AutoCloseable {
  private static final Path HOME = Path.of("target", "database");
  private static final String NAME = "drill";

  /** Tests run in several JVMs at once, each with a server of its own. */
  private static final String FOLDER = NAME + System.getProperty("test.fork", "");

  private static final String DURABLE = "--innodb-flush-log-at-trx-commit=1";
  private static final long END_SECONDS = 30;

  /** Its password stays, unlike that of the account with which each start begins. */
  private static final String USER = "drill";

  private static final String PASSWORD = "canary-password-of-the-drill";

  private final int port;
  private final boolean tablesElsewhere;
  private EmbeddedDatabase running;

  private DatabaseProcess(EmbeddedDatabase running, boolean tablesElsewhere) {
    this.tablesElsewhere = tablesElsewhere;
    this.running = running;
    this.port = URI.create(running.jdbcUrl("").substring("jdbc:".length())).getPort();
  }

  /** Starts it with an empty database. */
  static DatabaseProcess start() throws IOException, SQLException {
    return start(Optional.empty());
  }

  /** Starts it with an empty database, whose tables are in this empty folder. */
  static DatabaseProcess startWithTablesIn(Path folder) throws IOException, SQLException {
    return start(Optional.of(folder));
  }

  private static DatabaseProcess start(Optional<Path> tables) throws IOException, SQLException {
    Path usual = HOME.resolve(FOLDER).resolve(NAME);
    if (Files.isSymbolicLink(usual)) {
      Files.delete(usual); // of a former run
    }
    DatabaseProcess database =
        new DatabaseProcess(EmbeddedDatabase.start(HOME, FOLDER, 0, DURABLE), tables.isPresent());
    EmbeddedDatabase running = database.running;
    try (Connection connection =
            TestDatabase.connect(running.jdbcUrl(""), running.user(), running.password());
        Statement statement = connection.createStatement()) {
      statement.execute("DROP DATABASE IF EXISTS " + NAME);
      if (tables.isPresent()) {
        Files.createSymbolicLink(usual, tables.get()); // to the server a folder is a database
      } else {
        statement.execute("CREATE DATABASE " + NAME + " CHARACTER SET utf8mb4");
      }
      statement.execute(
          "CREATE OR REPLACE USER '%s'@'127.0.0.1' IDENTIFIED BY '%s'".formatted(USER, PASSWORD));
      statement.execute("GRANT ALL ON %s.* TO '%s'@'127.0.0.1'".formatted(NAME, USER));
      return database;
    } catch (IOException | SQLException | RuntimeException e) {
      database.close();
      throw e;
    }
  }

  String url() {
    return running.jdbcUrl(NAME);
  }

  String user() {
    return USER;
  }

  String password() {
    return PASSWORD;
  }

  Connection connect() throws SQLException {
    return TestDatabase.connect(url(), USER, PASSWORD);
  }

  /** Ends it without any warning. */
  void kill() throws IOException, InterruptedException {
    ProcessHandle process = process();
    process.destroyForcibly();
    try {
      process.onExit().get(END_SECONDS, SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("is not to be killed", e);
    }
    running.close();
  }

  /** Starts it again. */
  void restart() {
    running = EmbeddedDatabase.start(HOME, FOLDER, port, DURABLE);
  }

  /** Lets it stand still for a while: what it was asked before, it does afterwards. */
  void freeze(Duration time) throws IOException, InterruptedException {
    Signals.stop(process());
    try {
      LockSupport.parkNanos(time.toNanos());
    } finally {
      Signals.goOn(process());
    }
  }

  private static ProcessHandle process() throws IOException {
    String pid = Files.readString(HOME.resolve(FOLDER + ".pid")).strip();
    return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
  }

  @Override
  public void close() {
    if (tablesElsewhere) {
      drop(); // the server would remember tables whose files are gone
    }
    running.close();
  }

  private void drop() {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("DROP DATABASE " + NAME);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
