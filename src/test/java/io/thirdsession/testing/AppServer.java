package io.thirdsession.testing;

import io.thirdsession.app.TestApp;
import io.thirdsession.simulator.SimulatorOptions;
import io.thirdsession.simulator.SimulatorOptions.ForeignCodes;
import io.thirdsession.simulator.WeChatSimulator;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jetty.ee10.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletMapping;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** The whole application on Jetty, in this JVM, with a clock that tests move. */
public final class AppServer implements AutoCloseable {
  public static final String APP = "wx0123456789abcdef";
  public static final String OTHER_APP = "wxfedcba9876543210";

  public final FakeClock clock;
  public final WeChatSimulator weChat;
  public final TestHttp http;

  public final TestApp app;
  private final Map<String, String> settings;
  private final Server server = new Server();
  private final ServletContextHandler context = new ServletContextHandler();

  private AppServer(Map<String, String> settings, FakeClock clock, WeChatSimulator weChat)
      throws Exception {
    this.settings = settings;
    this.clock = clock;
    this.weChat = weChat;
    this.app = TestApp.start(settings, clock);
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
            app.register(event.getServletContext());
          }
        });
    ErrorPageErrorHandler errors = new ErrorPageErrorHandler(); // as web.xml has it
    errors.addErrorPage(ErrorPageErrorHandler.GLOBAL_ERROR_PAGE, "/error");
    context.setErrorHandler(errors);
    server.setHandler(context);
    server.start();
    this.http = new TestHttp(URI.create("http://127.0.0.1:" + connector.getLocalPort()));
  }

  /** Starts on this database; further settings come in pairs and win. */
  public static AppServer start(TestDatabase database, String... settings) throws Exception {
    return start(database.url(), settings);
  }

  /** Starts on this database. */
  public static AppServer start(String databaseUrl, String... settings) throws Exception {
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
  public AppServer anotherNode() throws Exception {
    return anotherNode(Map.of());
  }

  /** Starts another node with the same clock and WeChat, and with these settings instead. */
  public AppServer anotherNode(Map<String, String> others) throws Exception {
    Map<String, String> all = new HashMap<>(settings);
    all.putAll(others);
    return new AppServer(all, clock, weChat);
  }

  /** Returns every mapping of every servlet of ours. */
  public Set<String> mappings() {
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
  public void stopNode() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("Jetty does not stop", e);
    }
    app.close();
  }

  /** Logs in as the first app's user of this name; headers come in pairs. */
  public TestHttp.Response login(String name, String... headers) {
    return http.login(code(name), headers);
  }

  /** Returns a code for the first app's user of this name. */
  public String code(String name) {
    return weChat.loginCode(APP, openId(name));
  }

  public static String openId(String name) {
    return WeChatSimulator.openIdOf(APP, name);
  }

  /** Returns how many codes were exchanged with WeChat. */
  public long exchanges() {
    return weChat.calls().stream()
        .filter(call -> call.path().equals("/sns/jscode2session"))
        .count();
  }

  /** Returns the paths and patterns at which servlets are registered. */
  public Set<String> servletMappings() {
    Set<String> mappings = new TreeSet<>();
    for (ServletMapping mapping : context.getServletHandler().getServletMappings()) {
      mappings.addAll(Set.of(mapping.getPathSpecs()));
    }
    return mappings;
  }

  @Override
  public void close() {
    stopNode();
    Canaries.record(weChat, "canary-app-secret-0123456789", "canary-app-secret-9876543210");
    weChat.close();
  }
}
