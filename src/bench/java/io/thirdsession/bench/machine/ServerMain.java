package io.thirdsession.bench.machine;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;

/** Tomcat with a WAR at the root and the bare servlet at {@code /bare}, until it is killed. */
public final class ServerMain {
  private ServerMain() {}

  /** Takes the WAR, the port and an empty folder. The settings are in the environment. */
  public static void main(String[] arguments) throws Exception {
    Path home = Path.of(arguments[2]);
    Files.createDirectories(home.resolve("webapps"));
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(home.toString());
    tomcat.setPort(Integer.parseInt(arguments[1]));
    Connector connector = tomcat.getConnector();
    connector.setProperty("address", "127.0.0.1");
    // as behind a proxy that keeps its connections
    connector.setProperty("maxKeepAliveRequests", "-1");
    connector.setProperty("acceptCount", "1000");
    // as documented: requests that wait are many and small
    connector.setProperty("socket.appReadBufSize", "2048");
    connector.setProperty("socket.appWriteBufSize", "2048");
    connector.setProperty("maxTrailerSize", "1024");
    tomcat.setAddDefaultWebXmlToWebapp(false); // it wants a JSP engine
    Context context = tomcat.addWebapp("", arguments[0]);
    context.setContainerSciFilter(".*"); // the class path is not part of the WAR
    ((StandardContext) context).setFailCtxIfServletStartFails(true);
    Context bare = tomcat.addContext("/bare", home.toString());
    Tomcat.addServlet(bare, "bare", new BareServlet());
    bare.addServletMappingDecoded("/*", "bare");
    tomcat.start();
    if (context.getState() != LifecycleState.STARTED) {
      throw new IllegalStateException("the WAR did not start");
    }
    tomcat.getServer().await();
  }
}
