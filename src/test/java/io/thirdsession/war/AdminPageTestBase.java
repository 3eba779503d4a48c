package io.thirdsession.war;

import static io.thirdsession.testing.AppServer.APP;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import io.thirdsession.testing.AppServer;
import io.thirdsession.testing.Browser;
import io.thirdsession.testing.TestClients;
import io.thirdsession.testing.TestHttp;
import io.thirdsession.testing.TestHttp.Response;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The operator's page as the WAR serves it, in a browser. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class AdminPageTestBase {
  static final String ONLY_USERS = "canary-client-secret-users";
  static final String ONLY_MANAGE = "canary-client-secret-manage";
  static final String OF_ONE_APP = "canary-client-secret-of-one-app";
  static final String ONLY_METRICS = "canary-client-secret-metrics";
  static final String ASKS = "canary-client-secret-asks";

  DeployedWar war;
  Browser browser;

  @AfterAll
  void stop() {
    if (browser != null) {
      browser.close();
    }
    if (war != null) {
      war.close();
    }
  }

  /** Not before all: where there is no browser, each test should be seen to be skipped. */
  @BeforeEach
  void openThePage() throws Exception {
    if (browser == null) {
      browser = Browser.start("zh-CN");
      war = DeployedWar.start(JettyContainer::start, settings());
    }
    browser.resize(1280, 900);
    browser.openAsNewcomer(page());
    browser.await("no page", () -> browser.find("#client-id").isDisplayed());
  }

  private static Map<String, String> settings() {
    return Map.of(
        "ADMIN_PAGE",
        "true",
        "SERVICE_CLIENTS",
        String.join(
            ",",
            TestClients.setting(),
            TestClients.entry("crm", ONLY_USERS, "users"),
            TestClients.entry("robot", ONLY_MANAGE, "manage"),
            TestClients.entry("shop", OF_ONE_APP, "users+manage:" + APP),
            TestClients.entry("scraper", ONLY_METRICS, "metrics"),
            TestClients.entry("asks", ASKS, "")));
  }

  @AfterEach
  void nothingComplains() {
    if (browser != null) {
      browser.assertNoComplaints();
    }
  }

  URI page() {
    return war.http.base().resolve("/admin/");
  }

  /** Logs in as a user of this name, who gives themselves this nickname; returns the response. */
  Response user(String name, String nickName) {
    String code = war.weChat.loginCode(APP, AppServer.openId(name), "u" + name);
    JsonObject body = new JsonObject();
    body.addProperty("code", code);
    JsonObject device = new JsonObject();
    device.addProperty("brand", "Apple");
    device.addProperty("model", "iPhone 15");
    device.addProperty("system", "iOS 17.4");
    body.add("device", device);
    Response login = war.http.post("/api/login", body.toString());
    assertEquals(200, login.status(), login.toString());
    if (!nickName.isEmpty()) {
      JsonObject profile = new JsonObject();
      profile.addProperty("nickName", nickName);
      put("/api/me", profile, login.token());
    }
    return login;
  }

  /** Binds this number to the user of this name. */
  void bind(String name, String token, String number) {
    JsonObject body = new JsonObject();
    body.addProperty("code", war.weChat.phone(APP, AppServer.openId(name), number).code());
    put("/api/me/phone", body, token);
  }

  private void put(String path, JsonObject body, String token) {
    Response response = war.http.post(path, body.toString(), TestHttp.bearer(token));
    assertEquals(200, response.status(), response.toString());
  }

  void signIn() {
    signIn(TestClients.ID, TestClients.SECRET);
    browser.await("no users", () -> !browser.all("#rows .row").isEmpty());
  }

  void signIn(String id, String secret) {
    browser.find("#client-id").sendKeys(id);
    browser.find("#client-secret").sendKeys(secret);
    browser.find("#sign-in button").click();
  }

  void search(String by, String within, String value) {
    browser.find("#by option[value=" + by + "]").click();
    if (!within.isEmpty()) {
      browser.find("#within").sendKeys(within);
    }
    browser.find("#value").clear();
    browser.find("#value").sendKeys(value);
    browser.find("#search button").click();
  }

  /** Searches for the user and waits for what is known of them. */
  void open(String userId) {
    search("userId", "", userId);
    awaitUser(userId);
  }

  void awaitUser(String userId) {
    browser.await(
        "not shown: " + userId,
        () ->
            browser.texts("#user > .facts code").equals(List.of(userId))
                && browser.all("body.busy").isEmpty());
  }

  void speak(String language) {
    browser.find("[data-language=" + language + "]").click();
  }

  void click(String text) {
    Optional<WebElement> button =
        browser.all("button").stream()
            .filter(its -> its.isDisplayed() && its.getText().equals(text))
            .findFirst();
    button.orElseThrow(() -> new AssertionError("no button " + text)).click();
  }

  /** Agrees to what a dialog asks, having typed this if it wants something typed. */
  void agree(String typed) {
    browser.await("no dialog", () -> !browser.all("dialog[open]").isEmpty());
    if (!typed.isEmpty()) {
      browser.find("#dialog-typed").sendKeys(typed);
    }
    browser.find("dialog button.danger").click();
  }

  void awaitDone(String text) {
    browser.await("not said: " + text, () -> browser.find("#done").getText().equals(text));
  }

  String error() {
    browser.await("no error", () -> !browser.find("#error").getText().isEmpty());
    return browser.find("#error").getText();
  }

  /** Presses Tab until the focus is there. */
  void tabTo(String selector) {
    for (int i = 0; i < 150; i++) {
      if (Boolean.TRUE.equals(
          browser.script(
              "return arguments[0].matches(arguments[1])", browser.focused(), selector))) {
        return;
      }
      browser.press(Keys.TAB);
    }
    throw new AssertionError("Tab does not come to " + selector);
  }

  void assertNothingSticksOut() {
    assertEquals(
        0L,
        browser.script(
            "return Math.max(0, document.documentElement.scrollWidth - window.innerWidth)"));
  }
}
