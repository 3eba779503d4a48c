package io.thirdsession.war;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.thirdsession.Deadline;
import io.thirdsession.simulator.WeChatSimulator;
import io.thirdsession.testing.TestDatabase;
import io.thirdsession.testing.TestHttp;
import io.thirdsession.testing.TestKeys;
import java.lang.ref.WeakReference;
import java.sql.Driver;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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

    Deadline soon = Deadline.in(Duration.ofSeconds(60));
    Set<String> left = ourThreads(before);
    while (!left.isEmpty() && !soon.passed()) {
      System.gc(); // the JDK's HTTP client ends its thread when nobody refers to it
      Thread.sleep(200);
      left = ourThreads(before);
    }
    assertEquals(Set.of(), left);

    // the latest may be held by the container until the next one comes
    long held = loaders.size();
    while (held > 1 && !soon.passed()) {
      System.gc();
      Thread.sleep(200);
      held = loaders.stream().filter(loader -> loader.get() != null).count();
    }
    assertFalse(held > 1, "class loaders still reachable: " + held + " of " + ROUNDS);
  }

  private static WeakReference<ClassLoader> deployUseAndUndeploy(
      String name, TestDatabase database, WeChatSimulator weChat) throws Exception {
    Map<String, String> settings =
        Map.of(
            "DB_URL", database.url(),
            "DB_USER", TestDatabase.user(),
            "DB_PASSWORD", TestDatabase.password(),
            "WX_APPS", weChat.defaultAppId() + ":canary-app-secret-0123456789",
            "WX_API_URL", weChat.baseUri().toString(),
            "MASTER_KEYS", TestKeys.setting("k1"));
    Container container =
        name.equals("jetty") ? JettyContainer.start(settings) : TomcatContainer.start(settings);
    WeakReference<ClassLoader> loader = new WeakReference<>(container.classLoader());
    try (container) {
      TestHttp http = new TestHttp(container.base());
      assertEquals(200, http.login(weChat.loginCode()).status());
      assertEquals(200, http.get("/readyz").status());
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
