package io.thirdsession.history;

import static io.thirdsession.testing.AppServer.APP;
import static io.thirdsession.testing.Eventually.within;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.thirdsession.Deadline;
import io.thirdsession.simulator.Fault;
import io.thirdsession.simulator.FaultMode;
import io.thirdsession.simulator.WeChatSimulator;
import io.thirdsession.testing.TestHttp;
import io.thirdsession.testing.TestHttp.Response;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node, or its database, has too little of something: memory, processor, open files, disk. It may
 * refuse; it must say nothing wrong, and be good again once there is enough. A part of {@code mvn
 * test -Pfaults}.
 */
class ScarcityDrill {
  private static final int CLIENTS = 64;
  private static final int MANY_CLIENTS = 1_000;
  private static final Duration SCARCE = Duration.ofSeconds(10);
  private static final Duration GOOD_AGAIN = Duration.ofSeconds(30);
  private static final Logger log = LoggerFactory.getLogger(ScarcityDrill.class);

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Map<String, Integer> told = new ConcurrentHashMap<>();
  private DatabaseProcess database;
  private WeChatSimulator weChat;
  private NodeProcess node;

  @BeforeEach
  void start() throws Exception {
    start(DatabaseProcess.start());
  }

  private void start(DatabaseProcess started) throws Exception {
    database = opened(started);
    weChat = opened(DrillNodes.weChat());
    node =
        opened(
            new NodeProcess(
                "scarce",
                Files.createDirectories(Path.of("target", "drill")),
                DrillNodes.settings(database.url(), database.user(), database.password(), weChat)));
  }

  @AfterEach
  void stop() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }

  @Test
  void aFullDiskStopsLoginsAndNoCheck() throws Exception {
    assumeTrue(SmallDisk.isPossible(), "only root can make a disk that is full");
    stop();
    SmallDisk disk = opened(SmallDisk.mount(8));
    Path tables = Files.createDirectory(disk.folder().resolve("tables"));
    start(DatabaseProcess.startWithTablesIn(tables));
    startNode();
    String token = login("alice").token();

    disk.fill();
    int logins = 0;
    while (login("user-" + logins).status() == 200 && logins < 20_000) {
      logins++;
    }
    log.info("logins={} before the disk was full", logins);

    for (int i = 0; i < 20; i++) {
      Response refused = login("late-" + i);
      assertEquals(503, refused.status(), refused::toString);
      assertEquals("storage_unavailable", refused.field("error"));
      assertEquals(200, node.node().http().check(token).status());
    }
    assertEquals(503, node.node().http().get("/readyz").status());
    disk.free();
    assertGoodAgain();
  }

  private <T extends AutoCloseable> T opened(T part) {
    open.push(part);
    return part;
  }

  private void startNode() throws IOException {
    node.start();
    node.awaitReady();
  }

  @Test
  void aNodeThatIsShortOfMemorySaysNothingWrong() throws Exception {
    node.memory("96m");
    startNode();
    weChat.faults(Fault.of(FaultMode.OK).delayed(Duration.ofMillis(200)));

    crowd(MANY_CLIENTS);

    node.restartIfItEnded(); // a JVM that had no memory cannot be trusted, and ends itself
    assertGoodAgain();
  }

  @Test
  void aNodeThatGetsATwentiethOfAProcessorSaysNothingWrong() throws Exception {
    startNode();
    try (Starvation starvation = Starvation.of(node.handle())) {
      crowd(CLIENTS);
      starvation.assertGoingOn();
    }

    assertGoodAgain();
  }

  @Test
  void aNodeWithoutFilesLeftGoesOnForWhoIsConnected() throws Exception {
    node.openFiles(400);
    startNode();
    String token = login("alice").token();
    TestHttp connected = node.node().http();
    List<Socket> strangers = new ArrayList<>();
    try {
      for (int i = 0; i < 600; i++) {
        Socket socket = new Socket();
        strangers.add(socket);
        socket.connect(
            new InetSocketAddress(connected.base().getHost(), connected.base().getPort()), 1000);
      }
    } catch (IOException e) {
      log.info("no more connections than {}", strangers.size(), e);
    }
    assertEquals(200, connected.check(token).status());
    for (Socket socket : strangers) {
      socket.close();
    }

    assertGoodAgain();
  }

  @Test
  void aNodeWhoseLogCannotBeWrittenGoesOn() throws Exception {
    node.logTo(Path.of("/dev/full")); // says "no space left on device" to whoever writes
    startNode();

    crowd(CLIENTS);

    assertEquals(
        Map.of("check 200", told.get("check 200"), "login 200", told.get("login 200")), told);
  }

  /** Many log in and ask whether they are; whoever is told something wrong fails the test. */
  private void crowd(int size) throws Exception {
    Deadline end = Deadline.in(SCARCE);
    ExecutorService clients = Executors.newFixedThreadPool(size);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        String name = "user-" + i;
        all.add(
            clients.submit(
                () -> {
                  while (!end.passed()) {
                    logInAndCheck(name);
                  }
                }));
      }
      for (Future<?> client : all) {
        client.get();
      }
    } finally {
      clients.shutdownNow();
    }
    log.info("told={}", new TreeMap<>(told));
  }

  private void logInAndCheck(String name) {
    try {
      Response login = login(name);
      note("login", login);
      if (login.status() == 200) {
        Response check = node.node().http().check(login.token());
        note("check", check);
        if (check.status() == 200) {
          assertEquals(login.userId(), check.field("userId"));
        }
      }
    } catch (IllegalStateException e) {
      told.merge("nothing", 1, Integer::sum); // refused, closed, or no response in 30 s
    }
  }

  private void note(String deed, Response response) {
    told.merge(deed + " " + response.status(), 1, Integer::sum);
    assertTrue(response.status() == 200 || response.status() >= 500, () -> deed + ": " + response);
  }

  private Response login(String name) {
    return node.node().http().login(weChat.loginCode(APP, WeChatSimulator.openIdOf(APP, name)));
  }

  private void assertGoodAgain() {
    within(
        GOOD_AGAIN,
        () -> {
          Response login = login("bob");
          assertEquals(200, login.status(), login::toString);
          assertEquals(200, node.node().http().check(login.token()).status());
          assertEquals(200, node.node().http().get("/readyz").status());
        });
  }
}
