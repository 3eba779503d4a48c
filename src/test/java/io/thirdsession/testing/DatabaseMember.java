package io.thirdsession.testing;

import static java.util.stream.Collectors.joining;

import io.thirdsession.Secret;
import io.thirdsession.development.EmbeddedDatabase;
import io.thirdsession.jdbc.Database;
import io.thirdsession.jdbc.DatabaseSettings;
import io.thirdsession.metrics.Metrics;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A server with our tables, behind a proxy that can freeze it, whose one client account may write
 * only while the server is not read-only. It has nothing from the others: tests tell by its port
 * which one answered.
 */
public final class DatabaseMember implements AutoCloseable {
  private static final String DATABASE = "thirdsession";
  private static final String USER = "member";
  private static final String PASSWORD = "canary-Member-account-1";

  public final TcpProxy proxy;
  private final EmbeddedDatabase server;

  private DatabaseMember(EmbeddedDatabase server) throws IOException {
    this.server = server;
    this.proxy = TcpProxy.to(server.jdbcUrl(DATABASE));
  }

  /** Starts the server with this data folder, and makes the tables. */
  public static DatabaseMember start(String name) throws Exception {
    EmbeddedDatabase server =
        EmbeddedDatabase.start(
            Path.of("target", "database"),
            name + System.getProperty("test.fork", ""),
            0,
            "--innodb-flush-log-at-trx-commit=2");
    DatabaseMember member = new DatabaseMember(server);
    member.execute("DROP DATABASE IF EXISTS " + DATABASE);
    server.createDatabase(DATABASE);
    member.execute(
        "CREATE OR REPLACE USER '" + USER + "'@'%' IDENTIFIED BY '" + PASSWORD + "'",
        "GRANT ALL ON " + DATABASE + ".* TO '" + USER + "'@'%'");
    try (Database database = database(member)) {
      database.start();
    }
    return member;
  }

  /** Returns our way to these servers, in this order. */
  public static Database database(DatabaseMember... members) {
    Secret password = Secret.of(PASSWORD);
    return new Database(
        new DatabaseSettings(url(members), USER, password, 4, 4, true, USER, password),
        queries -> {},
        new Metrics());
  }

  /** Returns the URL that lists these servers, in this order. */
  public static String url(DatabaseMember... members) {
    return "jdbc:mysql://"
        + Stream.of(members).map(member -> member.proxy.address()).collect(joining(","))
        + "/"
        + DATABASE;
  }

  public static String user() {
    return USER;
  }

  public static String password() {
    return PASSWORD;
  }

  public void readOnly(boolean readOnly) {
    execute("SET GLOBAL read_only = " + (readOnly ? "ON" : "OFF"));
  }

  /** Returns the server's own port. */
  public int port() {
    String url = server.jdbcUrl("");
    return Integer.parseInt(url.replaceAll(".*:(\\d+)/.*", "$1"));
  }

  public void execute(String... statements) {
    try (Connection connection =
            TestDatabase.connect(server.jdbcUrl(""), server.user(), server.password());
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the statements that its clients are running. */
  public List<String> statements() {
    try (Connection connection =
            TestDatabase.connect(server.jdbcUrl(""), server.user(), server.password());
        Statement statement = connection.createStatement();
        ResultSet results =
            statement.executeQuery(
                "SELECT info FROM information_schema.processlist"
                    + " WHERE info IS NOT NULL AND id <> CONNECTION_ID()")) {
      List<String> statements = new ArrayList<>();
      while (results.next()) {
        statements.add(results.getString(1));
      }
      return statements;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    proxy.close();
    server.close();
  }
}
