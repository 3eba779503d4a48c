package io.thirdsession.development;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.testing.Browser;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The decrypt clinic in a browser, opened as the file that it is. Its causes and their known
 * answers are tested with Node, beside the mini program.
 */
class DecryptClinicIT {
  private static final URI PAGE =
      Path.of("src/site/resources/decrypt-clinic.html").toAbsolutePath().toUri();

  private static Browser browser;

  @BeforeEach
  void openThePage() {
    if (browser == null) {
      browser = Browser.start("zh-CN");
    }
    browser.prefer("light");
    browser.resize(1280, 900);
    browser.openAsNewcomer(PAGE);
  }

  @AfterEach
  void nothingComplains() {
    if (browser != null) {
      browser.assertNoComplaints();
    }
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
      browser = null;
    }
  }

  @Test
  void decryptsWeChatsOwnSample() {
    browser.find("#sample").click();

    awaitHeadline("解密正常。数据很旧：");
    assertTrue(browser.find("#json").getText().contains("\"nickName\": \"Band\""));
  }

  @Test
  void findsAnIvFromAnotherCallAndTellsHowToMendIt() {
    browser.find("#sample").click();
    type("iv", "EBESExQVFhcYGRobHB0eHw==");

    awaitHeadline("iv 不是这份数据的");
    assertEquals("true", browser.find("#iv").getAttribute("aria-invalid"));
    browser.find("[data-language=en]").click();
    awaitHeadline("The iv is not the one of this data");
  }

  @ParameterizedTest
  @CsvSource({
    "zh, 1280, light",
    "zh, 375, light",
    "zh, 375, dark",
    "en, 1280, dark",
    "en, 375, light",
    "en, 320, light"
  })
  void fitsAndSpeaksOneLanguage(String language, int width, String scheme) throws IOException {
    String name = "clinic-" + language + "-" + width + "-" + scheme;
    browser.prefer(scheme);
    browser.resize(width, 900);
    browser.find("[data-language=" + language + "]").click();
    browser.picture(name);
    assertOneLanguage(language);
    browser.find("#sample").click();
    type("encryptedData", browser.find("#encryptedData").getAttribute("value").replace('+', ' '));

    awaitHeadline(language.equals("zh") ? "找到原因" : "Found it");

    assertOneLanguage(language);
    assertNothingSticksOut();
    browser.script("document.getElementById('result').scrollIntoView()");
    browser.picture(name + "-mended");
    type("sessionKey", "HyVFkGl5F5OQWJZZaNzBBg==");
    awaitHeadline(language.equals("zh") ? "session_key 不是" : "Another key");
    assertNothingSticksOut();
    browser.assertAccessible();
    browser.script("document.getElementById('result').scrollIntoView()");
    browser.picture(name + "-key");
  }

  @Test
  void nothingIsSentAndNothingIsKept() {
    browser.find("#sample").click();
    awaitHeadline("解密正常");

    assertEquals(0L, browser.script("return performance.getEntriesByType('resource').length"));
    assertEquals(
        List.of("connect-src", "img-src", "form-action"),
        browser.later(
            "const tell = arguments[arguments.length - 1], refused = [];"
                + "addEventListener('securitypolicyviolation', event => {"
                + "  refused.push(event.effectiveDirective);"
                + "  if (refused.length === 3) tell(refused); });"
                + "fetch('http://localhost:9/').catch(() => {"
                + "  new Image().src = 'http://localhost:9/';"
                + "  setTimeout(() => {"
                + "    const form = document.querySelector('form');"
                + "    form.action = 'http://localhost:9/'; form.submit(); }, 100); });"));
    assertEquals(0L, browser.script("return localStorage.length + sessionStorage.length"));
    assertEquals("", browser.script("return location.search + location.hash + document.cookie"));
    browser
        .complaints()
        .forEach(complaint -> assertTrue(complaint.contains("Content Security Policy"), complaint));

    browser.reload();

    assertEquals("", browser.find("#sessionKey").getAttribute("value"));
    assertEquals("", browser.find("#encryptedData").getAttribute("value"));
  }

  @Test
  void forgetsAllAtClear() {
    browser.find("#sample").click();
    awaitHeadline("解密正常");

    browser.find("#clear").click();

    awaitHeadline("粘贴后自动诊断");
    assertEquals("", browser.find("#sessionKey").getAttribute("value"));
    assertEquals("", browser.find("#json").getAttribute("textContent"));
  }

  private static void type(String id, String text) {
    browser.script(
        "const field = document.getElementById(arguments[0]);"
            + "field.value = arguments[1]; field.dispatchEvent(new Event('input'))",
        id,
        text);
  }

  private static void awaitHeadline(String text) {
    browser.await(
        "the headline is not " + text, () -> browser.find("#headline").getText().startsWith(text));
  }

  private static void assertOneLanguage(String language) {
    if (language.equals("en")) {
      assertEquals(
          "",
          browser
              .find("body")
              .getText()
              .replace("中文", "")
              .replaceAll("[^\\p{IsHan}\\u3000-\\u303f\\uff00-\\uffef]", ""));
    }
  }

  private static void assertNothingSticksOut() {
    assertEquals(
        0L,
        browser.script(
            "return Math.max(0, document.documentElement.scrollWidth - window.innerWidth)"));
  }
}
