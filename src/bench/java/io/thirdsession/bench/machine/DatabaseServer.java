package io.thirdsession.bench.machine;

import io.thirdsession.development.EmbeddedDatabase;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The database server: one that is named, or the embedded MariaDB. A commit is on the disk before
 * it is acknowledged, in the binary log as well if there is one: that is what both servers do by
 * default, and some that are started for tests do not.
 */
public final class DatabaseServer implements AutoCloseable {
  private static final List<String> DURABLE =
      List.of("SET GLOBAL innodb_flush_log_at_trx_commit = 1", "SET GLOBAL sync_binlog = 1");

  private static final String POOL = "innodb_buffer_pool_size";
  private static final String LARGE_POOL = Long.toString(2L << 30);
  private static final Duration PAUSE = Duration.ofMillis(100);

  private static final String FIRST_OPTION =
      "rewriteBatchedStatements=true"; // for filling tables; the server has options of its own

  private final Optional<EmbeddedDatabase> embedded;
  private final String base; // jdbc:mysql://host:port/
  private final String user;
  private final String password;
  private final long pid;
  private final List<String> undo = Collections.synchronizedList(new ArrayList<>());

  private DatabaseServer(
      Optional<EmbeddedDatabase> embedded, String base, String user, String password)
      throws IOException {
    this.embedded = embedded;
    this.base = base;
    this.user = user;
    this.password = password;
    this.pid = pid(URI.create(base.substring("jdbc:".length())).getPort());
  }

  /**
   * Reaches the server of this URL, or starts the embedded one if it is empty.
   *
   * @param url {@code jdbc:mysql://127.0.0.1:port/}, on this machine
   * @param pool the size that its buffer pool gets meanwhile, such as {@code 128M}; may be empty
   */
  public static DatabaseServer open(String url, String user, String password, String pool)
      throws IOException, SQLException {
    DatabaseServer server;
    if (url.isEmpty()) {
      EmbeddedDatabase mariaDb = EmbeddedDatabase.start(Path.of("target", "database"), "bench", 0);
      server =
          new DatabaseServer(
              Optional.of(mariaDb), mariaDb.jdbcUrl(""), mariaDb.user(), mariaDb.password());
    } else {
      server =
          new DatabaseServer(Optional.empty(), url.replaceFirst("/[^/]*$", "/"), user, password);
    }
    server.set(pool);
    Runtime.getRuntime().addShutdownHook(new Thread(server::putBackIfInterrupted));
    return server;
  }

  private void set(String pool) throws SQLException {
    for (String sql : DURABLE) {
      String name = sql.split(" ", -1)[2];
      undo.add("SET GLOBAL " + name + " = " + text("SELECT @@global." + name));
      execute(sql);
    }
    undo.add("SET GLOBAL " + POOL + " = " + text("SELECT @@global." + POOL));
    if (!pool.isEmpty()) {
      execute("SET GLOBAL " + POOL + " = " + bytes(pool));
    }
  }

  /** Does something with a large buffer pool, such as filling tables, and then goes back to it. */
  public void withLargePool(Work work) throws SQLException {
    String usual = text("SELECT @@global." + POOL);
    resizePool(LARGE_POOL);
    try {
      work.run();
    } finally {
      resizePool(usual);
    }
  }

  /** Something that is done in the database. */
  @FunctionalInterface
  public interface Work {
    void run() throws SQLException;
  }

  private void resizePool(String bytes) throws SQLException {
    if (bytes.equals(text("SELECT @@global." + POOL))) {
      return;
    }
    execute("SET GLOBAL " + POOL + " = " + bytes);
    String status;
    do {
      LockSupport.parkNanos(PAUSE.toNanos());
      status = text("SHOW GLOBAL STATUS LIKE 'Innodb_buffer_pool_resize_status'", 2);
    } while (!status.isEmpty() && !status.startsWith("Completed")); // none: it was done at once
  }

  private static long bytes(String size) {
    return Long.parseLong(size.replaceAll("\\D", ""))
        << (size.endsWith("G") ? 30 : size.endsWith("M") ? 20 : 0);
  }

  /** Returns the JDBC URL of a database on it, as DB_URL takes it. */
  public String url(String database) {
    return base + database;
  }

  public String user() {
    return user;
  }

  public String password() {
    return password;
  }

  public long pid() {
    return pid;
  }

