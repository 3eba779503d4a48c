package io.thirdsession.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.mysql.cj.jdbc.Driver;
import io.thirdsession.Secret;
import io.thirdsession.development.EmbeddedDatabase;
import io.thirdsession.jdbc.DatabaseSettings;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An empty database on a real server: the embedded one, or the one that {@code -Ddb.url} names,
 * whose user must be allowed to create databases. Each has a name of its own and is dropped at the
 * end.
 */
public final class TestDatabase implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private static final String ORPHANS =
      """
      SELECT CONCAT(kind, ' ', COUNT(*))
      FROM (
        SELECT 'session without user' AS kind
        FROM session s LEFT JOIN user u ON u.id = s.user_id WHERE u.id IS NULL
        UNION ALL
        SELECT 'session without identity'
        FROM session s LEFT JOIN identity i ON i.id = s.identity_id WHERE i.id IS NULL
        UNION ALL
        SELECT 'session through an identity of another user'
        FROM session s JOIN identity i ON i.id = s.identity_id WHERE i.user_id <> s.user_id
        UNION ALL
        SELECT 'identity without user'
        FROM identity i LEFT JOIN user u ON u.id = i.user_id WHERE u.id IS NULL
        UNION ALL
        SELECT 'avatar without user'
        FROM avatar a LEFT JOIN user u ON u.id = a.user_id WHERE u.id IS NULL
        UNION ALL
        SELECT 'unionid without user'
        FROM unionid_user l LEFT JOIN user u ON u.id = l.user_id WHERE u.id IS NULL
      ) orphans
      GROUP BY kind
      """;

  private final String name;

  private TestDatabase(String name) {
    this.name = name;
  }

  /** Creates a database without tables. */
  public static TestDatabase create() {
    TestDatabase database =
        new TestDatabase(
            "thirdsession_test_" + ProcessHandle.current().pid() + "_" + COUNT.incrementAndGet());
    Server.RUNNING.execute("CREATE DATABASE " + database.name + " CHARACTER SET utf8mb4");
    return database;
  }

  /** Returns the JDBC URL of this database. */
  public String url() {
    return Server.RUNNING.url(name);
  }

  public static String user() {
    return Server.RUNNING.user;
  }

  public static String password() {
    return Server.RUNNING.password;
  }

  /** Returns the settings by which the product reaches it. */
  public DatabaseSettings settings() {
    return settings(url());
  }

  /** Returns the settings for this URL with our user. */
  public static DatabaseSettings settings(String url) {
    Secret secret = Secret.of(password());
    return new DatabaseSettings(url, user(), secret, 4, 4, true, user(), secret);
  }

  public Connection connect() throws SQLException {
    return connect(url(), user(), password());
  }

  /** Connects by the driver itself: whoever closes a pool of ours takes it from DriverManager. */
  public static Connection connect(String url, String user, String password) throws SQLException {
    Properties login = new Properties();
    login.setProperty("user", user);
    login.setProperty("password", password);
    return new Driver().connect(url, login);
  }

  /** Runs statements that are no query. */
  public void execute(String... statements) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the first column of every row, as text. */
  public List<String> column(String sql, Object... parameters) {
    try (Connection connection = connect()) {
      return column(connection, sql, parameters);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> column(Connection connection, String sql, Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      try (ResultSet results = statement.executeQuery()) {
        List<String> values = new ArrayList<>();
        while (results.next()) {
          values.add(results.getString(1));
        }
        return values;
      }
    }
  }

  /** Returns the number in the first column of the only row. */
  public int number(String sql, Object... parameters) {
    return Integer.parseInt(column(sql, parameters).get(0));
  }

  /** Returns how many transactions are under way in this database, with those that are idle. */
  public int transactions() throws InterruptedException {
    if (column("SELECT VERSION()").get(0).contains("MariaDB")) {
      // The table shows the same rows again until nobody has read it for 100 ms.
      Thread.sleep(110);
      return number(
          "SELECT COUNT(*) FROM information_schema.innodb_trx"
              + " JOIN information_schema.processlist ON id = trx_mysql_thread_id"
              + " WHERE db = DATABASE()");
    }
    // MySQL cannot put a statement with binary parameters into innodb_trx.
    return number(
        "SELECT COUNT(*) FROM performance_schema.events_transactions_current"
            + " JOIN performance_schema.threads USING (thread_id)"
            + " WHERE state = 'ACTIVE' AND processlist_db = DATABASE()");
  }

  /**
   * Fails if a row names a user or an identity that is not there, or an identity that is not the
   * user's. No foreign key sees to that.
   */
  public void assertNoOrphans() {
    assertEquals(List.of(), column(ORPHANS), "kinds of orphans, and how many");
  }

  /** Returns the kinds of orphans in a database with our tables, and how many there are of each. */
  public static List<String> orphans(Connection connection) throws SQLException {
    return column(connection, ORPHANS);
  }

  /** Kills every connection to this database but our own. */
  public void killConnections() {
    for (long id : connections()) {
      try {
        execute("KILL " + id);
      } catch (IllegalStateException e) {
        // it ended by itself meanwhile, or is the one that we asked over
      }
    }
  }

  /** MySQL cannot put a statement with binary parameters into information_schema.processlist. */
  private List<Long> connections() {
    List<Long> ids = new ArrayList<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SHOW PROCESSLIST")) {
      while (rows.next()) {
        if (name.equals(rows.getString("db"))) {
          ids.add(rows.getLong("Id"));
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return ids;
  }

  @Override
  public void close() {
    Server.RUNNING.execute("DROP DATABASE " + name);
  }

  /**
   * The one server of this JVM, with a data folder of its own, started by the first test that needs
   * it; it ends with the JVM.
   */
  private static final class Server {
    static final Server RUNNING = start();

    final String base;
    final String options;
    final String user;
    final String password;

    private Server(String url, String user, String password) {
      int mark = url.indexOf('?');
      this.options = mark < 0 ? "" : url.substring(mark);
      String bare = mark < 0 ? url : url.substring(0, mark);
      this.base = bare.substring(0, bare.lastIndexOf('/') + 1);
      this.user = user;
      this.password = password;
    }

    static Server start() {
      String url = System.getProperty("db.url", "");
      if (!url.isEmpty()) {
        return new Server(
            url, System.getProperty("db.user", ""), System.getProperty("db.password", ""));
      }
      EmbeddedDatabase embedded =
          EmbeddedDatabase.start(
              Path.of("target", "database"),
              "tests" + System.getProperty("test.fork", ""),
              0,
              "--innodb-flush-log-at-trx-commit=2");
      return new Server(embedded.jdbcUrl(""), embedded.user(), embedded.password());
    }

    String url(String database) {
      return base + database + options;
    }

    void execute(String sql) {
      try (Connection connection = connect(url(""), user, password);
          Statement statement = connection.createStatement()) {
        statement.execute(sql);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
