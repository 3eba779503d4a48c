package io.thirdsession.history;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.thirdsession.Deadline;
import io.thirdsession.history.ClusterStep.Way;
import io.thirdsession.testing.Nginx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cluster as the documentation recommends it, in processes of their own: three MySQL servers of
 * Group Replication, two nodes, nginx. While clients work, one part after the other is killed or
 * stands still, and comes back. {@code .ci/cluster} runs it; without {@code -Dcluster.root} it is
 * skipped.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterDrill {
  /** The machine has other work too: only what takes longer than so many budgets fails. */
  private static final int PATIENCE = 3;

  private static final Duration BEFORE = Duration.ofSeconds(5);

  /** A fault lasts so long: a primary that stands still has then long been replaced. */
  private static final Duration FAULT = Duration.ofSeconds(20);

  /** Enough for what is left behind by the return of a part to show. */
  private static final Duration AFTER = Duration.ofSeconds(5);

  /** nginx leaves a node that was away alone for 10 s. */
  private static final Duration NGINX = Duration.ofSeconds(10);

  private static final Path REPORT = Path.of("target", "drill", "steps.txt");
  private static final Logger log = LoggerFactory.getLogger(ClusterDrill.class);

  private final long seed = Long.getLong("faults.seed", System.nanoTime());
  private final List<String> missed = new ArrayList<>();
  private final Set<String> known = new HashSet<>(); // what was found wrong after earlier steps
  private ReplicationGroup group;
  private RouterProcess router;

  @BeforeAll
  void start() throws Exception {
    String root = System.getProperty("cluster.root", "");
    assumeTrue(!root.isEmpty(), "no -Dcluster.root: .ci/cluster runs this");
    assertTrue(Nginx.program().isPresent(), "nginx is not installed");
    String folder = System.getProperty("cluster.folder", "/srv/drill");
    MySqlRoot mySql = new MySqlRoot(Path.of(root), folder);
    mySql.makeFolder();
    Files.createDirectories(REPORT.getParent());
    Files.deleteIfExists(REPORT);
    group = ReplicationGroup.start(mySql);
    if (!steps(Way.ROUTER).isEmpty()) {
      router = RouterProcess.start(mySql, group);
    }
  }

  @AfterAll
  void stop() throws Exception {
    if (router != null) {
      router.close();
    }
    if (group != null) {
      group.close();
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void logsInAgainWithinItsBudgetAndLosesNothing(Way way) throws Exception {
    List<ClusterStep> steps = steps(way);
    assumeTrue(!steps.isEmpty(), "no step is asked for");
    missed.clear();
    known.clear();
    try (DrilledCluster cluster =
        new DrilledCluster(group, way, router == null ? "" : router.address(), seed)) {
      for (ClusterStep step : steps) {
        drill(cluster, way, step);
      }
      cluster.workload().goOn();
      say(
          "step=%s:end %s operations=%d seed=%d statuses=%s"
              .formatted(
                  way.name().toLowerCase(Locale.ROOT),
                  StepReport.counts(news(cluster.finish())),
                  cluster.operations().size(),
                  seed,
                  cluster.statuses()));
    }
    assertEquals(List.of(), missed, "seed " + seed);
  }

  private static List<ClusterStep> steps(Way way) {
    String asked = System.getProperty("cluster.steps", "");
    List<String> titles = Arrays.asList(asked.split(",", -1));
    return Arrays.stream(ClusterStep.values())
        .filter(step -> asked.isEmpty() ? step.isFor(way) : titles.contains(step.title(way)))
        .toList();
  }

  private void drill(DrilledCluster cluster, Way way, ClusterStep step) throws Exception {
    cluster.prepare(step);
    cluster.workload().goOn();
    if (step != ClusterStep.COLD_START) {
      await(cluster, BEFORE);
    }
    long struck = System.nanoTime();
    Deadline over = Deadline.in(FAULT);
    cluster.strike(step);
    if (step == ClusterStep.COLD_START) { // counts from when both nodes say that they are ready
      struck = System.nanoTime();
      over = Deadline.in(FAULT);
    }
    await(cluster, over.left());
    long mended = System.nanoTime();
    cluster.mend(step);
    await(cluster, step == ClusterStep.NODE_REPLACED ? NGINX : AFTER);
    cluster.workload().rest();
    StepReport report =
        StepReport.of(step.title(way), cluster.operations(), struck, mended, news(cluster.check()));
    say(report.line());
    if (!report.isWithin(PATIENCE)) {
      missed.add(report.line());
    }
  }

  /** Logs a line, and writes it where it can be read while the drill goes on. */
  private static void say(String line) throws IOException {
    log.info("{}", line);
    Files.writeString(REPORT, line + "\n", CREATE, APPEND);
  }

  /** Returns what is wrong and was not after an earlier step; it makes the drill fail. */
  private List<String> news(List<String> wrong) {
    List<String> news = wrong.stream().filter(known::add).toList();
    missed.addAll(news);
    return news;
  }

  private static void await(DrilledCluster cluster, Duration time) {
    Deadline end = Deadline.in(time);
    while (!end.passed()) {
      cluster.workload().assertWorking();
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
    }
  }
}
