package io.thirdsession.development;

import io.thirdsession.app.AppListener;
import io.thirdsession.simulator.WeChatSimulator;
import io.thirdsession.testing.Canaries;
import io.thirdsession.testing.TestDatabase;
import java.net.URI;
import java.nio.file.Path;
import java.util.Properties;
import org.eclipse.jetty.ee10.servlet.DefaultServlet;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** What {@code mvn jetty:run} serves, on a free port and an empty database. */
final class DevelopmentServer implements AutoCloseable {
  private static final Path HOME = Path.of("target", "development-tests");

  private final Server server = new Server();
  private final ServletContextHandler context = new ServletContextHandler();
  private final URI base;

  private DevelopmentServer(Properties settings) throws Exception {
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    StandIns standIns = new StandIns(new DevelopmentSettings(settings), HOME);
    context.addServletContainerInitializer((classes, its) -> standIns.putInto(its));
    context.addEventListener(new AppListener());
    context.setBaseResourceAsPath(Path.of("webapp")); // openapi.json
    context.addServlet(DefaultServlet.class, "/");
    server.setHandler(context);
    server.start();
    // by name, as people open it: a browser trusts localhost as it trusts https
    this.base = URI.create("http://localhost:" + connector.getLocalPort());
  }

  /** Starts; further settings come in pairs, as in {@code dev.properties}. */
  static DevelopmentServer start(TestDatabase database, String... settings) throws Exception {
    Properties all = new Properties();
    all.setProperty("DB_URL", database.url());
    all.setProperty("DB_USER", TestDatabase.user());
    all.setProperty("DB_PASSWORD", TestDatabase.password());
    all.setProperty("SIM_PORT", "0");
    for (int i = 0; i < settings.length; i += 2) {
      all.setProperty(settings[i], settings[i + 1]);
    }
    return new DevelopmentServer(all);
  }

  URI base() {
    return base;
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("Jetty does not stop", e);
    }
    if (context.getServletContext().getAttribute(StandIns.SIMULATOR)
        instanceof WeChatSimulator simulator) {
      Canaries.record(simulator);
      simulator.close();
    }
  }
}
