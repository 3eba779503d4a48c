package io.thirdsession.development;

import io.thirdsession.simulator.SimulatorOptions;
import io.thirdsession.simulator.WeChatSimulator;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContext;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * What stands where the developer has set nothing, and the page that shows it. Each is replaced on
 * its own: DB_URL names a database, WX_APPS an app at WeChat itself.
 *
 * <p>It stops nothing: the database ends with the JVM, after the server's pools have closed.
 */
final class StandIns {
  /** The attribute of the context that holds the simulator, where there is one. */
  static final String SIMULATOR = "dev.simulator";

  private static final String DATABASE = "thirdsession";

  /** Long and mixed enough for the server's checks; the simulator takes any. */
  private static final String SIMULATED_SECRET = "simulator-asks-for-no-secret";

  private final DevelopmentSettings settings;
  private final Path home;

  /** What {@code /dev/state} says of this start. */
  private final Map<String, Object> state = new LinkedHashMap<>();

  /** Keeps what is made for the developer in the folder {@code home}. */
  StandIns(DevelopmentSettings settings, Path home) {
    this.settings = settings;
    this.home = home;
  }

  /** Gives the server all it needs as parameters of this context. */
  void putInto(ServletContext context) {
    for (String name : settings.namesInFile()) {
      settings.value(name).ifPresent(value -> context.setInitParameter(name, value));
    }
    useDatabase(context);
    useWeChat(context);
    useMasterKeys(context);
    useServiceClient(context);
    showAdminPage(context);

    addServlet(context, "dev-page", new PageServlet(state), "", "/dev/*");
    FilterRegistration.Dynamic hints = context.addFilter("dev-hints", new HintFilter());
    hints.setAsyncSupported(true);
    hints.addMappingForUrlPatterns(
        EnumSet.of(DispatcherType.REQUEST, DispatcherType.ERROR), false, "/*");
    state.put("process", ProcessHandle.current().pid());
  }

  private void useDatabase(ServletContext context) {
    boolean own = settings.isSet("DB_URL");
    state.put("databaseOwn", own);
    if (own) {
      String url = settings.value("DB_URL").orElse("DB_URL");
      state.put("database", url.replaceFirst("\\?.*", ""));
      return;
    }
    EmbeddedDatabase embedded = EmbeddedDatabase.start(home, "data", 0);
    embedded.createDatabase(DATABASE);
    KeptDatabase.requireThisEdition(
        embedded.jdbcUrl(DATABASE), embedded.user(), embedded.password());
    context.setAttribute(
        "dev.database", embedded); // its lock on the folder goes when it is forgotten
    context.setInitParameter("DB_URL", embedded.jdbcUrl(DATABASE));
    context.setInitParameter("DB_USER", embedded.user());
    context.setInitParameter("DB_PASSWORD", embedded.password());
    state.put("database", "embedded MariaDB in " + home);
  }

  private void useWeChat(ServletContext context) {
    boolean own = settings.isSet("WX_APPS");
    state.put("weChatOwn", own);
    if (own) {
      state.put("weChat", settings.value("WX_API_URL").orElse("https://api.weixin.qq.com"));
      return;
    }
    WeChatSimulator simulator =
        WeChatSimulator.start(SimulatorOptions.fromEnvironment(simulatorSettings()));
    context.setInitParameter("WX_APPS", simulator.defaultAppId() + ":" + SIMULATED_SECRET);
    context.setInitParameter("WX_API_URL", simulator.baseUri().toString());
    context.setAttribute(SIMULATOR, simulator);
    addServlet(context, "dev-simulator", new SimulatorServlet(simulator), "/sim/*");
    state.put("weChat", "simulator");
    state.put("weChatUrl", simulator.baseUri().toString());
    state.put("apps", List.of(simulator.defaultAppId()));
  }

  private Map<String, String> simulatorSettings() {
    Map<String, String> values = new LinkedHashMap<>();
    for (String name : List.of("SIM_PORT", "SIM_FOREIGN_CODES")) {
      settings.value(name).ifPresent(value -> values.put(name, value));
    }
    return values;
  }

  private void useMasterKeys(ServletContext context) {
    boolean own = settings.isSet("MASTER_KEYS");
    if (!own) {
      context.setInitParameter("MASTER_KEYS", DevelopmentSettings.masterKeys(home));
    }
    state.put("configuration", own ? "MASTER_KEYS" : "made once, kept in " + home);
  }

  private void useServiceClient(ServletContext context) {
    boolean own = settings.isSet("SERVICE_CLIENTS");
    state.put("doctor", !own);
    if (!own) {
      String secret = DevelopmentSettings.serviceClientSecret(home);
      String hash = DigestUtils.sha256Hex(secret);
      addServlet(context, "dev-doctor", new DevelopmentDoctorServlet("dev", secret), "/dev/doctor");
      context.setInitParameter(
          "SERVICE_CLIENTS", "dev:" + hash + ":introspect+users+manage+phone+token+metrics+events");
    }
  }

  private void showAdminPage(ServletContext context) {
    if (!settings.isSet("ADMIN_PAGE")) {
      context.setInitParameter("ADMIN_PAGE", "true");
    }
  }

  private static void addServlet(
      ServletContext context, String name, Servlet servlet, String... paths) {
    context.addServlet(name, servlet).addMapping(paths);
  }
}
