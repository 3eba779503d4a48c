package io.thirdsession.war;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.startup.Tomcat;

/** Tomcat 10.1. */
final class TomcatContainer implements Container {
  private final Tomcat tomcat;
  private final Map<String, String> settings;
  private Context context;

  private TomcatContainer(Tomcat tomcat, Map<String, String> settings) {
    this.tomcat = tomcat;
    this.settings = settings;
    this.context = add(tomcat, settings);
  }

  static TomcatContainer start(Map<String, String> settings) throws Exception {
    Path home = Files.createTempDirectory(Files.createDirectories(Path.of("target/tomcat")), "t");
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(home.toAbsolutePath().toString());
    Files.createDirectories(home.resolve("webapps"));
    tomcat.setPort(0);
    tomcat.getConnector().setProperty("address", "127.0.0.1");
    tomcat.setAddDefaultWebXmlToWebapp(false); // it wants a JSP engine
    TomcatContainer container = new TomcatContainer(tomcat, settings);
    tomcat.start();
    container.requireStarted();
    return container;
  }

  private static Context add(Tomcat tomcat, Map<String, String> settings) {
    Context context = tomcat.addWebapp("", War.FILE.toAbsolutePath().toString());
    // what Tomcat finds on the class path of the tests is not part of the WAR
    context.setContainerSciFilter(".*");
    ((StandardContext) context).setFailCtxIfServletStartFails(true);
    Tomcat.addServlet(context, "default", "org.apache.catalina.servlets.DefaultServlet");
    context.addServletMappingDecoded("/", "default");
    context.addWelcomeFile("index.html");
    context.addMimeMapping("html", "text/html"); // from conf/web.xml of a real Tomcat
    settings.forEach(context::addParameter);
    return context;
  }

  private void requireStarted() throws LifecycleException {
    if (context.getState() != LifecycleState.STARTED) {
      tomcat.stop();
      throw new IllegalStateException("the context did not start");
    }
  }

  /** Takes the WAR out and deploys it again. */
  void redeploy() throws LifecycleException {
    tomcat.getHost().removeChild(context);
    ((StandardHost) tomcat.getHost()).setStartChildren(false); // not before it has its settings
    context = add(tomcat, settings);
    context.start();
    requireStarted();
  }

  @Override
  public URI base() {
    return URI.create("http://127.0.0.1:" + tomcat.getConnector().getLocalPort());
  }

  @Override
  public ClassLoader classLoader() {
    return context.getLoader().getClassLoader();
  }

  @Override
  public void close() {
    try {
      tomcat.stop();
      tomcat.destroy();
    } catch (LifecycleException e) {
      throw new IllegalStateException("Tomcat does not stop", e);
    }
  }
}
