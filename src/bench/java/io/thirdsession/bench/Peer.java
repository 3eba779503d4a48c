package io.thirdsession.bench;

import io.thirdsession.bench.load.LoadRun;
import io.thirdsession.bench.load.Outcome;
import io.thirdsession.bench.load.WeChatStandIn;
import io.thirdsession.bench.load.Workload;
import io.thirdsession.bench.machine.DatabaseServer;
import io.thirdsession.bench.machine.ServerProcess;
import io.thirdsession.bench.rows.BenchKeys;
import io.thirdsession.bench.rows.Population;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

/** What people build instead, {@code src/bench/peer}, with a database of its own. */
final class Peer implements Subject, AutoCloseable {
  static final String NAME = "peer";

  private static final String SCHEMA = "thirdsession_bench_peer";
  private static final String CLOSED_PATH = "/api/session";
  private static final int UNAUTHORIZED = 401;
  private static final int CLIENTS = 32;
  private static final Duration SLICE = Duration.ofSeconds(1);

  private final DatabaseServer database;
  private final ServerProcess server;
  private final Population population;

  private Peer(DatabaseServer database, ServerProcess server, int users) {
    this.database = database;
    this.server = server;
    this.population = Population.ofUsers(users);
  }

  /** Starts this jar on an empty database, to be used by so many users. */
  static Peer start(
      Path jar, String jvm, Path out, DatabaseServer database, WeChatStandIn weChat, int users)
      throws IOException, SQLException {
    database.recreate(SCHEMA);
    Map<String, String> settings =
        Map.of(
            "SPRING_DATASOURCE_URL", database.url(SCHEMA),
            "SPRING_DATASOURCE_USERNAME", database.user(),
            "SPRING_DATASOURCE_PASSWORD", database.password(),
            "WECHAT_APPID", BenchKeys.APP,
            "WECHAT_SECRET", "app-secret-of-the-benchmark",
            "WECHAT_API_URL", weChat.uri().toString());
    ServerProcess server =
        ServerProcess.startJar(jar, NAME, out, jvm, settings, CLOSED_PATH, UNAUTHORIZED);
    return new Peer(database, server, users);
  }

  /** Lets all its users log in, so that each holds a token: what is in its tables, it has made. */
  Peer fill() throws IOException {
    Workload arrivals = Workloads.arrivals(this, new Workloads.Serial());
    while (!population.isComplete()) {
      Outcome outcome =
          LoadRun.closed(server.address(), CLIENTS, arrivals, Duration.ZERO, SLICE, edge -> {});
      if (!outcome.others().isEmpty()) {
        throw new IOException("the peer refuses logins: " + outcome.others());
      }
    }
    return this;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public ServerProcess server() {
    return server;
  }

  @Override
  public Population population() {
    return population;
  }

  @Override
  public Tokens tokens() {
    return Tokens.SPRING_SESSION;
  }

  @Override
  public void close() throws SQLException {
    server.close();
    database.drop(SCHEMA);
  }
}
