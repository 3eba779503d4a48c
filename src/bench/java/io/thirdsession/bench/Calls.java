package io.thirdsession.bench;

import io.thirdsession.bench.load.WeChatStandIn;
import io.thirdsession.bench.load.Workload;
import io.thirdsession.bench.machine.DatabaseServer;
import io.thirdsession.bench.machine.Profiler;
import io.thirdsession.bench.machine.RawMain;
import io.thirdsession.bench.machine.RawProcess;
import io.thirdsession.bench.machine.ServerProcess;
import io.thirdsession.bench.report.Figure;
import io.thirdsession.bench.report.Profile;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The parts of the benchmark that measure running servers, each with its clients. */
final class Calls {
  private static final Duration SLOW = Duration.ofMillis(200);

  /** Longer than the breaker stays open. */
  private static final Duration AFTER_OUTAGE = Duration.ofSeconds(4);

  private static final int CROWD = 1_000;
  private static final List<Integer> CLIENTS = List.of(1, 4, 16, 64, 256, CROWD);

  /** Few threads are best for reads, more for commits, which are made together. */
  private static final List<Integer> RAW_THREADS = List.of(4, 32);

  private static final int UNAVAILABLE = 503;
  private static final int TOO_MANY = 429;

  private final Measurer measurer;
  private final DatabaseServer database;
  private final WeChatStandIn weChat;
  private final int clients;
  private final String jvm;
  private final Workloads.Serial serial;

  Calls(Measurer measurer, DatabaseServer database, WeChatStandIn weChat, int clients, String jvm) {
    this(measurer, database, weChat, clients, jvm, new Workloads.Serial());
  }

  private Calls(
      Measurer measurer,
      DatabaseServer database,
      WeChatStandIn weChat,
      int clients,
      String jvm,
      Workloads.Serial serial) {
    this.measurer = measurer;
    this.database = database;
    this.weChat = weChat;
    this.clients = clients;
    this.jvm = jvm;
    this.serial = serial;
  }

  /** Returns the same, but with the figures kept in another place. */
  Calls keptIn(Measurer other) {
    return new Calls(other, database, weChat, clients, jvm, serial);
  }

  private void bareServlet(Candidate of, int round) {
    measurer.closed(Names.SERVLET, "", of.server(), round, clients, Workloads.get("/bare/"));
  }

  /** What the database does when nothing but one statement, or transaction, is asked of it. */
  private void raw(String name, RawMain.Work work, Candidate of, int round)
      throws IOException, SQLException {
    String raw = of.schema() + "_raw";
    database.recreate(raw);
    for (String table : List.of("user", "session")) {
      database.execute("CREATE TABLE %s.%s LIKE %s.%2$s".formatted(raw, table, of.schema()));
      database.execute(
          "INSERT INTO %s.%s SELECT * FROM %s.%2$s".formatted(raw, table, of.schema()));
    }
    Map<String, String> settings = new HashMap<>(of.settings());
    settings.put("DB_URL", database.url(raw));
    raw(name, work, of, round, settings);
    database.drop(raw);
  }

  private void raw(
      String name, RawMain.Work work, Candidate of, int round, Map<String, String> settings)
      throws IOException {
    List<Figure> figures = new ArrayList<>();
    for (int threads : RAW_THREADS) {
      Meter meter = measurer.meter(of.server().pid());
      double perSecond =
          RawProcess.perSecond(
              work,
              threads,
              jvm,
              settings,
              measurer.warmUp().dividedBy(2),
              measurer.time().dividedBy(2),
              meter);
      double seconds = measurer.time().toMillis() / 2e3;
      figures.add(meter.databaseFigure(name, round, threads, perSecond, seconds));
    }
    measurer.add(Collections.max(figures, Comparator.comparingDouble(Figure::perSecond)));
  }

  /** Something that is measured of one server after the other, of this kind. */
  @FunctionalInterface
  interface Step<S extends Subject> {
    void measure(S of, int round) throws IOException, SQLException;
  }

  /**
   * A step, in its turn.
   *
   * @param ofMachine whether it is the same for every server, so that one of them is enough
   */
  record Turn(Step<? super Candidate> step, boolean ofMachine) {}

  /** Returns what can be measured of any login server. */
  List<Step<Subject>> common() {
    return List.of(checks(Names.CHECK, "/api/session"), logins(Names.LOGIN), this::slowLogins);
  }

  /**
   * Returns what these parts of the benchmark measure, one after the other. A limit is measured
   * before and after what it is the limit of: a machine is not equally fast from minute to minute.
   */
  List<Turn> turns(Set<String> parts) {
    List<Turn> limitsOfChecks = new ArrayList<>();
    List<Turn> limitsOfLogins = new ArrayList<>();
    if (parts.contains("limits")) {
      limitsOfChecks.add(new Turn(this::bareServlet, true));
      limitsOfChecks.add(new Turn((of, n) -> raw(Names.READ, RawMain.Work.READ, of, n), true));
      limitsOfLogins.add(
          new Turn((of, n) -> raw(Names.TRANSACTION, RawMain.Work.TRANSACTION, of, n), true));
    }
    List<Turn> turns = new ArrayList<>(limitsOfChecks);
    if (parts.contains("calls") || parts.contains("checks")) {
      add(turns, checks(Names.CHECK, "/api/session"));
      add(turns, checks(Names.GATEWAY, "/api/gateway"));
      add(turns, this::madeUpTokens);
      turns.addAll(limitsOfChecks);
    }
    turns.addAll(limitsOfLogins);
    if (parts.contains("calls") || parts.contains("logins")) {
      add(turns, logins(Names.LOGIN));
      add(turns, this::firstLogins);
      add(turns, this::slowLogins);
      turns.addAll(limitsOfLogins);
    }
    return turns;
  }

