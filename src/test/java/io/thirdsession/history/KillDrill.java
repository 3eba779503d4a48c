package io.thirdsession.history;

import static io.thirdsession.testing.AppServer.APP;
import static io.thirdsession.testing.Eventually.eventually;
import static io.thirdsession.testing.Eventually.within;
import static io.thirdsession.testing.TestHttp.bearer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.history.Trail.Event;
import io.thirdsession.history.Trail.Kill;
import io.thirdsession.simulator.Push;
import io.thirdsession.simulator.WeChatSimulator;
import io.thirdsession.testing.TestHttp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two nodes in processes of their own, and a database: while clients work, one or another is killed
 * as by {@code kill -9} or frozen, and started again. {@code mvn test -Pfaults}; not a part of
 * {@code mvn verify}, for it takes long.
 */
class KillDrill {
  private static final int ROUNDS = Integer.getInteger("faults.rounds", 4);
  private static final int OPERATIONS = Integer.getInteger("faults.operations", 8_000);
  private static final int CLIENTS = 8;
  private static final int PERSONS = 24;

  private static final String PUSH_TOKEN = "CanaryPushToken";
  private static final String PUSH_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

  /** An order of magnitude: the lease of the killed node runs out after 3 s. */
  private static final Duration TOLD_BY = Duration.ofSeconds(15);

  /** Longer than a statement may take. */
  private static final Duration FROZEN = Duration.ofSeconds(4);

  /** Rows of the audit trail wait no longer than this while the database is there. */
  private static final Duration WAITING = Duration.ofSeconds(10);

  /** Of what waits at the end for a webhook. */
  private static final Duration TELLING = Duration.ofMinutes(5);

  private static final Duration ROUND = Duration.ofMinutes(10);
  private static final Logger log = LoggerFactory.getLogger(KillDrill.class);

  private final long seed = Long.getLong("faults.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final History history = new History();
  private final List<Kill> kills = new ArrayList<>();
  private DatabaseProcess database;
  private WeChatSimulator weChat;
  private EventReceiver receiver;
  private List<NodeProcess> nodes = List.of();

  /** What happens in a round. */
  private enum Fault {
    NODE_KILLED,
    DATABASE_KILLED,
    BOTH_KILLED,
    DATABASE_FROZEN
  }

  @BeforeEach
  void start() throws Exception {
    database = DatabaseProcess.start();
    weChat = DrillNodes.weChat();
    receiver = new EventReceiver();
    Path folder = Files.createDirectories(Path.of("target", "drill"));
    nodes =
        List.of(
            new NodeProcess("one", folder, settings()),
            new NodeProcess("other", folder, settings()));
    for (NodeProcess node : nodes) {
      node.start();
      node.awaitReady();
    }
  }

  private Map<String, String> settings() {
    Map<String, String> settings =
        DrillNodes.settings(database.url(), database.user(), database.password(), weChat);
    settings.put("WEBHOOKS", receiver.setting());
    settings.put("PUSH_APPS", APP + ":" + PUSH_TOKEN + ":" + PUSH_KEY);
    return settings;
  }

  @AfterEach
  void stop() {
    nodes.forEach(NodeProcess::close);
    weChat.close();
    receiver.close();
    database.close();
  }

  @Test
  void nothingIsLostWhenNodesAndDatabaseAreKilled() throws Exception {
    log.info("seed={}", seed);
    long startedNanos = System.nanoTime();

    try (Workload workload =
        new Workload(
            history,
            nodes.stream().map(NodeProcess::node).toList(),
            weChat,
            CLIENTS,
            PERSONS,
            Duration.ZERO,
            random)) {
      workload.start();
      for (int round = 1; round <= ROUNDS; round++) {
        long until = (long) OPERATIONS * round / ROUNDS;
        within(
            ROUND,
            () -> {
              workload.assertWorking();
              assertTrue(history.size() >= until, "too few operations");
            });
        strike(round);
      }
      workload.finish();
    }
    within(TELLING, this::assertAllIsTold);
    for (NodeProcess node : nodes) {
      node.stop(); // writes the rows of the audit trail that wait
    }

    List<String> wrong = check();
    log.info(
        "seed={} rounds={} operations={} done={} refused={} unknown={} told={} wrong={} seconds={} statuses={}",
        seed,
        ROUNDS,
        history.size(),
        history.count(Outcome.DONE),
        history.count(Outcome.REFUSED),
        history.count(Outcome.UNKNOWN),
        receiver.heard().size(),
        wrong.size(),
        Duration.ofNanos(System.nanoTime() - startedNanos).toSeconds(),
        history.statuses());
    assertEquals(List.of(), wrong, "seed " + seed);
  }

  /** Its event is written and has no place yet, so that nobody can have heard of it. */
  @Test
  void aRevokedPhoneIsToldSoonAfterANodeWasKilledInBetween() throws Exception {
    NodeProcess node = nodes.get(0);
    nodes.get(1).kill();
    String alice = WeChatSimulator.openIdOf(APP, "alice");
    String token = node.node().http().login(weChat.loginCode(APP, alice)).token();
    String phone = "{\"code\":\"" + weChat.phone(APP, alice).code() + "\"}";
    assertEquals(200, node.node().http().post("/api/me/phone", phone, bearer(token)).status());
    eventually(() -> assertTrue(heard("phone.bound"), "the phone is not told"));

    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("SELECT last_seq FROM event_sequence FOR UPDATE");
      assertEquals(200, revokePhone(node, alice).status());
      node.kill();
    }
    long restartedNanos = System.nanoTime();
    node.start();
    node.awaitReady();
    long readyNanos = System.nanoTime();
    eventually(() -> assertTrue(heard("phone.unbound"), "the revocation is not told"));

    long now = System.nanoTime();
    Duration afterReady = Duration.ofNanos(now - readyNanos);
    log.info(
        "told afterReadyMillis={} afterStartMillis={}",
        afterReady.toMillis(),
        Duration.ofNanos(now - restartedNanos).toMillis());
    assertTrue(heard("consent.revoked"));
    assertTrue(afterReady.compareTo(TOLD_BY) < 0, afterReady + " after it was ready");
  }

