package io.thirdsession.bench.machine;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the database gives at most to a Java program that does nothing else, with the same pool and
 * driver. Prints {@code begin} and {@code end COUNT NANOS} around what it measures.
 */
public final class RawMain {
  /** What can be done. */
  public enum Work {
    /** One row by its primary key. */
    READ,
    /** One row changed, one inserted, one commit. */
    TRANSACTION
  }

  private static final String READ = "SELECT * FROM session WHERE sid = ?";
  private static final String UPDATE = "UPDATE user SET last_login_at = ? WHERE id = ?";
  private static final String INSERT =
      """
      INSERT INTO session (sid, secret_hash, user_id, identity_id, last_seen_at, origin, address)
      VALUES (?, ?, ?, ?, ?, 'login', '127.0.0.1')
      """;

  private final Work work;
  private final HikariDataSource pool;
  private final List<byte[]> ids;
  private final LongAdder count = new LongAdder();
  private volatile boolean stopped;

  private RawMain(Work work, HikariDataSource pool) throws SQLException {
    this.work = work;
    this.pool = pool;
    this.ids = ids(work == Work.READ ? "SELECT sid FROM session" : "SELECT id FROM user");
  }

  /** Takes work, threads, seconds to warm up, seconds to measure; the rest is in DB_…. */
  public static void main(String[] arguments) throws Exception {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(System.getenv("DB_URL"));
    config.setUsername(System.getenv("DB_USER"));
    config.setPassword(System.getenv("DB_PASSWORD"));
    config.addDataSourceProperty("useServerPrepStmts", "true");
    config.addDataSourceProperty("cachePrepStmts", "true");
    config.addDataSourceProperty("useLocalSessionState", "true");
    config.setMaximumPoolSize(Integer.parseInt(arguments[1]));
    Work work = Work.valueOf(arguments[0]);
    config.setAutoCommit(work == Work.READ);
    try (HikariDataSource pool = new HikariDataSource(config)) {
      new RawMain(work, pool)
          .run(
              Integer.parseInt(arguments[1]),
              Double.parseDouble(arguments[2]),
              Double.parseDouble(arguments[3]));
    }
  }

  private void run(int threads, double warmUp, double seconds) throws InterruptedException {
    List<Thread> workers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Thread worker = new Thread(this::work);
      worker.start();
      workers.add(worker);
    }
    Thread.sleep((long) (warmUp * 1000));
    System.out.println("begin");
    long before = count.sum();
    long begin = System.nanoTime();
    Thread.sleep((long) (seconds * 1000));
    System.out.println("end " + (count.sum() - before) + " " + (System.nanoTime() - begin));
    stopped = true;
    for (Thread worker : workers) {
      worker.join();
    }
  }

  private void work() {
    try {
      while (!stopped) {
        try (Connection connection = pool.getConnection()) {
          byte[] id = ids.get(ThreadLocalRandom.current().nextInt(ids.size()));
          if (work == Work.READ) {
            read(connection, id);
          } else {
            write(connection, id);
          }
        }
        count.increment();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void read(Connection connection, byte[] sid) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(READ)) {
      statement.setBytes(1, sid);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        rows.getBytes("secret_hash");
        rows.getLong("last_seen_at");
      }
    }
  }

  private void write(Connection connection, byte[] user) throws SQLException {
    long now = System.currentTimeMillis();
    try (PreparedStatement update = connection.prepareStatement(UPDATE);
        PreparedStatement insert = connection.prepareStatement(INSERT)) {
      update.setLong(1, now + ThreadLocalRandom.current().nextInt(1_000_000));
      update.setBytes(2, user);
      update.executeUpdate();
      insert.setBytes(1, sid(now));
      insert.setBytes(2, new byte[32]);
      insert.setBytes(3, user);
      insert.setBytes(4, user);
      insert.setLong(5, now);
      insert.executeUpdate();
      connection.commit();
    }
  }

  /** Ordered by time, as real ones are. */
  private static byte[] sid(long now) {
    return ByteBuffer.allocate(16)
        .putLong(now << 16)
        .putLong(ThreadLocalRandom.current().nextLong())
        .array();
  }

  private List<byte[]> ids(String query) throws SQLException {
    List<byte[]> found = new ArrayList<>();
    try (Connection connection = pool.getConnection();
        PreparedStatement statement = connection.prepareStatement(query + " LIMIT 10000");
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        found.add(rows.getBytes(1));
      }
    }
    return found;
  }
}
