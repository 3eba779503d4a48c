package io.thirdsession.history;

import io.thirdsession.app.AppListener;
import java.time.Duration;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;

/**
 * A node in a process of its own, on this port of the loopback; its settings stand in the
 * environment.
 */
final class NodeMain {
  private static final Duration MAX_STOP = Duration.ofSeconds(10);

  private NodeMain() {}

  public static void main(String[] args) throws Exception {
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    connector.setPort(Integer.parseInt(args[0]));
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler();
    context.addEventListener(new AppListener());
    server.setHandler(new GracefulHandler(context)); // what is under way ends before the node does
    server.setStopTimeout(MAX_STOP.toMillis());
    server.setOpenEarly(false); // nobody waits here for the application while it starts
    server.setStopAtShutdown(true);
    server.start();
    server.join();
  }
}
