package io.thirdsession.war;

import static io.thirdsession.testing.Eventually.eventually;
import static io.thirdsession.testing.Eventually.within;
import static io.thirdsession.testing.TestHttp.bearer;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.simulator.WeChatSimulator;
import io.thirdsession.testing.TestDatabase;
import io.thirdsession.testing.TestHttp;
import io.thirdsession.testing.TestKeys;
import io.thirdsession.testing.TestPictures;
import java.lang.ref.WeakReference;
import java.sql.Driver;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a container holds on to after the WAR was taken out: nothing. The JVM of these tests is told
 * to clear soft references like weak ones, so that caches of the JDK do not count.
 */
class RedeployIT {
  private static final Pattern OURS =
      Pattern.compile("thirdsession-.*|HikariPool.*|mysql-cj-.*|HttpClient-.*");
  private static final int ROUNDS = 5;
  private static final Duration SOON = Duration.ofSeconds(60);

  @ParameterizedTest
  @ValueSource(strings = {"jetty", "tomcat"})
  void leavesNoThreadNoDriverAndNoClassBehind(String name) throws Exception {
    List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
    Set<Thread> before;
    try (TestDatabase database = TestDatabase.create();
        WeChatSimulator weChat = WeChatSimulator.startOnFreePort()) {
      before = Thread.getAllStackTraces().keySet(); // the test has a driver of its own
      for (int i = 0; i < ROUNDS; i++) {
        loaders.add(deployUseAndUndeploy(name, database, weChat));
      }
    }

    within(
        SOON,
        () -> {
          System.gc(); // the JDK's HTTP client ends its thread when nobody refers to it
          assertEquals(Set.of(), ourThreads(before));
        });
    within(
        SOON,
        () -> {
          System.gc();
          long held = loaders.stream().filter(loader -> loader.get() != null).count();
          // the latest may be held by the container until the next one comes
          assertTrue(held <= 1, "class loaders still reachable: " + held + " of " + ROUNDS);
        });
  }

  @Test
  void twentyRedeploysInOneTomcatLeaveNothingBehind() throws Exception {
    List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
    try (TestDatabase database = TestDatabase.create();
        WeChatSimulator weChat = WeChatSimulator.startOnFreePort();
        TomcatContainer tomcat = TomcatContainer.start(settings(database, weChat))) {
      use(tomcat, weChat);
      Map<String, Long> before = ofKind(Thread.getAllStackTraces().keySet());
      long drivers = DriverManager.drivers().count();
      for (int i = 0; i < 20; i++) {
        tomcat.redeploy();
        loaders.add(new WeakReference<>(tomcat.classLoader()));
        use(tomcat, weChat);
      }

      assertEquals(drivers, DriverManager.drivers().count());
      eventually(
          () -> {
            System.gc();
            long held = loaders.stream().filter(loader -> loader.get() != null).count();
            assertEquals(1, held, "the one that runs, of 20");
            assertEquals(Map.of(), more(ofKind(Thread.getAllStackTraces().keySet()), before));
          });
    }
  }

  /** Returns how many of our threads there are, by name without number. */
  private static Map<String, Long> ofKind(Set<Thread> threads) {
    return threads.stream()
        .map(Thread::getName)
        .filter(name -> OURS.matcher(name).matches())
        .collect(groupingBy(name -> name.replaceAll("[0-9]+", "N"), TreeMap::new, counting()));
  }

  /** Returns the kinds of which there are more threads than before. */
  private static Map<String, Long> more(Map<String, Long> now, Map<String, Long> before) {
    Map<String, Long> more = new TreeMap<>(now);
    more.entrySet().removeIf(kind -> kind.getValue() <= before.getOrDefault(kind.getKey(), 0L));
    return more;
  }

  private static Map<String, String> settings(TestDatabase database, WeChatSimulator weChat) {
    return Map.of(
        "DB_URL", database.url(),
        "DB_USER", TestDatabase.user(),
        "DB_PASSWORD", TestDatabase.password(),
        "WX_APPS", weChat.defaultAppId() + ":canary-app-secret-0123456789",
        "WX_API_URL", weChat.baseUri().toString(),
        "MASTER_KEYS", TestKeys.setting("k1"));
  }

  /** Everything that may leave traces: logins, transactions, pictures, files, errors. */
  private static void use(Container container, WeChatSimulator weChat) {
    TestHttp http = new TestHttp(container.base());
    String token = http.login(weChat.loginCode()).token();
    assertEquals(200, http.get("/readyz").status());
    for (String format : List.of("png", "jpg")) {
      assertEquals(
          200,
          http.upload("/api/me/avatar", "file", TestPictures.of(format, 40, 40), bearer(token))
              .status());
    }
    assertEquals(200, http.get("/api/me/export", bearer(token)).status());
    assertEquals(404, http.get("/nothing").status());
  }

  private static WeakReference<ClassLoader> deployUseAndUndeploy(
      String name, TestDatabase database, WeChatSimulator weChat) throws Exception {
    Map<String, String> settings = settings(database, weChat);
    Container container =
        name.equals("jetty") ? JettyContainer.start(settings) : TomcatContainer.start(settings);
    WeakReference<ClassLoader> loader = new WeakReference<>(container.classLoader());
    try (container) {
      use(container, weChat);
    }
    for (Driver driver : Collections.list(DriverManager.getDrivers())) {
      assertFalse(
          driver.getClass().getClassLoader() == loader.get(), "a driver is still registered");
    }
    return loader;
  }

  private static Set<String> ourThreads(Set<Thread> before) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !before.contains(thread))
        .map(Thread::getName)
        .filter(thread -> OURS.matcher(thread).matches())
        .collect(Collectors.toSet());
  }
}