  /** Makes this database anew, empty. */
  public void recreate(String database) throws SQLException {
    drop(database);
    execute("CREATE DATABASE " + database + " CHARACTER SET utf8mb4");
  }

  /** Drops this database if it is there. */
  public void drop(String database) throws SQLException {
    execute("DROP DATABASE IF EXISTS " + database);
  }

  public Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(url(database) + "?" + FIRST_OPTION, user, password);
  }

  /** Runs a statement that is no query. */
  public void execute(String sql) throws SQLException {
    try (Connection connection = connect("");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Returns the first column of the first row. */
  public String text(String query) throws SQLException {
    return text(query, 1);
  }

  /** Returns this column of the first row, from 1; empty if there is no row. */
  public String text(String query, int column) throws SQLException {
    try (Connection connection = connect("");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      return rows.next() ? rows.getString(column) : "";
    }
  }

  /** Returns version, buffer pool and durability in one line. */
  public String describe() throws SQLException {
    String version = text("SELECT VERSION()");
    return "%s %s, buffer pool %d MiB, innodb_flush_log_at_trx_commit=%s, %s"
        .formatted(
            version.contains("MariaDB") ? "MariaDB" : "MySQL",
            version.replaceFirst("-.*", ""),
            Long.parseLong(text("SELECT @@global.innodb_buffer_pool_size")) >> 20,
            text("SELECT @@global.innodb_flush_log_at_trx_commit"),
            text("SELECT @@global.log_bin").equals("1")
                ? "binary log with sync_binlog=" + text("SELECT @@global.sync_binlog")
                : "no binary log");
  }

  /**
   * What the server has written since it began, in bytes.
   *
   * @param innodb pages, redo log and double writes
   * @param binlog the binary log; 0 if there is none
   */
  public record Written(long innodb, long binlog) {
    /** Returns what was written since then. */
    public Written since(Written before) {
      return new Written(innodb - before.innodb, binlog - before.binlog);
    }
  }

  /** Returns what the server has written. */
  public Written written() throws SQLException {
    long binlog = 0;
    try (Connection connection = connect("");
        Statement statement = connection.createStatement()) {
      if (text("SELECT @@global.log_bin").equals("1")) {
        try (ResultSet files = statement.executeQuery("SHOW BINARY LOGS")) {
          while (files.next()) {
            binlog += files.getLong(2);
          }
        }
      }
    }
    return new Written(
        Long.parseLong(text("SHOW GLOBAL STATUS LIKE 'Innodb_data_written'", 2)), binlog);
  }

  /** Returns how large this table is, rows and indexes, in bytes. */
  public long size(String database, String table) throws SQLException {
    text("ANALYZE TABLE " + database + "." + table);
    return Long.parseLong(
        text(
            "SELECT data_length + index_length FROM information_schema.tables"
                + " WHERE table_schema = '%s' AND table_name = '%s'".formatted(database, table)));
  }

  @Override
  public void close() throws SQLException {
    putBack();
    embedded.ifPresent(EmbeddedDatabase::close); // it ends with this JVM anyway
  }

  private void putBack() throws SQLException {
    for (int last = undo.size() - 1; last >= 0; last--) {
      execute(undo.remove(last));
    }
  }

  /** Whoever interrupts the benchmark wants the server back as it was. */
  private void putBackIfInterrupted() {
    try {
      if (embedded.isEmpty()) {
        putBack();
      }
    } catch (SQLException e) {
      System.err.println("the database server keeps the benchmark's settings: " + e.getMessage());
    }
  }

  /** Returns the process that was started with this port on its command line. */
  private static long pid(int port) throws IOException {
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      return processes
          .map(path -> path.getFileName().toString())
          .filter(name -> name.matches("\\d+"))
          .mapToLong(Long::parseLong)
          .filter(pid -> isServer(pid, "--port=" + port))
          .findFirst()
          .orElseThrow(
              () -> new IOException("no mysqld or mariadbd with --port=" + port + " runs here"));
    }
  }

  private static boolean isServer(long pid, String option) {
    try {
      List<String> command =
          List.of(Files.readString(Path.of("/proc", pid + "", "cmdline")).split("\0", -1));
      return command.get(0).matches(".*(mysqld|mariadbd)") && command.contains(option);
    } catch (IOException e) {
      return false; // it has ended meanwhile
    }
  }
}
