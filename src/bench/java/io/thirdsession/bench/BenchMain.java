package io.thirdsession.bench;

import io.thirdsession.bench.load.WeChatStandIn;
import io.thirdsession.bench.machine.DatabaseServer;
import io.thirdsession.bench.machine.Machine;
import io.thirdsession.bench.machine.PeerBuild;
import io.thirdsession.bench.micro.Micro;
import io.thirdsession.bench.report.Figure;
import io.thirdsession.bench.report.Report;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Measures what the options name and writes it to {@code target/bench}. */
public final class BenchMain {
  private static final Set<String> SERVERS =
      Set.of(
          "limits", "calls", "checks", "logins", "faults", "latency", "clients", "profile",
          "peers");

  private final Options options;
  private final DatabaseServer database;
  private final WeChatStandIn weChat;
  private final Report report;

  private BenchMain(Options options, DatabaseServer database, WeChatStandIn weChat)
      throws Exception {
    this.options = options;
    this.database = database;
    this.weChat = weChat;
    this.report =
        new Report(
            options.out(),
            options.page(),
            Machine.describe(),
            database.describe(),
            options.text("jvm"),
            "load average at the start %.1f".formatted(Machine.load()));
  }

  /** Takes {@code name=value}; pom.xml has the names. */
  public static void main(String[] arguments) throws Exception {
    Options options = Options.read(arguments);
    Files.createDirectories(options.out());
    try (DatabaseServer database =
            DatabaseServer.open(
                options.text("db.url"),
                options.text("db.user"),
                options.text("db.password"),
                options.text("db.pool"));
        WeChatStandIn weChat = new WeChatStandIn()) {
      new BenchMain(options, database, weChat).run();
    }
  }

  private void run() throws Exception {
    Set<String> parts = options.parts();
    if (parts.stream().anyMatch(SERVERS::contains)) {
      servers(parts);
    }
    if (parts.contains("growth")) {
      growth();
    }
    if (parts.contains("soak")) {
      soak();
    }
    if (parts.contains("steps")) {
      report.steps(Micro.run(options.time()));
    }
  }

  private void servers(Set<String> parts) throws Exception {
    Measurer measurer = new Measurer(database.pid(), options.warmUp(), options.time());
    Calls calls =
        new Calls(measurer, database, weChat, options.number("clients"), options.text("jvm"));
    List<Candidate> candidates = new ArrayList<>();
    Optional<Peers> peers = parts.contains("peers") ? Optional.of(peers(calls)) : Optional.empty();
    try {
      for (Path war : options.wars()) {
        candidates.add(start(war, candidates.size()));
      }
      Candidate first = candidates.get(0);
      for (int round = 1; round <= options.rounds(); round++) {
        measure(calls.turns(parts), candidates, round);
        if (peers.isPresent()) {
          peers.get().measure(first, round, !parts.contains("calls"));
        }
        Collections.reverse(candidates); // so that neither is always the first
      }
      for (int round = 1; round <= options.rounds(); round++) {
        measure(calls.lastTurns(parts), candidates, round);
        Collections.reverse(candidates);
      }
      List<Figure> byClients = new ArrayList<>();
      if (parts.contains("clients")) {
        byClients.addAll(calls.byClients(candidates.get(0)));
      }
      if (!measurer.figures().isEmpty()) {
        report.servers(measurer.figures(), byClients);
      }
      if (peers.isPresent()) {
        report.peers(peers.get().beside(measurer.figures()), first.name(), Peer.NAME);
      }
      if (parts.contains("profile")) {
        report.profiles(calls.profiles(candidates.get(0), options.out()));
      }
    } finally {
      for (Candidate candidate : candidates) {
        candidate.close();
      }
      if (peers.isPresent()) {
        peers.get().close();
      }
    }
  }

  private static void measure(List<Calls.Turn> turns, List<Candidate> candidates, int round)
      throws Exception {
    for (Calls.Turn turn : turns) {
      for (Candidate candidate : turn.ofMachine() ? candidates.subList(0, 1) : candidates) {
        turn.step().measure(candidate, round);
      }
    }
  }

  private Peers peers(Calls calls) throws Exception {
    Path jar = PeerBuild.run(Path.of(options.text("maven")));
    Peer peer =
        Peer.start(
            jar, options.text("jvm"), options.out(), database, weChat, options.number("users"));
    return new Peers(
        new Measurer(database.pid(), options.warmUp(), options.time()), calls, peer.fill());
  }

  private void growth() throws Exception {
    Measurer measurer = new Measurer(database.pid(), options.warmUp(), options.time());
    List<Integer> rows = options.rows();
    int max = Collections.max(rows);
    try (Candidate candidate =
        Candidate.start(
            "growth", startOf(options.wars().get(0)), database, weChat, Growth.users(max), max)) {
      Growth growth = new Growth(measurer, database, candidate, options.number("clients"));
      for (int some : rows) {
        growth.measure(some);
      }
      report.growth(growth.steps());
      int expired = options.number("purge");
      if (expired > 0) {
        report.purge(growth.purge(expired), growth.steps().get(rows.size() - 1));
      }
    }
  }

  private void soak() throws Exception {
    Measurer measurer =
        new Measurer(database.pid(), Duration.ZERO, Soak.ofEach(options.seconds("soak")));
    try (Candidate candidate = start(options.wars().get(0), 0)) {
      report.soak(new Soak(measurer, candidate, weChat, options.number("clients")).run());
    }
  }

  private Candidate start(Path war, int index) throws Exception {
    String name = Character.toString('a' + index);
    int users = options.number("users");
    System.out.println(name + " = " + war);
    return Candidate.start(name, startOf(war), database, weChat, users, users).fill(users, users);
  }

  private Candidate.Start startOf(Path war) {
    return new Candidate.Start(war, options.text("jvm"), options.settings(), options.out());
  }
}
