package io.thirdsession.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.Deadline;
import io.thirdsession.Secret;
import io.thirdsession.metrics.Metrics;
import io.thirdsession.testing.LogCapture;
import io.thirdsession.testing.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A database that is there and says no: what the operator reads, and whether waiting goes on. */
class RefusingDatabaseTest {
  private static final String PASSWORD = "canary-Refused-account-1";

  private final List<String> accounts = new ArrayList<>();
  private TestDatabase testDatabase;
  private LogCapture log;
  private Database database;

  @BeforeEach
  void createDatabase() {
    testDatabase = TestDatabase.create();
    log = LogCapture.of("io.thirdsession.jdbc");
  }

  @AfterEach
  void dropDatabase() {
    if (database != null) {
      database.close();
    }
    accounts.forEach(account -> testDatabase.execute("DROP USER " + account));
    testDatabase.close();
    log.close();
    assertEquals(List.of(), log.linesWith("canary"), "a password is in the log");
  }

  @Test
  void aLockedAccountIsRefusedAndTakenOnceItIsUnlocked() throws Exception {
    String user = account("ACCOUNT LOCK");
    open(user);

    database.start();

    assertEquals(new Readiness("refused", "unknown", "unknown"), database.readiness());
    assertSaid("database refused", "ACCOUNT UNLOCK");
    testDatabase.execute("ALTER USER '" + user + "'@'%' ACCOUNT UNLOCK");
    await("ok");
  }

  @Test
  void anExpiredPasswordRefusesTheStart() {
    open(account("PASSWORD EXPIRE"));

    assertRefusesTheStart("expired");
  }

  @Test
  void aWrongPasswordRefusesTheStart() {
    account("");
    database = database(testDatabase.url(), accountName(), "canary-wrong");

    assertRefusesTheStart("password of DB_USER");
    assertEquals(new Readiness("refused", "unknown", "wrong"), database.readiness());
  }

  @Test
  void anAccountThatIsLockedWhileWeServeIsTold() throws Exception {
    String user = account("");
    open(user);
    database.start();
    testDatabase.execute("ALTER USER '" + user + "'@'%' ACCOUNT LOCK");
    testDatabase.killConnections();

    await("refused");

    assertSaid("database refused", "ACCOUNT UNLOCK");
    testDatabase.execute("ALTER USER '" + user + "'@'%' ACCOUNT UNLOCK");
    await("ok");
    assertSaid("database is back");
  }

  @Test
  void anUnknownHostIsAwayAndNamed() {
    database =
        database("jdbc:mysql://no-such-host.invalid:3306/thirdsession", "shop", "canary-unused");

    database.start();

    assertEquals(new Readiness("away", "unknown", "unknown"), database.readiness());
    assertSaid("database away", "no-such-host.invalid");
  }

  @Test
  void anOptionThatTheDriverDoesNotTakeRefusesNothingButIsTold() {
    database = database(testDatabase.url() + "?sslMode=MAYBE", "shop", "canary-unused");

    database.start();

    assertSaid("sslMode", "MAYBE");
  }

