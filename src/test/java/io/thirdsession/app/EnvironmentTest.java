package io.thirdsession.app;

import static io.thirdsession.app.Setting.DB_PASSWORD;
import static io.thirdsession.app.Setting.DB_URL;
import static io.thirdsession.app.Setting.DB_USER;
import static io.thirdsession.app.Setting.WX_APPS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.testing.LogCapture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvironmentTest {
  private final Map<String, String> context = new HashMap<>();
  private final Map<String, String> system = new HashMap<>();
  private final Map<String, String> variables = new HashMap<>();
  private final Environment environment = Environment.of(context::get, system::get, variables::get);

  @TempDir Path folder;

  @Test
  void theNearestToTheApplicationWins() {
    variables.put("DB_URL", "jdbc:mysql://shop/shop");
    assertEquals("jdbc:mysql://shop/shop", text(DB_URL));

    system.put("DB_URL", "jdbc:mysql://jvm/d");
    assertEquals("jdbc:mysql://jvm/d", text(DB_URL));

    context.put("DB_URL", "jdbc:mysql://ours/d");
    assertEquals("jdbc:mysql://ours/d", text(DB_URL));
  }

  @Test
  void aBlankValueIsNone() {
    context.put("DB_USER", " ");
    variables.put("DB_USER", "theirs");

    assertEquals("theirs", text(DB_USER));
  }

  @Test
  void aFileNearbyWinsOverAValueFarther() throws Exception {
    variables.put("DB_PASSWORD", "of-the-shop");
    context.put("DB_PASSWORD_FILE", Files.writeString(folder.resolve("p"), "ours\n").toString());

    SettingValues values = new SettingValues(environment);

    assertEquals("ours", values.text(DB_PASSWORD));
    assertEquals(List.of(), values.faults());
    assertEquals(Map.of(DB_PASSWORD, "ours"), environment.files());
  }

  @Test
  void aValueNearbyWinsOverAFileFarther() throws Exception {
    variables.put("WX_APPS_FILE", Files.writeString(folder.resolve("a"), "of-the-shop").toString());
    system.put("WX_APPS", "ours");

    SettingValues values = new SettingValues(environment);

    assertEquals("ours", values.text(WX_APPS));
    assertEquals(List.of(), values.faults());
    assertEquals(Map.of(), environment.files(), "nobody looks into theirs");
  }

  @Test
  void aValueAndAFileInOneSourceAreAFault() throws Exception {
    system.put("WX_APPS", "either");
    system.put("WX_APPS_FILE", Files.writeString(folder.resolve("a"), "or").toString());

    SettingValues values = new SettingValues(environment);
    values.text(WX_APPS);

    assertEquals(
        List.of("WX_APPS and WX_APPS_FILE are both set (system properties)"), values.faults());
  }

  @Test
  void theServletContextIsAskedBeforeTheJvm() {
    ServletContextHandler handler = new ServletContextHandler();
    handler.setInitParameter("DB_USER", "of-the-context");
    System.setProperty("DB_USER", "of-the-jvm");
    System.setProperty("DB_URL", "of-the-jvm");
    try {
      Environment real = Environment.of(handler.getServletContext());

      assertEquals(Optional.of("of-the-context"), real.given(DB_USER).orElseThrow().value());
      assertEquals(Optional.of("of-the-jvm"), real.given(DB_URL).orElseThrow().value());
    } finally {
      System.clearProperty("DB_USER");
      System.clearProperty("DB_URL");
    }
  }

  @Test
  void theLogSaysWhereEachSettingComesFromAndNoValue() {
    context.put("DB_URL", "canary-url");
    context.put("DB_PASSWORD_FILE", "/canary/file");
    system.put("WX_APPS", "canary-apps");
    variables.put("DB_URL", "canary-shop");
    variables.put("MASTER_KEYS", "canary-keys");

    try (LogCapture log = LogCapture.of("io.thirdsession.app.SettingOrigins")) {
      SettingOrigins.log(environment);

      assertEquals(
          List.of(
              "settings from=\"context parameters\" names=[DB_URL, DB_PASSWORD]",
              "settings from=\"system properties\" names=[WX_APPS]",
              "settings from=\"environment\" names=[MASTER_KEYS]"),
          log.lines());
      assertFalse(log.lines().toString().contains("canary"));
    }
  }

  @Test
  void theLogWarnsOfADatabaseThatIsPutTogether() {
    context.put("DB_URL", "ours");
    variables.put("DB_USER", "of-the-shop");
    variables.put("SESSION_IDLE", "7d");

    try (LogCapture log = LogCapture.of("io.thirdsession.app.SettingOrigins")) {
      SettingOrigins.log(environment);

      assertTrue(
          log.lines()
              .contains(
                  "settings of the database come from different sources:"
                      + " {context parameters=[DB_URL], environment=[DB_USER]}"),
          log.lines().toString());
    }
  }

  private String text(Setting setting) {
    return new SettingValues(environment).text(setting);
  }
}
