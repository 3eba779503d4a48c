package io.thirdsession.session;

import static io.thirdsession.testing.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.thirdsession.testing.AppServer;
import io.thirdsession.testing.SqlListener;
import io.thirdsession.testing.TestDatabase;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What each operation costs, counted and not timed: statements, commits, round trips, rows, bytes.
 * A figure that rises is to be argued for.
 */
class CostsTest {
  private static final int TRIES = 10;
  private static final int MANY_TRIES = 500;

  /** The protocol's number for the execution of a prepared statement. */
  private static final String EXECUTE = "0x17";

  /** What is done beside requests: the watch, the audit trail and the purger. */
  private static final Pattern BESIDE =
      Pattern.compile(
          "SELECT @@.*|SELECT id FROM user|(SELECT|INSERT|UPDATE|DELETE) (node|audit|lease)");

  private static final Pattern TABLE =
      Pattern.compile("(?s)(?:(SELECT|DELETE)\\b.*?\\bFROM|(INSERT) INTO|(UPDATE)) (\\w+)");

  private TestDatabase database;
  private SqlListener wire;
  private AppServer server;

  @BeforeEach
  void create() throws Exception {
    database = TestDatabase.create();
    wire = SqlListener.to(database.url());
  }

  @AfterEach
  void drop() throws Exception {
    server.close();
    wire.close();
    database.close();
  }

  @Test
  void aCheckIsOneRoundTripOnceItIsPrepared() throws Exception {
    server = AppServer.start(wire.url(""), "DB_POOL_SIZE", "1");
    String token = server.login("alice").token();
    server.http.check(token);

    assertEquals(List.of(EXECUTE), least(() -> server.http.check(token)));
  }

  @Test
  void aMadeUpTokenIsNone() throws Exception {
    server = AppServer.start(wire.url(""));
    String token = server.login("alice").token();
    String madeUp = token.substring(0, 70) + "AAAAAAAAA";

    assertEquals(List.of(), least(() -> assertEquals(401, server.http.check(madeUp).status())));
  }

  @Test
  void everyOperationHasItsStatementsAndLoginsOneCommit() throws Exception {
    startWithStatementsInText();
    assertEquals(
        List.of(
            "SELECT identity",
            "INSERT user",
            "INSERT identity",
            "SELECT session",
            "INSERT session",
            "COMMIT"),
        least(() -> server.login("user" + System.nanoTime())));

    String token = server.login("alice").token();
    assertEquals(
        List.of(
            "SELECT identity",
            "INSERT identity", // or update, as the next: one statement for whole batches
            "INSERT user",
            "SELECT session",
            "INSERT session",
            "COMMIT"),
        least(() -> server.login("alice")));

    assertEquals(List.of("SELECT session"), least(() -> server.http.check(token)));

    Iterator<String> others =
        IntStream.range(0, TRIES).mapToObj(i -> server.login("bob").token()).toList().iterator();
    assertEquals(
        List.of("SELECT session", "DELETE session", "COMMIT"),
        least(() -> server.http.logout(others.next())));
  }

  @Test
  void aLoginOfAKnownUserCostsTheSameWhereNewOnesAreLookedUp() throws Exception {
    startWithStatementsInText(
        "IMPORT_URL", "http://127.0.0.1:1/", "IMPORT_SECRET", "canary-import-secret-costs");
    server.login("alice");

    assertEquals(
        List.of(
            "SELECT identity",
            "INSERT identity",
            "INSERT user",
            "SELECT session",
            "INSERT session",
            "COMMIT"),
        least(() -> server.login("alice")));
  }

  @Test
  void aHundredTouchesAreAFewStatements() throws Exception {
    startWithStatementsInText();
    List<String> tokens = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      tokens.add(server.login("user" + i).token());
    }
    server.clock.advance(Duration.ofDays(1));
    wire.take();
    tokens.forEach(token -> server.app.sessions().find(token));
    eventually(
        () ->
            assertEquals(
                100,
                database.number(
                    "SELECT COUNT(*) FROM session WHERE last_seen_at = " + server.clock.millis())));