  @Test
  void theTablesOfAnotherApplicationAreLeftAlone() {
    testDatabase.execute("CREATE TABLE shop_order (id INT PRIMARY KEY)");
    open(account(""));

    assertRefusesTheStart("another application", "shop_order", "CREATE DATABASE");
    assertEquals(
        List.of("shop_order"),
        testDatabase.column(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"));
  }

  /** ProxySQL and others greet with a version of their own, by which the driver asks. */
  @Test
  void aProxyThatAnnouncesAnOldServerRefusesTheStart() throws Exception {
    String user = account("");
    try (OldGreeting proxy = new OldGreeting(testDatabase.url())) {
      database = database(proxy.url(), user, PASSWORD);

      SchemaFault fault = assertThrows(SchemaFault.class, database::start);

      assertTrue(
          fault.getMessage().contains("mysql-server_version")
              || fault.getMessage().contains("5.5.30"),
          fault.getMessage());
    }
  }

  /** Logging is off on the embedded server, and on by default on MySQL. */
  @Test
  void aServerThatLogsStatementsIsRefusedWhereItLogsAtAll() {
    String url = testDatabase.url();
    String option = (url.contains("?") ? "&" : "?") + "sessionVariables=binlog_format=STATEMENT";
    database = database(url, TestDatabase.user(), TestDatabase.password());
    boolean logs = testDatabase.column("SELECT @@log_bin").get(0).equals("1");
    if (logs) {
      database.close();
      database = database(url + option, TestDatabase.user(), TestDatabase.password());
      assertRefusesTheStart("binlog_format=STATEMENT", "1665");
    } else {
      database.start();
    }
  }

  private String account(String options) {
    String user = accountName();
    testDatabase.execute(
        "CREATE USER '" + user + "'@'%' IDENTIFIED BY '" + PASSWORD + "' " + options,
        "GRANT ALL ON " + testDatabase.column("SELECT DATABASE()").get(0) + ".* TO '" + user + "'");
    accounts.add("'" + user + "'@'%'");
    return user;
  }

  private String accountName() {
    return "refused_" + ProcessHandle.current().pid();
  }

  private void open(String user) {
    database = database(testDatabase.url(), user, PASSWORD);
  }

  private static Database database(String url, String user, String password) {
    Secret secret = Secret.of(password);
    return new Database(
        new DatabaseSettings(url, user, secret, 2, 2, true, user, secret),
        queries -> {},
        new Metrics());
  }

  private void assertRefusesTheStart(String... parts) {
    SchemaFault fault = assertThrows(SchemaFault.class, database::start);
    for (String part : parts) {
      assertTrue(fault.getMessage().contains(part), fault.getMessage());
    }
    assertFalse(fault.getMessage().contains("canary"), fault.getMessage());
  }

  private void assertSaid(String... parts) {
    List<String> lines = log.lines();
    assertTrue(
        lines.stream().anyMatch(line -> List.of(parts).stream().allMatch(line::contains)),
        "said " + lines);
  }

  private void await(String word) throws InterruptedException {
    Deadline deadline = Deadline.in(Duration.ofSeconds(20));
    while (!database.readiness().database().equals(word)) {
      assertFalse(deadline.passed(), "the database is " + database.readiness());
      Thread.sleep(50);
    }
  }

  /** Stands in front of a server and gives the version in its greeting as 5.5.30. */
  private static final class OldGreeting implements AutoCloseable {
    private final String url;
    private final URI server;
    private final ServerSocket listener;

    OldGreeting(String url) throws IOException {
      this.url = url;
      this.server = URI.create(url.substring("jdbc:".length()));
      this.listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
      start(this::accept);
    }

    String url() {
      return url.replace(
          server.getHost() + ":" + server.getPort(), "127.0.0.1:" + listener.getLocalPort());
    }

    private void accept() {
      try {
        while (true) {
          Socket client = listener.accept();
          Socket behind = new Socket(server.getHost(), server.getPort());
          start(() -> pump(client, behind, false));
          start(() -> pump(behind, client, true));
        }
      } catch (IOException ignored) {
        // the test is over
      }
    }

    private static void pump(Socket from, Socket to, boolean greets) {
      try (from;
          to) {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        byte[] buffer = new byte[8192];
        boolean greeting = greets;
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          if (greeting) {
            age(buffer);
            greeting = false;
          }
          out.write(buffer, 0, n);
        }
      } catch (IOException ignored) {
        // one side is gone, so the other goes
      }
    }

    /** The version stands behind 4 bytes of header and 1 of protocol, and ends with a zero. */
    private static void age(byte[] greeting) {
      byte[] old = "5.5.30".getBytes(StandardCharsets.US_ASCII);
      for (int i = 5; greeting[i] != 0; i++) {
        greeting[i] = i - 5 < old.length ? old[i - 5] : (byte) '-';
      }
    }

    private static void start(Runnable work) {
      Thread thread = new Thread(work, "old-greeting");
      thread.setDaemon(true);
      thread.start();
    }

    @Override
    public void close() throws IOException {
      listener.close();
    }
  }
}
