package io.thirdsession.development;

import io.thirdsession.simulator.SimulatorOptions;
import io.thirdsession.simulator.WeChatSimulator;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.LogManager;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * Begins {@code mvn jetty:run}: runs before the server's own listener and puts stand-ins where the
 * developer has set nothing. Each is replaced on its own: DB_URL names a database, WX_APPS an app
 * at WeChat itself.
 *
 * <p>It stops nothing: the database ends with the JVM, after the server's pools have closed.
 */
public final class DevelopmentStart implements ServletContainerInitializer {
  private static final Path HOME = Path.of("target", "dev");
  private static final String DATABASE = "thirdsession";

  /** Long and mixed enough for the server's checks; the simulator takes any. */
  private static final String SIMULATED_SECRET = "simulator-asks-for-no-secret";

  @Override
  public void onStartup(Set<Class<?>> classes, ServletContext context) {
    configureLogging();
    DevelopmentSettings settings = new DevelopmentSettings();
    for (String name : settings.namesInFile()) {
      settings.value(name).ifPresent(value -> context.setInitParameter(name, value));
    }
    Map<String, Object> state = new LinkedHashMap<>();
    useDatabase(settings, context, state);
    useWeChat(settings, context, state);
    useMasterKeys(settings, context, state);
    useServiceClient(settings, context);

    addServlet(context, "dev-page", new PageServlet(state), "", "/dev/*");
    FilterRegistration.Dynamic hints = context.addFilter("dev-hints", new HintFilter());
    hints.setAsyncSupported(true);
    hints.addMappingForUrlPatterns(
        EnumSet.of(DispatcherType.REQUEST, DispatcherType.ERROR), false, "/*");
    state.put("process", ProcessHandle.current().pid());
    ReadyLine.printWhenReady(System.getProperty("jetty.http.port", "8080"));
  }

  private static void useDatabase(
      DevelopmentSettings settings, ServletContext context, Map<String, Object> state) {
    boolean own = settings.isSet("DB_URL");
    state.put("databaseOwn", own);
    if (own) {
      String url = settings.value("DB_URL").orElse("DB_URL");
      state.put("database", url.replaceFirst("\\?.*", ""));
      return;
    }
    EmbeddedDatabase embedded = EmbeddedDatabase.start(HOME, "data", 0);
    embedded.createDatabase(DATABASE);
    context.setAttribute(
        "dev.database", embedded); // its lock on the folder goes when it is forgotten
    context.setInitParameter("DB_URL", embedded.jdbcUrl(DATABASE));
    context.setInitParameter("DB_USER", embedded.user());
    context.setInitParameter("DB_PASSWORD", embedded.password());
    state.put("database", "embedded MariaDB in " + HOME);
  }

  private static void useWeChat(
      DevelopmentSettings settings, ServletContext context, Map<String, Object> state) {
    boolean own = settings.isSet("WX_APPS");
    state.put("weChatOwn", own);
    if (own) {
      state.put("weChat", settings.value("WX_API_URL").orElse("https://api.weixin.qq.com"));
      return;
    }
    WeChatSimulator simulator =
        WeChatSimulator.start(SimulatorOptions.fromEnvironment(simulatorSettings(settings)));
    context.setInitParameter("WX_APPS", simulator.defaultAppId() + ":" + SIMULATED_SECRET);
    context.setInitParameter("WX_API_URL", simulator.baseUri().toString());
    addServlet(context, "dev-simulator", new SimulatorServlet(simulator), "/sim/*");
    state.put("weChat", "simulator");
    state.put("weChatUrl", simulator.baseUri().toString());
    state.put("apps", List.of(simulator.defaultAppId()));
  }

  private static Map<String, String> simulatorSettings(DevelopmentSettings settings) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String name : List.of("SIM_PORT", "SIM_FOREIGN_CODES")) {
      settings.value(name).ifPresent(value -> values.put(name, value));
    }
    return values;
  }

  private static void useMasterKeys(
      DevelopmentSettings settings, ServletContext context, Map<String, Object> state) {
    boolean own = settings.isSet("MASTER_KEYS");
    if (!own) {
      context.setInitParameter("MASTER_KEYS", DevelopmentSettings.masterKeys(HOME));
    }
    state.put("configuration", own ? "MASTER_KEYS" : "made once, kept in " + HOME);
  }

  private static void useServiceClient(DevelopmentSettings settings, ServletContext context) {
    if (!settings.isSet("SERVICE_CLIENTS")) {
      String hash = DigestUtils.sha256Hex(DevelopmentSettings.serviceClientSecret(HOME));
      context.setInitParameter(
          "SERVICE_CLIENTS", "dev:" + hash + ":introspect+users+manage+phone+token");
    }
  }

  private static void addServlet(
      ServletContext context, String name, Servlet servlet, String... paths) {
    context.addServlet(name, servlet).addMapping(paths);
  }

  private static void configureLogging() {
    try (InputStream in =
        DevelopmentStart.class.getResourceAsStream("/logging-development.properties")) {
      LogManager.getLogManager().readConfiguration(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
