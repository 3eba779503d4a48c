package io.thirdsession.history;

import static io.thirdsession.testing.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.Deadline;
import io.thirdsession.testing.AppServer;
import io.thirdsession.testing.TcpProxy;
import io.thirdsession.testing.TestDatabase;
import java.sql.Connection;
import java.time.Duration;
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
 * Clients work on two nodes while their connections to the database break. Nothing that was
 * acknowledged is lost or undone. {@code -Dhistory.seed=} asks and breaks in the same order again,
 * {@code -Dhistory.seconds=} goes on for longer.
 */
class NothingIsLostTest {
  private static final Duration WORK = Duration.ofSeconds(Integer.getInteger("history.seconds", 5));
  private static final int CLIENTS = 8;
  private static final int PERSONS = 12;

  /** A run that did less than that proves little, and goes on. */
  private static final int FEWEST_DONE = 200;

  /** Between two faults: enough to find out what the last one has done. */
  private static final int BETWEEN_FAULTS = 20;

  private static final Logger log = LoggerFactory.getLogger(NothingIsLostTest.class);

  private final long seed = Long.getLong("history.seed", System.nanoTime());
  private final History history = new History();
  private TestDatabase database;
  private TcpProxy oneProxy;
  private TcpProxy otherProxy;
  private AppServer one;
  private AppServer other;

  @BeforeEach
  void start() throws Exception {
    database = TestDatabase.create();
    oneProxy = TcpProxy.to(database.url());
    otherProxy = TcpProxy.to(database.url());
    one = AppServer.start(oneProxy.url(), "SESSION_MAX_PER_USER", "100");
    other = one.anotherNode(Map.of("DB_URL", otherProxy.url()));
  }

  @AfterEach
  void stop() throws Exception {
    other.stopNode();
    one.close();
    oneProxy.close();
    otherProxy.close();
    database.close();
  }

  @Test
  void nothingThatWasAcknowledgedIsLostOrUndone() throws Exception {
    log.info("seed={}", seed);
    Random random = new Random(seed);
    List<Node> nodes =
        List.of(new Node("one", one.http, false), new Node("other", other.http, false));

    try (Workload workload =
        new Workload(history, nodes, one.weChat, CLIENTS, PERSONS, Duration.ZERO, random)) {
      NetworkFaults faults =
          new NetworkFaults(database, List.of(oneProxy, otherProxy), new Random(random.nextLong()));
      workload.start();
      Deadline end = Deadline.in(WORK);
      while (!end.passed() || history.count(Outcome.DONE) < FEWEST_DONE) {
        faults.strike();
        int next = history.size() + BETWEEN_FAULTS;
        eventually(() -> assertTrue(history.size() >= next, "no answers"));
        workload.assertWorking();
      }
      faults.end();
      workload.finish();
    }
    other.stopNode(); // an orderly stop writes the rows of the audit trail that wait
    one.stopNode();

    long done = history.count(Outcome.DONE);
    log.info(
        "operations={} done={} refused={} unknown={} statuses={}",
        history.size(),
        done,
        history.count(Outcome.REFUSED),
        history.count(Outcome.UNKNOWN),
        history.statuses());
    String run = "seed " + seed + ", " + history.statuses();
    try (Connection connection = database.connect()) {
      Trail trail = new Trail(Scan.events(connection), Set.of(), List.of());
      assertEquals(
          List.of(),
          HistoryChecker.check(history.operations(), Scan.stored(connection), trail),
          run);
    }
  }
}
