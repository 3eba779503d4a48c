package io.thirdsession.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.Deadline;
import io.thirdsession.http.Forwarding;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.catalina.Context;
import org.apache.catalina.Valve;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.valves.AbstractAccessLogValve;
import org.apache.catalina.valves.AccessLogValve;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.catalina.valves.ExtendedAccessLogValve;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A real Tomcat, which nobody asks anything. */
class TomcatCheckTest {
  @TempDir Path home;

  private final Tomcat tomcat = new Tomcat();
  private final ErrorReportValve pages = new ErrorReportValve();
  private Context context;

  @BeforeEach
  void asDocumented() {
    tomcat.setBaseDir(home.toString());
    tomcat.getEngine().setName("DoctorTest");
    context = tomcat.addContext("", null);
    ((StandardContext) context).setUnloadDelay(10_000);
    pages.setShowReport(false);
    pages.setShowServerInfo(false);
    tomcat.getHost().getPipeline().addValve(pages);
  }

  @AfterEach
  void stop() throws Exception {
    tomcat.stop();
    tomcat.destroy();
  }

  @Test
  void nothingIsWrongWithTheDocumentedSettings() throws Exception {
    log(tomcat.getHost(), new AccessLogValve(), "%h %t \"%m %U %H\" %s %b %D %{X-Request-Id}o");

    List<Finding> found = look();

    assertEquals(
        List.of("tomcat-unload-delay", "tomcat-error-pages", "tomcat-access-log"),
        found.stream().map(Finding::name).toList());
    assertTrue(found.stream().allMatch(its -> its.status() == Finding.Status.OK), found::toString);
  }

  @Test
  void requestsInFlightAreCutOff() throws Exception {
    ((StandardContext) context).setUnloadDelay(2000);

    assertWarning(
        "tomcat-unload-delay", "unloadDelay is 2000 ms", "unloadDelay=\"10000\"", "ROOT.xml");
  }

  @ParameterizedTest
  @CsvSource({"true, false, showReport", "false, true, showServerInfo"})
  void anErrorPageTellsTooMuch(boolean report, boolean info, String said) throws Exception {
    pages.setShowReport(report);
    pages.setShowServerInfo(info);

    assertWarning("tomcat-error-pages", said, "showServerInfo=\"false\"", "server.xml");
  }

  @Test
  void theErrorPagesThatTomcatHasByItselfTellTooMuch() throws Exception {
    tomcat.getHost().getPipeline().removeValve(pages);

    assertWarning(
        "tomcat-error-pages", "showReport, showServerInfo", "showReport=\"false\"", "server.xml");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "common",
        "combined",
        "%h %r %s",
        "%h %U%q %s",
        "%h %U %{Referer}i",
        "%U %{authorization}i"
      })
  void theAccessLogWritesQueriesOrSecrets(String pattern) throws Exception {
    log(tomcat.getHost(), new AccessLogValve(), pattern);

    assertWarning("tomcat-access-log", "%", "%m %U %H instead of %r", "%m %U %H");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"c-ip cs-uri", "c-ip cs-uri-query", "c-ip cs(Referer)", "c-ip x-P(third_Session)"})
  void soDoesTheExtendedOneOfTheEngine(String pattern) throws Exception {
    ExtendedAccessLogValve valve = new ExtendedAccessLogValve();
    log(tomcat.getEngine(), valve, pattern);

    assertWarning("tomcat-access-log", "", "instead of %r", "%m %U %H");
  }

  @Test
  void anotherHostIsNotOurs() throws Exception {
    StandardHost other = new StandardHost();
    other.setName("other.example");
    tomcat.getEngine().addChild(other);
    tomcat.addContext(other, "", null);
    log(other, new AccessLogValve(), "combined");

    List<Finding> found = look();

    assertTrue(found.stream().allMatch(its -> its.status() == Finding.Status.OK), found::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "null", "", "Jetty/localhost", "*/localhost"})
  void anythingElseIsNotLookedAt(String virtualServer) throws Exception {
    tomcat.start();

    List<Finding> found = look(virtualServer);

    assertEquals(1, found.size(), found::toString);
    assertTrue(found.get(0).message().english().startsWith("not looked at"), found::toString);
  }

  private static void log(
      org.apache.catalina.Container of, AbstractAccessLogValve valve, String pattern) {
    valve.setPattern(pattern);
    of.getPipeline().addValve((Valve) valve);
  }

  private void assertWarning(String name, String said, String cure, String chineseCure)
      throws Exception {
    Finding found =
        look().stream().filter(its -> its.name().equals(name)).findFirst().orElseThrow();

    assertEquals(Finding.Status.WARNING, found.status(), found::toString);
    assertTrue(found.message().english().contains(said), found::toString);
    assertTrue(found.cure().orElseThrow().english().contains(cure), found::toString);
    assertTrue(found.cure().orElseThrow().chinese().contains(chineseCure), found::toString);
  }

  private List<Finding> look() throws Exception {
    tomcat.start();
    return look(context.getServletContext().getVirtualServerName());
  }

  private static List<Finding> look(String virtualServer) {
    return new TomcatCheck(ManagementFactory.getPlatformMBeanServer())
        .run(
            new Asked("", virtualServer, new Forwarding("192.0.2.1", false, false, true, false)),
            Deadline.in(Duration.ofSeconds(1)))
        .join();
  }
}
