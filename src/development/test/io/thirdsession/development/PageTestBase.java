package io.thirdsession.development;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.testing.Browser;
import io.thirdsession.testing.TestDatabase;
import io.thirdsession.testing.TestHttp;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The page of {@code mvn jetty:run} in a browser, opened by a newcomer and at rest. */
abstract class PageTestBase {
  static TestDatabase database;
  static DevelopmentServer server;
  static Browser browser;

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
      browser = null;
    }
    if (server != null) {
      server.close();
    }
    if (database != null) {
      database.close();
    }
  }

  /** Not before all: where there is no browser, each test should be seen to be skipped. */
  @BeforeEach
  void openThePage() throws Exception {
    if (browser == null) {
      browser = Browser.start("zh-CN");
      database = TestDatabase.create();
      server = DevelopmentServer.start(database);
    }
    browser.resize(1280, 900);
    browser.openAsNewcomer(server.base());
    awaitRest();
  }

  @AfterEach
  void nothingComplains() {
    if (browser != null) {
      control("/sim/faults", "{\"mode\":\"ok\"}");
      browser.assertNoComplaints();
    }
  }

  /** Does at the simulator what another page, or curl, would do. */
  static void control(String path, String body) {
    assertEquals(200, new TestHttp(server.base()).post(path, body).status());
  }

  /** Nothing plays, and nothing waits for an answer. */
  static void awaitRest() {
    browser.await(
        "the page does not come to rest",
        () ->
            browser.all(".message").size() >= 6
                && browser.all(".playing").isEmpty()
                && browser.all(".pending").isEmpty());
  }

  static void awaitSheet() {
    browser.await("no sheet", () -> !browser.onScreen(".wx-sheet").isEmpty());
  }

  static void awaitText(String selector, String text) {
    browser.await(selector + " is not " + text, () -> browser.screenText(selector).equals(text));
  }

  static void awaitLabel(String label) {
    browser.await("no message " + label, () -> browser.texts(".label").contains(label));
  }

  static String lastLabel() {
    List<String> labels = browser.texts(".label");
    return labels.get(labels.size() - 1);
  }

  /** Opens a page of the sample by its cell on the first one. */
  static void open(String title) {
    browser.await("no cell " + title, () -> cell(title).isPresent());
    cell(title).orElseThrow().click();
  }

  static Optional<WebElement> cell(String title) {
    return browser.onScreen(".cell_access").stream()
        .filter(cell -> cell.getText().startsWith(title))
        .findFirst();
  }

  static String detail() {
    return browser.find(".detail:not([hidden])").getText().replaceAll("\\s+", " ");
  }

  /** Says what is missing, and not what was there: codes are nobody's business. */
  static void assertShown(String text, String... parts) {
    for (String part : parts) {
      assertTrue(text.contains(part), "not shown: " + part);
    }
  }

  /** Clicks the last message of this label. */
  static void clickMessage(String label) {
    browser.all(".label").stream()
        .filter(shown -> shown.getText().equals(label))
        .reduce((first, last) -> last)
        .orElseThrow()
        .click();
  }

  static boolean hasSeen(String scene) {
    return browser.find("#scene-" + scene).getAttribute("class").contains("done");
  }

  /** Presses Tab until the focus is there. */
  static void tabTo(String selector) {
    for (int i = 0; i < 150; i++) {
      browser.press(Keys.TAB);
      if (Boolean.TRUE.equals(
          browser.script(
              "return arguments[0].matches(arguments[1])", browser.focused(), selector))) {
        return;
      }
    }
    throw new AssertionError("Tab does not come to " + selector);
  }

  static void assertNoChinese() {
    String text = browser.find("body").getText() + browser.screenText(".wx-screen");
    assertEquals(
        "", text.replace("中文", "").replaceAll("[^\\p{IsHan}\\u3000-\\u303f\\uff00-\\uffef]", ""));
  }

  static void assertNothingSticksOut() {
    assertEquals(
        0L,
        browser.script(
            "return Math.max(0, document.documentElement.scrollWidth - window.innerWidth)"));
  }
}