  /**
   * Returns what these parts measure after all that is measured of a {@link Peer} too: the bulk
   * load would make every commit to the peer's tables slower, which have foreign keys, until the
   * database server is restarted.
   */
  List<Turn> lastTurns(Set<String> parts) {
    List<Turn> turns = new ArrayList<>();
    if (parts.contains("faults")) {
      add(turns, this::whileWeChatIsDown);
      add(turns, this::beyondTheRateLimit);
      add(turns, logins(Names.BEFORE_BULK));
      add(turns, (of, round) -> BulkLoad.run(database));
      add(turns, logins(Names.AFTER_BULK));
    }
    if (parts.contains("latency")) {
      add(turns, this::latency);
    }
    return turns;
  }

  private static void add(List<Turn> turns, Step<? super Candidate> step) {
    turns.add(new Turn(step, false));
  }

  private Step<Subject> checks(String name, String path) {
    return (of, round) -> measurer.closed(name, of, round, clients, Workloads.withTokens(path, of));
  }

  private Step<Subject> logins(String name) {
    return (of, round) -> measurer.closed(name, of, round, clients, logins(of));
  }

  private void madeUpTokens(Candidate of, int round) {
    measurer.closed(Names.MADE_UP, of, round, clients, Workloads.withMadeUpTokens(of));
  }

  private void firstLogins(Candidate of, int round) {
    measurer.closed(Names.FIRST_LOGIN, of, round, clients, Workloads.firstLogins(of, serial));
  }

  private void slowLogins(Subject of, int round) {
    weChat.delay(SLOW);
    measurer.closed(Names.SLOW_LOGIN, of, round, CROWD, logins(of));
    weChat.delay(Duration.ZERO);
  }

  private void whileWeChatIsDown(Candidate of, int round) {
    weChat.breakDown(true);
    measurer.closed(
        Names.BREAKER, of, round, CROWD, Workloads.refusedLogins(of, serial, UNAVAILABLE));
    weChat.breakDown(false);
    measurer.letPass(AFTER_OUTAGE);
  }

  private void beyondTheRateLimit(Candidate of, int round) throws IOException {
    try (ServerProcess limited = of.startLimited()) {
      measurer.closed(
          Names.LIMITED,
          of.name(),
          limited,
          round,
          CROWD,
          Workloads.refusedLogins(of, serial, TOO_MANY));
    }
  }

  /** What clients feel at half of what the server can do. */
  private void latency(Candidate of, int round) {
    Workload checks = Workloads.withTokens("/api/session", of);
    measurer.open(Names.CHECK_LATENCY, of, round, CROWD, halfOf(Names.CHECK, of, checks), checks);
    Workload logins = logins(of);
    measurer.open(Names.LOGIN_LATENCY, of, round, CROWD, halfOf(Names.LOGIN, of, logins), logins);
  }

  private double halfOf(String name, Candidate of, Workload workload) {
    return measurer
            .perSecond(name, of.name())
            .orElseGet(() -> measurer.shorter(3).closed(name, of, 1, clients, workload).perSecond())
        / 2;
  }

  /** Returns figures for few clients and for many. */
  List<Figure> byClients(Candidate of) {
    Measurer shorter = measurer.shorter(3);
    for (int some : CLIENTS) {
      shorter.closed(Names.CHECK, of, 1, some, Workloads.withTokens("/api/session", of));
    }
    for (int some : CLIENTS) {
      shorter.closed(Names.LOGIN, of, 1, some, logins(of));
    }
    return shorter.figures();
  }

  /** Returns where the server's CPU time goes, in calls that have run for a while. */
  List<Profile> profiles(Candidate of, Path folder) throws IOException {
    Profiler profiler = new Profiler(folder);
    List<Profile> profiles = new ArrayList<>();
    Workload checks = Workloads.withTokens("/api/session", of);
    profiles.add(profile(Names.CHECK, of, clients, checks, profiler, folder));
    Workload madeUp = Workloads.withMadeUpTokens(of);
    profiles.add(profile(Names.MADE_UP, of, clients, madeUp, profiler, folder));
    profiles.add(profile(Names.LOGIN, of, clients, logins(of), profiler, folder));
    weChat.delay(SLOW);
    profiles.add(profile(Names.SLOW_LOGIN, of, CROWD, logins(of), profiler, folder));
    weChat.delay(Duration.ZERO);
    return profiles;
  }

  private Profile profile(
      String name, Candidate of, int some, Workload workload, Profiler profiler, Path folder)
      throws IOException {
    Path stacks = folder.resolve("profile-" + name.replaceAll("[^a-zA-Z0-9]+", "-") + ".txt");
    Duration time = measurer.time().minusSeconds(1);
    measurer
        .shorter(1)
        .closed(
            name,
            of.name(),
            of.server(),
            1,
            some,
            workload,
            edge -> {
              if (edge == 0) {
                profiler.start(of.server().pid(), time, stacks);
              }
            });
    return new Profile(name, Profiler.lines(stacks));
  }

  private Workload logins(Subject of) {
    return Workloads.logins(of, serial);
  }
}
