package io.thirdsession.history;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.testing.Ports;
import io.thirdsession.testing.TestDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * A mysqld of a group, which is killed and started again on the same data and port, or stands
 * still. Its settings are those that the documentation recommends, except that it does not wait for
 * the disk at every commit: the machine goes on, whatever is killed.
 */
final class GroupMember implements AutoCloseable {
  private static final long END_SECONDS = 30;

  private final MySqlRoot root;
  private final String name;
  private final int number;
  private final int port;
  private final int groupPort;
  private Process process;

  /** Makes a member of this number, from 1 on, whose data folder has that name. */
  GroupMember(MySqlRoot root, int number) throws IOException {
    this.root = root;
    this.name = "member" + number;
    this.number = number;
    this.port = Ports.free();
    this.groupPort = Ports.free();
  }

  String name() {
    return name;
  }

  int port() {
    return port;
  }

  /** Returns its host and port, for clients. */
  String address() {
    return "127.0.0.1:" + port;
  }

  /** Returns its host and port, for the other members. */
  String groupAddress() {
    return "127.0.0.1:" + groupPort;
  }

  /**
   * Starts it.
   *
   * @param group the options that all members share
   * @param joins whether it joins the group by itself
   */
  void start(List<String> group, boolean joins) throws IOException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("mysqld", "--no-defaults", "--user=mysql"));
    command.add("--datadir=" + root.inside(name));
    command.add("--socket=" + root.inside(name + ".socket"));
    command.add("--pid-file=" + root.inside(name + ".pid"));
    command.addAll(List.of("--bind-address=127.0.0.1", "--report-host=127.0.0.1"));
    command.add("--secure-file-priv=NULL"); // the folder of the default is not in every root
    command.addAll(List.of("--innodb-flush-log-at-trx-commit=2", "--sync-binlog=0"));
    command.addAll(List.of("--port=" + port, "--mysqlx=OFF", "--server-id=" + number));
    command.add("--loose-group-replication-local-address=" + groupAddress());
    command.add("--loose-group-replication-start-on-boot=" + (joins ? "ON" : "OFF"));
    command.addAll(group);
    process = root.start(name + ".log", command);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Ends it without any warning. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    assertTrue(process.waitFor(END_SECONDS, SECONDS), "is not to be killed");
  }

  void freeze() throws IOException, InterruptedException {
    Signals.stop(process.toHandle());
  }

  void thaw() throws IOException, InterruptedException {
    Signals.goOn(process.toHandle());
  }

  /** Connects as the superuser, to this database or to none. */
  Connection connect(String database) throws SQLException {
    return TestDatabase.connect(
        "jdbc:mysql://" + address() + "/" + database + "?connectTimeout=1000&socketTimeout=30000",
        "root",
        "");
  }

  void execute(String... statements) throws SQLException {
    try (Connection connection = connect("");
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** Returns the first column of every row. */
  List<String> column(String sql) throws SQLException {
    try (Connection connection = connect("");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    }
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly(); // one that stands still hears nothing else
    }
  }
}