  private TestHttp.Response revokePhone(NodeProcess node, String openId) {
    TestHttp http = node.node().http();
    Push push =
        weChat.push(
            new Push.Target(http.base().resolve("/wx/push/" + APP), APP, PUSH_TOKEN, PUSH_KEY),
            "user_authorization_revoke",
            openId,
            "8",
            Push.Mode.SAFE,
            Push.Format.XML);
    return http.send(
        "POST",
        push.uri().getRawPath() + "?" + push.uri().getRawQuery(),
        push.body(),
        "Content-Type",
        push.contentType());
  }

  private boolean heard(String type) {
    return receiver.heard().stream().anyMatch(event -> event.type().equals(type));
  }

  private void assertAllIsTold() throws Exception {
    try (Connection connection = database.connect()) {
      assertEquals(0, Scan.eventsOnTheirWay(connection), "events on their way");
    }
  }

  private void strike(int round) throws Exception {
    Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
    NodeProcess node = nodes.get(random.nextInt(nodes.size()));
    long struckNanos = System.nanoTime();
    switch (fault) {
      case NODE_KILLED -> {
        kill(node, struckNanos);
        node.start();
      }
      case DATABASE_KILLED -> {
        database.kill();
        database.restart();
      }
      case BOTH_KILLED -> {
        database.kill();
        kill(node, struckNanos);
        node.start();
        database.restart();
      }
      case DATABASE_FROZEN -> database.freeze(FROZEN);
    }
    for (NodeProcess each : nodes) {
      each.awaitReady();
    }
    log.info(
        "round={} fault={} node={} millis={}",
        round,
        fault,
        node.node().name(),
        Duration.ofNanos(System.nanoTime() - struckNanos).toMillis());
  }

  private void kill(NodeProcess node, long struckNanos) throws InterruptedException {
    node.kill();
    long losing = struckNanos - WAITING.toNanos();
    kills.add(new Kill(node.node().name(), losing, System.nanoTime()));
  }

  private List<String> check() throws Exception {
    Set<Event> lines = new HashSet<>();
    for (NodeProcess node : nodes) {
      lines.addAll(node.events());
    }
    try (Connection connection = database.connect()) {
      Trail trail = new Trail(Scan.events(connection), lines, kills);
      List<String> wrong =
          new ArrayList<>(
              HistoryChecker.check(history.operations(), Scan.stored(connection), trail));
      wrong.addAll(EventRules.check(history.operations(), Scan.told(connection), receiver.heard()));
      return wrong;
    }
  }
}
