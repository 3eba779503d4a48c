package io.thirdsession.history;

import io.thirdsession.history.ClusterStep.Way;
import io.thirdsession.history.Trail.Event;
import io.thirdsession.history.Trail.Kill;
import io.thirdsession.simulator.WeChatSimulator;
import io.thirdsession.testing.Nginx;
import io.thirdsession.testing.Ports;
import io.thirdsession.testing.TestHttp;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/** Two nodes behind nginx, which reach a group in one way, and clients that work steadily. */
final class DrilledCluster implements AutoCloseable {
  private static final String DATABASE = "drill";
  private static final int CLIENTS = 16;
  private static final int PERSONS = 48;
  private static final Duration PAUSE = Duration.ofMillis(150);

  /** Rows of the audit trail wait no longer than this while the database is there. */
  private static final Duration WAITING = Duration.ofSeconds(15);

  private final History history = new History();
  private final ReplicationGroup group;
  private final Way way;
  private final String router;
  private final WeChatSimulator weChat;
  private final List<Kill> kills = new ArrayList<>();
  private List<NodeProcess> nodes = List.of();
  private Nginx nginx;
  private Workload workload;
  private GroupMember victim; // of the step that is under way

  /**
   * Makes an empty database, and starts all; the clients rest.
   *
   * @param router where it listens; used on that way alone
   */
  DrilledCluster(ReplicationGroup group, Way way, String router, long seed) throws Exception {
    this.group = group;
    this.way = way;
    this.router = router;
    this.weChat = DrillNodes.weChat();
    try {
      start(seed);
    } catch (Exception | AssertionError e) {
      close();
      throw e;
    }
  }

  private void start(long seed) throws Exception {
    group.createDatabase(DATABASE);
    List<GroupMember> members = new ArrayList<>(group.members());
    members.add(0, members.remove(members.size() - 1)); // the primary first
    Path folder = Files.createDirectories(Path.of("target", "drill"));
    Map<String, String> settings = settings(url(members));
    nodes =
        List.of(
            new NodeProcess(way + "-one", folder, settings),
            new NodeProcess(way + "-other", folder, settings));
    for (NodeProcess node : nodes) {
      node.start();
      node.awaitReady();
    }
    URI nobody = URI.create("http://127.0.0.1:" + Ports.free());
    nginx = Nginx.start(nodes.stream().map(node -> node.node().http().base()).toList(), nobody);
    Node front = new Node("nginx", TestHttp.ofAnother(nginx.base()), true);
    workload =
        new Workload(history, List.of(front), weChat, CLIENTS, PERSONS, PAUSE, new Random(seed));
    workload.rest();
    workload.start();
  }

  private String url(List<GroupMember> members) {
    String servers =
        way == Way.ROUTER
            ? router
            : members.stream().map(GroupMember::address).collect(Collectors.joining(","));
    return "jdbc:mysql://" + servers + "/" + DATABASE + "?sslMode=REQUIRED";
  }

  private Map<String, String> settings(String url) {
    Map<String, String> settings =
        DrillNodes.settings(url, ReplicationGroup.USER, ReplicationGroup.PASSWORD, weChat);
    settings.put("TRUSTED_PROXIES", "127.0.0.1");
    return settings;
  }

  List<Operation> operations() {
    return history.operations();
  }

  Map<String, Integer> statuses() {
    return history.statuses();
  }

  /** Returns the clients, which rest at first. */
  Workload workload() {
    return workload;
  }

  /** Does what must be done before a step strikes, while the clients rest. */
  void prepare(ClusterStep step) throws Exception {
    if (step == ClusterStep.COLD_START) {
      for (NodeProcess node : nodes) {
        node.stop();
        node.set("DB_URL", url(group.members())); // the primary last
      }
    }
  }

  void strike(ClusterStep step) throws Exception {
    victim = step == ClusterStep.SECONDARY_KILLED ? group.members().get(0) : group.primary();
    switch (step) {
      case PRIMARY_KILLED, SECONDARY_KILLED -> victim.kill();
      case PRIMARY_FROZEN -> victim.freeze();
      case NODE_KILLED -> {
        long losing = System.nanoTime() - WAITING.toNanos();
        nodes.get(0).kill();
        kills.add(new Kill("nginx", losing, System.nanoTime()));
      }
      case COLD_START -> {
        for (NodeProcess node : nodes) {
          node.start();
        }
        nodes.forEach(NodeProcess::awaitReady);
      }
      case NODE_REPLACED -> replace(nodes.get(0));
      case OTHER_NODE_REPLACED -> replace(nodes.get(1));
    }
  }

  private static void replace(NodeProcess node) throws Exception {
    node.stop();
    node.start();
    node.awaitReady();
  }

  /** Brings back what a step took away, and waits until all is as it was. */
  void mend(ClusterStep step) throws Exception {
    switch (step) {
      case PRIMARY_KILLED, SECONDARY_KILLED -> group.restart(victim);
      case PRIMARY_FROZEN -> victim.thaw();
      case NODE_KILLED -> nodes.get(0).start();
      default -> {}
    }
    group.awaitWhole();
    for (NodeProcess node : nodes) {
      node.awaitReady();
    }
  }

  /** Returns what is wrong so far, while the clients rest. */
  List<String> check() throws Exception {
    List<String> wrong = new ArrayList<>(HistoryChecker.check(operations()));
    try (Connection connection = group.primary().connect(DATABASE)) {
      wrong.addAll(StoredRules.check(operations(), Scan.stored(connection)));
    }
    return wrong;
  }

  /** Asks for every token once more, stops the nodes, and returns all that is wrong. */
  List<String> finish() throws Exception {
    workload.finish();
    Set<Event> lines = new HashSet<>();
    for (NodeProcess node : nodes) {
      node.stop(); // writes the rows of the audit trail that wait
      lines.addAll(node.events());
    }
    try (Connection connection = group.primary().connect(DATABASE)) {
      Trail trail = new Trail(Scan.events(connection), lines, kills);
      return HistoryChecker.check(operations(), Scan.stored(connection), trail);
    }
  }

  @Override
  public void close() {
    if (workload != null) {
      workload.close();
    }
    if (nginx != null) {
      nginx.close();
    }
    nodes.forEach(NodeProcess::close);
    weChat.close();
  }
}
