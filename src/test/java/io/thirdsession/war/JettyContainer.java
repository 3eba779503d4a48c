package io.thirdsession.war;

import java.net.URI;
import java.util.Map;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Jetty 12. */
final class JettyContainer implements Container {
  private final Server server;
  private final WebAppContext context;
  private final URI base;

  private JettyContainer(Server server, WebAppContext context, URI base) {
    this.server = server;
    this.context = context;
    this.base = base;
  }

  static Container start(Map<String, String> settings) throws Exception {
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    WebAppContext context = new WebAppContext(War.FILE.toString(), "/");
    settings.forEach(context::setInitParameter);
    context.setThrowUnavailableOnStartupException(true);
    server.setHandler(context);
    server.start();
    return new JettyContainer(
        server, context, URI.create("http://127.0.0.1:" + connector.getLocalPort()));
  }

  @Override
  public URI base() {
    return base;
  }

  @Override
  public ClassLoader classLoader() {
    return context.getClassLoader();
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("Jetty does not stop", e);
    }
  }
}
