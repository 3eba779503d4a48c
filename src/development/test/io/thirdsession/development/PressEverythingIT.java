package io.thirdsession.development;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.testing.Browser;
import io.thirdsession.testing.TestDatabase;
import io.thirdsession.testing.TestHttp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The development page under somebody who presses everything, wherever it leads. */
class PressEverythingIT {
  private static final Path WALK =
      Path.of("src/development/test/io/thirdsession/development/press-everything.js");
  private static final int MAX_PRESSES = 600;

  /** What the walk has to have come by, whatever its way was. */
  private static final List<String> PRESSED =
      List.of(
          "btn.btn_primary.login",
          "btn.btn_primary.save",
          "btn.btn_primary.tap",
          "btn.btn_mini.retry",
          "btn.btn_mini.end",
          "btn.btn_warn.others",
          "btn.btn_warn.unbind",
          "btn.btn_warn.erase",
          "btn.logout",
          "btn.setting",
          "cell.cell_access.choose",
          "wx-back",
          "wx-hot",
          "wx-confirm",
          "wx-cancel",
          "scene-login",
          "scene-phone",
          "scene-revoke",
          "kick",
          "fault-slow",
          "fault-used",
          "fault-used off",
          "fault-blocked",
          "fault-blocked off",
          "fault-away",
          "fault-away off",
          "fault-timeout",
          "fault-timeout off",
          "fault-key",
          "message open",
          "message close",
          "language-en",
          "language-zh");

  private static TestDatabase database;
  private static DevelopmentServer server;
  private static Browser browser;

  @BeforeEach
  void start() throws Exception {
    if (browser == null) {
      browser = Browser.start("zh-CN");
      database = TestDatabase.create();
      server = DevelopmentServer.start(database, "RATE_LIMITS", "off");
    }
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
    if (server != null) {
      server.close();
    }
    if (database != null) {
      database.close();
    }
  }

  @ParameterizedTest
  @CsvSource({"zh, 1280, 900", "en, 1280, 900", "zh, 375, 740", "en, 375, 740"})
  void staysAPageWhateverIsPressed(String language, int width, int height) throws IOException {
    new TestHttp(server.base()).post("/sim/reset", "{}"); // what the last walk has left on
    browser.resize(width, height);
    browser.openAsNewcomer(server.base());
    browser.await("nothing plays", () -> !browser.all(".message").isEmpty());
    browser.find("[data-language=" + language + "]").click();

    Map<String, List<String>> walk = browser.walk(Files.readString(WALK), MAX_PRESSES);

    browser.picture("everything-" + language + "-" + width);
    assertEquals(List.of(), walk.get("failures"));
    assertTrue(walk.get("names").containsAll(PRESSED), () -> missing(walk.get("names")));
    browser.assertNoComplaints();
  }

  private static String missing(List<String> names) {
    return "not pressed: " + PRESSED.stream().filter(name -> !names.contains(name)).toList();
  }
}
