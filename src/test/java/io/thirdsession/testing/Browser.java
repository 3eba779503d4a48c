package io.thirdsession.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.SearchContext;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A headless Chromium that this machine has; nothing is ever downloaded for it. */
public final class Browser implements AutoCloseable {
  private static final Path PICTURES = Path.of("target", "screenshots");
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String PACKAGES =
      " on the PATH: install the packages chromium, chromium-driver and fonts-wqy-microhei"
          + " (Debian's names)";

  private static final String AXE = "/META-INF/resources/webjars/axe-core/%s/axe.min.js";

  private static final String AXE_VERSION =
      "/META-INF/maven/org.webjars.npm/axe-core/pom.properties";

  private static final String VIOLATIONS =
      """
      const done = arguments[arguments.length - 1];
      axe.run(document, { resultTypes: ['violations'] }).then(
        found => done(found.violations.map(v =>
          v.id + ' ' + v.nodes.map(n => n.html + ' ' + n.failureSummary).join(' | '))),
        error => done([String(error)]));
      """;

  private final ChromeDriver driver;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  /** Starts one whose user reads this language; aborts the test where there is none to start. */
  public static Browser start(String language) {
    File chromium = require("chromium", "chromium-browser", "google-chrome");
    File chromeDriver = require("chromedriver");
    ChromeOptions options = new ChromeOptions();
    options.setBinary(chromium);
    options.addArguments(
        "--headless=new",
        "--no-sandbox", // it runs as root in a container, and sees our own page only
        "--disable-dev-shm-usage",
        "--hide-scrollbars",
        "--force-prefers-reduced-motion", // the page paces its calls for people
        "--lang=" + language);
    options.setExperimentalOption("prefs", Map.of("intl.accept_languages", language));
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    // named, so that Selenium does not look for one to download
    System.setProperty("webdriver.chrome.driver", chromeDriver.getPath());
    Browser browser = new Browser(new ChromeDriver(options));
    browser.resize(1280, 900);
    return browser;
  }

  private static File require(String... names) {
    List<String> folders =
        Arrays.asList(
            Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator));
    return folders.stream()
        .flatMap(folder -> Stream.of(names).map(name -> new File(folder, name)))
        .filter(File::canExecute)
        .findFirst()
        .orElseGet(() -> abort("there is no " + String.join(" or ", names) + PACKAGES));
  }

  /** Makes the page this large, in its own pixels. */
  public void resize(int width, int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
  }

  /** Prefers dark pages from now on, or bright ones. */
  public void prefer(String scheme) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  /** Opens a page as somebody who was never there. */
  public void openAsNewcomer(URI page) {
    driver.get(page.toString());
    script("localStorage.clear()");
    driver.get(page.toString());
  }

  public void reload() {
    driver.navigate().refresh();
  }

  public WebElement find(String selector) {
    return driver.findElement(By.cssSelector(selector));
  }

  public List<WebElement> all(String selector) {
    return driver.findElements(By.cssSelector(selector));
  }

  /** Returns the texts of all elements that match, as they are seen. */
  public List<String> texts(String selector) {
    return all(selector).stream().map(WebElement::getText).toList();
  }

  /** Returns the part of the page that is the phone's screen. */
  public SearchContext screen() {
    return find("#screen").getShadowRoot();
  }

  /** Clicks in the phone's screen, once there is such an element. */
  public void tap(String selector) {
    await("nothing to tap: " + selector, () -> !onScreen(selector).isEmpty());
    onScreen(selector).get(0).click();
  }

  /** Returns the text of the first such element on the phone's screen; empty if there is none. */
  public String screenText(String selector) {
    return onScreen(selector).stream().findFirst().map(WebElement::getText).orElse("");
  }

  public List<WebElement> onScreen(String selector) {
    return screen().findElements(By.cssSelector(selector));
  }

  /** Presses keys, one after the other, wherever the focus is. */
  public void press(Keys... keys) {
    new Actions(driver).sendKeys(keys).perform();
  }

  /** Returns the element that has the focus, inside the phone's screen as well. */
  public WebElement focused() {
    return (WebElement)
        script(
            "const a = document.activeElement; return (a.shadowRoot && a.shadowRoot.activeElement) || a");
  }

  public Object script(String source, Object... arguments) {
    return ((JavascriptExecutor) driver).executeScript(source, arguments);
  }

  /** Runs a script that tells by its last argument what came of it, and returns that. */
  public Object later(String source) {
    return driver.executeAsyncScript(source);
  }

  /** Runs a script that tells by its last argument what it has found, and returns that. */
  @SuppressWarnings("unchecked") // as the script tells it
  public Map<String, List<String>> walk(String source, int most) {
    driver.manage().timeouts().scriptTimeout(Duration.ofMinutes(3));
    return (Map<String, List<String>>) driver.executeAsyncScript(source, most);
  }

  /** Waits until that is so. */
  public void await(String otherwise, Supplier<Boolean> condition) {
    new WebDriverWait(driver, PATIENCE)
        .withMessage(otherwise)
        .ignoring(org.openqa.selenium.StaleElementReferenceException.class)
        .until(any -> condition.get());
  }

  /** Writes what is seen into {@code target/screenshots}. */
  public void picture(String name) throws IOException {
    Files.createDirectories(PICTURES);
    Files.write(PICTURES.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
  }

  /**
   * Fails if the page has complained. That an answer of the API was an error the browser notes by
   * itself; showing such answers is what the page is for.
   */
  public void assertNoComplaints() {
    assertEquals(List.of(), complaints());
  }

  /** Fails if axe finds something in the page that shuts anybody out. */
  public void assertAccessible() throws IOException {
    Properties axe = new Properties();
    axe.load(new StringReader(resource(AXE_VERSION)));
    script(resource(AXE.formatted(axe.getProperty("version"))));
    assertEquals(List.of(), later(VIOLATIONS));
  }

  private static String resource(String path) throws IOException {
    try (InputStream in = Objects.requireNonNull(Browser.class.getResourceAsStream(path), path)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Returns what the page has complained about since it was asked last. */
  public List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(LogEntry::getMessage)
        .filter(message -> !message.startsWith("rendering ")) // what tests run in the page
        .filter(message -> !message.matches("http://\\S+/api/\\S+ - Failed to load resource.*"))
        .toList();
  }

  @Override
  public void close() {
    driver.quit();
  }
}
