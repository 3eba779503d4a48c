package io.thirdsession.app;

import io.thirdsession.simulator.SimulatorOptions;
import io.thirdsession.simulator.SimulatorOptions.ForeignCodes;
import io.thirdsession.simulator.WeChatSimulator;
import io.thirdsession.testing.Canaries;
import io.thirdsession.testing.FakeClock;
import io.thirdsession.testing.TestDatabase;
import io.thirdsession.testing.TestHttp;
import io.thirdsession.testing.TestKeys;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** The whole application on Jetty, in this JVM, with a clock that tests move. */
final class AppServer implements AutoCloseable {
  static final String APP = "wx0123456789abcdef";
  static final String OTHER_APP = "wxfedcba9876543210";

  final FakeClock clock;
  final WeChatSimulator weChat;
  final TestHttp http;

  final App app;
  private final Map<String, String> settings;
  private final Server server = new Server();
  private final ServletContextHandler context = new ServletContextHandler();

  private AppServer(Map<String, String> settings, FakeClock clock, WeChatSimulator weChat)
      throws Exception {
    this.settings = settings;
    this.clock = clock;
    this.weChat = weChat;
    Environment environment = new Environment(List.of(settings::get));
    this.app = new App(SettingsReader.read(environment), clock, new SecureRandom());
    app.start(new SecretFiles(environment));
    ServerConnector connector = new ServerConnector(server);
    // Jetty keeps header values it has seen, and by default takes AbC for abc there
    connector
        .getConnectionFactory(HttpConnectionFactory.class)
        .getHttpConfiguration()
        .setHeaderCacheCaseSensitive(true);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    context.addEventListener(
        new ServletContextListener() {
          @Override
          public void contextInitialized(ServletContextEvent event) {
            Routes.register(event.getServletContext(), app);
          }
        });
    server.setHandler(context);
    server.start();
    this.http = new TestHttp(URI.create("http://127.0.0.1:" + connector.getLocalPort()));
  }

  /** Starts on this database; further settings come in pairs and win. */
  static AppServer start(TestDatabase database, String... settings) throws Exception {
    return start(database.url(), settings);
  }

  /** Starts on this database. */
  static AppServer start(String databaseUrl, String... settings) throws Exception {
    Map<String, String> apps = new LinkedHashMap<>();
    apps.put(APP, "canary-app-secret-0123456789");
    apps.put(OTHER_APP, "canary-app-secret-9876543210");
    FakeClock clock = new FakeClock(Instant.parse("2026-11-22T08:00:00Z"));
    WeChatSimulator weChat =
        WeChatSimulator.start(
            SimulatorOptions.defaults()
                .withPort(0)
                .withClock(clock)
                .withApps(apps)
                .withLoginsPerMinute(100_000)
                .withKeyRefresh(Duration.ofDays(1))
                .withForeignCodes(ForeignCodes.REFUSE));
    Map<String, String> all = new HashMap<>();
    all.put("DB_URL", databaseUrl);
    all.put("DB_USER", TestDatabase.user());
    all.put("DB_PASSWORD", TestDatabase.password());
    all.put("WX_API_URL", weChat.baseUri().toString());
    all.put(
        "WX_APPS",
        String.join(
            ",", apps.entrySet().stream().map(a -> a.getKey() + ":" + a.getValue()).toList()));
    all.put("MASTER_KEYS", TestKeys.setting("k1"));
    all.put("RATE_LIMITS", "off"); // most tests hurry
    for (int i = 0; i < settings.length; i += 2) {
      all.put(settings[i], settings[i + 1]);
    }
    try {
      return new AppServer(all, clock, weChat);
    } catch (Exception e) {
      weChat.close();
      throw e;
    }
  }

  /** Starts another node on the same database, with the same clock and WeChat. */
  AppServer anotherNode() throws Exception {
    return new AppServer(settings, clock, weChat);
  }

  /** Returns every mapping of every servlet of ours. */
  Set<String> mappings() {
    Set<String> mappings = new TreeSet<>();
    context
        .getServletContext()
        .getServletRegistrations()
        .values()
        .forEach(servlet -> mappings.addAll(servlet.getMappings()));
    mappings.remove("/"); // Jetty's own
    return mappings;
  }

  /** Stops this node alone. */
  void stopNode() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("Jetty does not stop", e);
    }
    app.close();
  }

  /** Logs in as the first app's user of this name; headers come in pairs. */
  TestHttp.Answer login(String name, String... headers) {
    return http.login(code(name), headers);
  }

  /** Returns a code for the first app's user of this name. */
  String code(String name) {
    return weChat.loginCode(APP, openId(name));
  }

  static String openId(String name) {
    return WeChatSimulator.openIdOf(APP, name);
  }

  @Override
  public void close() {
    stopNode();
    Canaries.record(weChat, "canary-app-secret-0123456789", "canary-app-secret-9876543210");
    weChat.close();
  }
}
