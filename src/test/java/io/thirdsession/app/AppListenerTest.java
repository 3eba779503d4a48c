package io.thirdsession.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.thirdsession.testing.DatabaseTestBase;
import io.thirdsession.testing.LogCapture;
import io.thirdsession.testing.TestDatabase;
import io.thirdsession.testing.TestKeys;
import java.util.List;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a start says. */
class AppListenerTest extends DatabaseTestBase {
  private final ServletContextHandler context = new ServletContextHandler();

  @BeforeEach
  void configure() {
    context.setInitParameter("DB_URL", testDatabase.url());
    context.setInitParameter("DB_USER", TestDatabase.user());
    context.setInitParameter("DB_PASSWORD", TestDatabase.password());
    context.setInitParameter("WX_APPS", "wx1:canary-app-secret-0123456789");
    context.setInitParameter("MASTER_KEYS", TestKeys.setting("k1"));
  }

  @Test
  void saysWhereItsSettingsComeFrom() throws Exception {
    String password = TestDatabase.password().isEmpty() ? "" : "DB_PASSWORD, "; // blank is none

    assertEquals(
        List.of(
            "settings from=\"context parameters\" names=[DB_URL, DB_USER, "
                + password
                + "WX_APPS, MASTER_KEYS]"),
        started("settings from="));
  }

  @Test
  void saysSoWithFaultsToo() {
    context.setInitParameter("SESSION_IDLE", "soon");
    try (LogCapture log = LogCapture.of("io.thirdsession.app")) {
      assertThrows(SettingsException.class, () -> start());

      assertEquals(1, log.linesWith("settings from=").size(), log.lines().toString());
    }
  }

  @Test
  void warnsOfPlaintextToWeChatAtEveryStart() throws Exception {
    assertEquals(List.of(), started("not encrypted"));

    context.setInitParameter("WX_API_URL", "http://relay.example.com:8080/wx");
    context.setInitParameter("WX_API_PLAINTEXT", "true");
    assertEquals(
        List.of(
            "calls to WeChat are not encrypted: AppSecrets and session_keys can be read on the way"
                + " to relay.example.com:8080"),
        started("not encrypted"));
  }

  /** Returns the lines of a start that have this in them. */
  private List<String> started(String part) throws Exception {
    try (LogCapture log = LogCapture.of("io.thirdsession.app")) {
      start();
      return log.linesWith(part);
    }
  }

  private void start() throws Exception {
    Server server = new Server();
    ServletContextHandler fresh = new ServletContextHandler();
    context.getInitParams().forEach(fresh::setInitParameter);
    fresh.addEventListener(new AppListener());
    server.setHandler(fresh);
    try {
      server.start();
    } finally {
      server.stop();
    }
  }
}