    long statements = ours(wire.take()).stream().filter("UPDATE session"::equals).count();
    assertTrue(statements <= 20, "statements: " + statements);
  }

  @Test
  void checksThatComeAtOnceShareStatements() throws Exception {
    startWithStatementsInText();
    String token = server.login("alice").token();
    wire.take();

    atOnce(64, 50, name -> assertTrue(server.app.sessions().find(token).isPresent()));

    int statements = ours(wire.take()).size();
    assertTrue(statements < 64 * 50 / 3, "statements: " + statements);
  }

  @Test
  void loginsThatComeAtOnceShareCommitsAlsoTheFirstOnes() throws Exception {
    startWithStatementsInText();
    for (String what : List.of("first", "later")) {
      wire.take();
      atOnce(32, 10, server::login);

      long commits = ours(wire.take()).stream().filter("COMMIT"::equals).count();
      assertTrue(commits < 32 * 10 / 2, what + " logins' commits: " + commits);
    }
    assertEquals(32 * 10, database.number("SELECT COUNT(*) FROM user"));
  }

  /** Has so many threads do this so often, each time with another name. */
  private static void atOnce(int threads, int times, Consumer<String> operation) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        String thread = "thread" + t;
        all.add(
            executor.submit(
                () -> IntStream.range(0, times).forEach(i -> operation.accept(thread + "-" + i))));
      }
      for (Future<?> one : all) {
        one.get();
      }
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void aCheckReadsThreeRowsByKeyAndNoOther() throws Exception {
    server = AppServer.start(database.url());
    for (int i = 0; i < 50; i++) {
      server.login("user" + i);
    }
    String token = server.login("alice").token();
    server.http.check(token);
    try (Connection connection = database.connect()) {
      assertEquals(
          3,
          leastReads(connection, () -> server.http.check(token))
              - leastReads(connection, () -> {}));
    }
  }

  @Test
  void aCheckAllocatesLittle() throws Exception {
    server = AppServer.start(database.url());
    String token = server.login("alice").token();

    long bytes = bytes(() -> assertTrue(server.app.sessions().find(token).isPresent()));

    long ofTheTestsClock = bytes(() -> assertTrue(server.clock.instant().toEpochMilli() > 0));
    assertTrue(bytes - ofTheTestsClock < 25_000, "bytes: " + bytes + " - " + ofTheTestsClock);
  }

  /** Returns the median of many. */
  private static long bytes(Runnable operation) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long[] bytes = new long[3_001];
    for (int i = 0; i < bytes.length; i++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      operation.run();
      bytes[i] = threads.getCurrentThreadAllocatedBytes() - before;
    }
    Arrays.sort(bytes);
    return bytes[bytes.length / 2];
  }

  /** The driver then sends every statement with its values, as text. */
  private void startWithStatementsInText(String... settings) throws Exception {
    server = AppServer.start(wire.url("&useServerPrepStmts=false"), settings);
  }

  /** Returns what was asked, of several tries the least: others may ask at the same moment. */
  private List<String> least(Runnable operation) {
    List<String> least = List.of();
    for (int i = 0; i < TRIES; i++) {
      wire.take();
      operation.run();
      List<String> asked = ours(wire.take());
      if (i == 0 || asked.size() < least.size()) {
        least = asked;
      }
    }
    return least;
  }

  private static List<String> ours(List<String> heard) {
    return heard.stream()
        .map(CostsTest::verbAndTable)
        .filter(statement -> !BESIDE.matcher(statement).matches())
        .toList();
  }

  /** Returns such as {@code SELECT session}; values, which may look like anything, stand behind. */
  private static String verbAndTable(String sql) {
    Matcher found = TABLE.matcher(sql);
    if (sql.startsWith("SELECT id FROM user") || !found.lookingAt()) {
      return sql.lines().findFirst().orElse("").replaceFirst(" WHERE.*", "");
    }
    return Stream.of(1, 2, 3).map(found::group).filter(Objects::nonNull).findFirst().orElse("")
        + " "
        + found.group(4);
  }

  /** The server counts for all of its databases, and other tests may have theirs on it. */
  private static long leastReads(Connection connection, Runnable operation) throws SQLException {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < MANY_TRIES; i++) {
      long before = reads(connection);
      operation.run();
      least = Math.min(least, reads(connection) - before);
    }
    return least;
  }

  private static long reads(Connection connection) throws SQLException {
    long reads = 0;
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SHOW GLOBAL STATUS LIKE 'Handler_read_%'")) {
      while (rows.next()) {
        reads += rows.getString(1).matches(".*(retry|deleted)") ? 0 : rows.getLong(2);
      }
    }
    return reads;
  }
}
