package io.thirdsession.bench;

import io.thirdsession.Uuid7;
import io.thirdsession.bench.load.WeChatStandIn;
import io.thirdsession.bench.machine.DatabaseServer;
import io.thirdsession.bench.machine.ServerProcess;
import io.thirdsession.bench.rows.BenchKeys;
import io.thirdsession.bench.rows.Filler;
import io.thirdsession.bench.rows.Population;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** A WAR that runs, with a database of its own and users in it. */
final class Candidate implements Subject, AutoCloseable {
  /** The default. */
  private static final Duration SESSION_ABSOLUTE = Duration.ofDays(30);

  /** A purger that is at work sees within this time that it has lost its lease. */
  private static final Duration LEASE_CHECKED = Duration.ofSeconds(12);

  private final String name;
  private final String schema;
  private final DatabaseServer database;
  private final Map<String, String> settings;
  private final ServerProcess server;
  private final Filler filler;
  private final Start start;

  private Candidate(
      String name,
      String schema,
      DatabaseServer database,
      Map<String, String> settings,
      ServerProcess server,
      Filler filler,
      Start start) {
    this.name = name;
    this.schema = schema;
    this.database = database;
    this.settings = settings;
    this.server = server;
    this.filler = filler;
    this.start = start;
  }

  /**
   * How a WAR is started.
   *
   * @param jvm options of its JVM
   * @param settings beyond those that every server needs
   */
  record Start(Path war, String jvm, Map<String, String> settings, Path out) {}

  /** Starts a WAR on an empty database, to be filled with up to so many users and sessions. */
  static Candidate start(
      String name,
      Start start,
      DatabaseServer database,
      WeChatStandIn weChat,
      int maxUsers,
      int maxSessions)
      throws IOException, SQLException {
    BenchKeys keys = new BenchKeys();
    String schema = "thirdsession_bench_" + name;
    database.recreate(schema);
    Map<String, String> settings = new HashMap<>();
    settings.put("DB_URL", database.url(schema));
    settings.put("DB_USER", database.user());
    settings.put("DB_PASSWORD", database.password());
    settings.put("WX_APPS", BenchKeys.APP + ":app-secret-of-the-benchmark");
    settings.put("WX_API_URL", weChat.uri().toString());
    settings.put("MASTER_KEYS", keys.setting());
    settings.put("RATE_LIMITS", "off"); // all clients come from one address
    settings.putAll(start.settings());
    ServerProcess server =
        ServerProcess.start(start.war(), name, start.out(), start.jvm(), settings);
    return new Candidate(
        name, schema, database, settings, server, new Filler(keys, maxUsers, maxSessions), start);
  }

  /** Fills its tables up to so many users and sessions. */
  Candidate fill(int users, int sessions) throws SQLException {
    try (Connection connection = database.connect(schema)) {
      filler.fill(connection, users, sessions);
    }
    return this;
  }

  /** Adds so many sessions that have expired; none of them is purged before {@link #letPurge}. */
  void fillExpired(int sessions) throws SQLException {
    execute(
        "UPDATE lease SET holder = REPEAT('x', 16), held_until = %d WHERE name = 'purge'"
            .formatted(Long.MAX_VALUE));
    LockSupport.parkNanos(LEASE_CHECKED.toNanos());
    try (Connection connection = database.connect(schema)) {
      filler.expired(connection, sessions, SESSION_ABSOLUTE);
    }
  }

  /** Lets the server purge from its next run on, at most ten seconds later. */
  void letPurge() throws SQLException {
    execute("UPDATE lease SET held_until = 0 WHERE name = 'purge'");
  }

  /** Returns how many sessions have expired and are still there. */
  int expired() throws SQLException {
    String border = Uuid7.least(Instant.now().minus(SESSION_ABSOLUTE)).toString().replace("-", "");
    return Integer.parseInt(
        database.text(
            "SELECT COUNT(*) FROM %s.session WHERE sid < UNHEX('%s')".formatted(schema, border)));
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = database.connect(schema);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Starts the same WAR once more on the same database, with the rate limits it has by default. */
  ServerProcess startLimited() throws IOException {
    Map<String, String> limited = new HashMap<>(settings);
    limited.remove("RATE_LIMITS");
    return ServerProcess.start(start.war(), name + "-limited", start.out(), start.jvm(), limited);
  }

  @Override
  public String name() {
    return name;
  }

  String schema() {
    return schema;
  }

  @Override
  public ServerProcess server() {
    return server;
  }

  @Override
  public Population population() {
    return filler.population();
  }

  @Override
  public Tokens tokens() {
    return Tokens.BEARER;
  }

  /** Returns DB_URL and what else one needs to reach its database. */
  Map<String, String> settings() {
    return settings;
  }

  @Override
  public void close() throws SQLException {
    server.close();
    database.drop(schema);
  }
}
