package io.thirdsession.war;

import static io.thirdsession.testing.AppServer.APP;
import static io.thirdsession.testing.TestHttp.bearer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.testing.AppServer;
import io.thirdsession.testing.TestClients;
import io.thirdsession.testing.TestHttp.Response;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** What an operator does with the page, and nobody else. */
class AdminPageIT extends AdminPageTestBase {
  @Test
  void showsTheNewestUsersToWhoeverSignsIn() {
    user("newest", "最新的人");

    signIn();

    WebElement first = browser.all("#rows .row").get(0);
    assertTrue(first.getText().startsWith("最新的人"), first.getText());
    assertEquals("all", browser.find("#who").getText());
    assertFalse(browser.find("#entrance").isDisplayed());
  }

  @ParameterizedTest
  @CsvSource({"all, canary-client-secret-wrong", "nobody, " + TestClients.SECRET, "错, 误"})
  void saysThatCredentialsAreWrongAndAsksNothingByItself(String id, String secret) {
    signIn(id, secret);

    assertEquals("凭证 ID 或密钥不正确。", error());
    assertTrue(browser.find("#entrance").isDisplayed());
    assertFalse(browser.find("#inside").isDisplayed());
  }

  @Test
  void keepsTheSecretInMemoryAlone() {
    user("kept", "");
    signIn();

    assertEquals("", browser.find("#client-secret").getAttribute("value"));
    assertEquals(
        "0 0 ",
        browser.script(
            "return localStorage.length + ' ' + sessionStorage.length + ' ' + document.cookie"));
    assertEquals(page().toString(), browser.script("return location.href"));
    browser.reload();
    browser.await("no entrance", () -> browser.find("#entrance").isDisplayed());
    assertEquals(0, browser.all("#rows .row").size());
  }

  @Test
  void forgetsEverythingAtTheEnd() {
    user("forgotten", "被忘记的人");
    signIn();

    click("退出");

    assertTrue(browser.find("#entrance").isDisplayed());
    String all = (String) browser.script("return document.body.textContent");
    assertFalse(all.contains("被忘记的人"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"userId", "openid", "unionid", "phone", "foreignPhone"})
  void findsAUser(String by) {
    String name = "found-by-" + by;
    Response login = user(name, "要找的人 " + by);
    bind(name, login.token(), by.equals("foreignPhone") ? "+14155550123" : "13700000001");
    signIn();

    switch (by) {
      case "userId" -> search(by, "", login.userId());
      case "openid" -> search(by, APP, AppServer.openId(name));
      case "unionid" -> search(by, "", "u" + name);
      case "phone" -> {
        search(by, "", "13700000001");
        browser.await("not found", () -> browser.texts("#rows .name").contains("要找的人 " + by));
        return; // so may be others, of the same number
      }
      default -> search("phone", "1", "4155550123");
    }

    awaitUser(login.userId());
    assertEquals("要找的人 " + by, browser.find("#user-title").getText());
  }

  @Test
  void saysThatNobodyWasFoundAndWhatIsWrong() {
    user("somebody", "");
    signIn();

    search("userId", "", "01a20244-e800-75e8-b7be-805317a49f64");
    browser.await("nothing said", () -> browser.find("#rows").getText().equals("没有找到用户。"));
    search("userId", "", "nonsense");

    assertTrue(error().contains("userId"), error());
    click("最新用户");
    browser.await("no users", () -> !browser.all("#rows .row").isEmpty());
    assertEquals("", browser.find("#error").getText());
  }

  @Test
  void readsOnPageByPage() {
    for (int i = 0; i < 60; i++) {
      user("many-" + i, "");
    }
    signIn();
    assertEquals(50, browser.all("#rows .row").size());

    click("更早的");

    browser.await("no more", () -> browser.all("#rows .row").size() >= 60);
    List<String> ids = browser.texts("#rows code");
    assertEquals(ids.stream().sorted((a, b) -> b.compareTo(a)).toList(), ids);
    WebElement focused = browser.focused();
    assertEquals(browser.all("#rows .row").get(50), focused);
  }

  @Test
  void showsIdentitiesSessionsAndTrailOfAUser() {
    Response login = user("shown", "王小明");
    bind("shown", login.token(), "13711112222");
    signIn();

    open(login.userId());

    browser.await("no session", () -> !browser.all(".session").isEmpty());
    browser.await("no trail", () -> browser.texts(".event strong").contains("登录"));
    String shown = browser.find("#user").getText();
    for (String part :
        List.of(APP, AppServer.openId("shown"), "ushown", "Apple iPhone 15 iOS 17.4", "137")) {
      assertTrue(shown.contains(part), part + " in " + shown);
    }
    assertTrue(shown.contains(war.http.check(login.token()).field("sid")));
  }

  @Test
  void disablesAndEnables() {
    Response login = user("disabled", "");
    signIn();
    open(login.userId());

    click("停用");
    agree("");
    awaitDone("已停用。");

    assertEquals(401, war.http.check(login.token()).status());
    browser.await("not shown", () -> browser.texts("#user .pill").equals(List.of("已停用")));
    assertEquals(List.of("已停用"), browser.texts("#rows .pill"));
    click("恢复");
    agree("");
    awaitDone("已恢复。");
    user("disabled", "");
  }

  @Test
  void doesNothingThatIsNotAgreedTo() {
    Response login = user("spared", "");
    signIn();
    open(login.userId());

    for (String action : List.of("停用", "结束全部会话", "注销用户")) {
      click(action);
      browser.await("no dialog", () -> !browser.all("dialog[open]").isEmpty());
      browser.press(Keys.ESCAPE);
      browser.await("a dialog", () -> browser.all("dialog").isEmpty());
    }

    assertEquals(200, war.http.check(login.token()).status());
  }

  @Test
  void endsOneSessionAndAll() {
    Response one = user("ended", "");
    Response two = user("ended", "");
    Response three = user("ended", "");
    signIn();
    open(one.userId());
    browser.await("not three", () -> browser.all(".session").size() == 3);

    browser.all(".session button").get(0).click();
    agree("");
    awaitDone("会话已结束。");
    browser.await("not two", () -> browser.all(".session").size() == 2);
    assertEquals(1, List.of(one, two, three).stream().filter(this::hasEnded).count());
    click("结束全部会话");
    agree("");
    awaitDone("会话已全部结束。");

    assertEquals(3, List.of(one, two, three).stream().filter(this::hasEnded).count());
    browser.await("a session", () -> browser.find("#user").getText().contains("没有有效会话。"));
  }

  @Test
  void erasesWhoeverIsTypedInFull() {
    Response login = user("erased", "再见");
    signIn();
    open(login.userId());
    click("注销用户");
    browser.await("no dialog", () -> !browser.all("dialog[open]").isEmpty());

    browser.find("#dialog-typed").sendKeys(login.userId().substring(1));
    assertFalse(browser.find("dialog button.danger").isEnabled());
    browser.find("#dialog-typed").sendKeys(Keys.ENTER);
    assertEquals(1, browser.all("dialog[open]").size());
    browser.find("#dialog-typed").sendKeys(Keys.HOME, login.userId().substring(0, 1));
    browser.find("dialog button.danger").click();
    awaitDone("用户已注销。");

    assertEquals(401, war.http.get("/api/me", bearer(login.token())).status());
    assertFalse(browser.texts("#rows .name").contains("再见"));
  }

  @Test
  void endsEverybodysSessionsOfOneAppOrOfAll() {
    Response first = user("everybody", "");
    signIn();
    click("所有会话");

    browser.find("#end-all-app").sendKeys(APP);
    click("结束会话");
    agree(APP);
    browser.await("not done", () -> browser.find("#done").getText().startsWith("全部完成"));
    assertTrue(hasEnded(first));

    Response second = user("everybody", "");
    browser.find("#end-all-app").clear();
    click("结束会话");
    browser.find("#dialog-typed").sendKeys("end all session");
    assertFalse(browser.find("dialog button.danger").isEnabled());
    assertFalse(hasEnded(second));
    agree("s");
    awaitDone("全部完成。已结束会话数：1");

    assertTrue(hasEnded(second));
  }

  @Test
  void saysWhyEverybodysSessionsDoNotEnd() {
    user("not-ended", "");
    signIn();
    click("所有会话");
    browser.find("#end-all-app").sendKeys("wx0000000000000000");
    click("结束会话");
    agree("wx0000000000000000");

    assertTrue(error().contains("appid"), error());
  }

  @Test
  void offersNoMoreThanTheScopesAllow() {
    Response login = user("seen", "看得见的人");

    signIn("crm", ONLY_USERS);
    browser.await("no users", () -> !browser.all("#rows .row").isEmpty());
    open(login.userId());
    browser.await("no session", () -> !browser.all(".session").isEmpty());
    assertEquals(List.of(), browser.all("#user .actions, .session button, .event"));
    assertFalse(browser.find("#user").getText().contains("审计记录"));
    assertFalse(browser.find("#tabs").isDisplayed());
    click("退出");

    signIn("shop", OF_ONE_APP);
    browser.await("no users", () -> !browser.all("#rows .row").isEmpty());
    assertFalse(browser.find("#tabs").isDisplayed());
    click("退出");

    signIn("robot", ONLY_MANAGE);
    browser.await("nothing", () -> browser.find("#everybody").isDisplayed());
    assertFalse(browser.find("#users").isDisplayed());
    click("本节点");
    awaitDoctor();
    assertFalse(browser.find("#counters").isDisplayed());
    click("退出");

    signIn("scraper", ONLY_METRICS);
    browser.await("no counters", () -> browser.find("#counters").isDisplayed());
    assertFalse(browser.find("#doctor").isDisplayed());
    assertFalse(browser.find("#tabs").isDisplayed());
    assertEquals(0, browser.all(".check").size());
    click("退出");

    signIn("asks", ASKS);
    assertTrue(error().contains("users"), error());
    assertFalse(browser.find("#users").isDisplayed() || browser.find("#everybody").isDisplayed());
  }

  @Test
  void everythingIsReachedByKeys() {
    Response login = user("by-keys", "键盘");
    tabTo("#client-id");
    type(TestClients.ID);
    browser.press(Keys.TAB);
    type(TestClients.SECRET);
    browser.press(Keys.ENTER);
    browser.await("no users", () -> !browser.all("#rows .row").isEmpty());
    assertEquals("list-title", browser.focused().getAttribute("id"));

    tabTo("#rows .row");
    browser.press(Keys.ENTER);
    awaitUser(login.userId());
    assertEquals("user-title", browser.focused().getAttribute("id"));
    tabTo("#user .actions button");
    browser.press(Keys.SPACE);
    browser.await("no dialog", () -> !browser.all("dialog[open]").isEmpty());
    browser.press(Keys.ESCAPE);
    browser.await("a dialog", () -> browser.all("dialog").isEmpty());
    assertEquals("停用", browser.focused().getText());
    browser.press(Keys.SPACE);
    browser.await("no dialog", () -> !browser.all("dialog[open]").isEmpty());
    browser.press(Keys.TAB, Keys.ENTER);
    awaitDone("已停用。");

    browser.find("#tab-users").sendKeys(Keys.ARROW_RIGHT);
    assertTrue(browser.find("#everybody").isDisplayed());
    assertEquals("tab-everybody", browser.focused().getAttribute("id"));
    browser.press(Keys.ARROW_RIGHT);
    assertTrue(browser.find("#node").isDisplayed());
    awaitDoctor();
    browser.press(Keys.ARROW_RIGHT);
    assertTrue(browser.find("#users").isDisplayed());
  }

  @Test
  void showsWhatTheDoctorSaysTheWorstFirst() {
    user("of-the-doctor", "");
    signIn();

    click("本节点");
    awaitDoctor();

    List<String> pills = browser.texts(".check .pill");
    List<String> order = List.of("失败", "注意", "正常");
    assertEquals(
        pills.stream().sorted((a, b) -> order.indexOf(a) - order.indexOf(b)).toList(), pills);
    assertTrue(browser.texts(".check code").contains("database"));
    String all = browser.find("#checks").getText();
    assertTrue(all.contains("处理：设置 PUBLIC_URL"), all);
    speak("en");
    browser.await(
        "not in English", () -> browser.find("#checks").getText().contains("Cure: set PUBLIC_URL"));
    String english = browser.find("#node").getText();
    assertFalse(english.matches("(?s).*\\p{IsHan}.*"), english);
    click("Examine again");
    awaitDoctor();
    assertEquals("", browser.find("#error").getText());
  }

  @Test
  void showsWhatThisNodeHasCountedSinceSomebodySignedIn() {
    user("before", "");
    signIn();
    user("counted-1", "");
    user("counted-2", "");

    click("本节点");

    String line =
        "thirdsession_logins_total app=\"" + APP + "\",origin=\"login\",outcome=\"success\"";
    browser.await(
        "not counted",
        () ->
            browser.texts(".counter").stream()
                .anyMatch(its -> its.startsWith(line) && its.endsWith("+2")));
    user("counted-3", "");
    awaitDoctor();
    click("刷新");
    browser.await(
        "not counted anew",
        () ->
            browser.texts(".counter").stream()
                .anyMatch(its -> its.startsWith(line) && its.endsWith("+3")));
    assertTrue(browser.find("#counted-since").getText().startsWith("自登录本页起的增量："));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<img src=x onerror=\"document.title='owned'\">",
        "</code></li><script>document.title='owned'</script>",
        "javascript:alert(1)",
        "&lt;b&gt; ${7*7} {{7*7}}",
        "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
        "مرحبا بالعالم 👩‍👩‍👧‍👦",
      })
  void aNicknameIsATextWhateverIsInIt(String nickName) {
    Response login = user("hostile-" + nickName.hashCode(), nickName);
    signIn();

    open(login.userId());

    assertEquals(
        nickName, browser.script("return document.querySelector('#user-title').textContent"));
    assertEquals(1, browser.all("img").size(), "the page's own");
    assertEquals(1, browser.all("script").size());
    assertEquals("Third Session · 运维", browser.script("return document.title"));
    browser.resize(375, 812);
    assertNothingSticksOut();
  }

  @ParameterizedTest
  @CsvSource({
    "zh-CN, 375, light",
    "zh-CN, 1280, light",
    "en, 375, light",
    "en, 1280, light",
    "zh-CN, 1280, dark"
  })
  void looksRightAndSoundsRight(String language, int width, String scheme) throws IOException {
    browser.prefer(scheme);
    String name = "looks-" + language + "-" + width + "-" + scheme;
    user(name, "老王");
    Response login = user(name, "老王");
    bind(name, login.token(), "13580006666");
    user("hostile", "<b>WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW</b>");
    user("plain", "");
    browser.resize(width, width == 375 ? 812 : 900);
    speak(language);
    look("entrance-" + scheme, language, width);
    signIn();
    look("list-" + scheme, language, width);

    browser.all("#rows .row").stream()
        .filter(row -> row.getText().contains("老王"))
        .findFirst()
        .orElseThrow()
        .click();
    browser.await("no trail", () -> browser.all(".event").size() >= 2);
    look("user-" + scheme, language, width);
    browser.resize(width, 1600);
    browser.picture("admin-" + language + "-" + width + "-whole-" + scheme);
    click(language.equals("en") ? "Erase" : "注销用户");
    look("dialog-" + scheme, language, width);
    browser.press(Keys.ESCAPE);
    browser.await("a dialog", () -> browser.all("dialog").isEmpty());
    browser.find("#tab-everybody").click();
    look("everybody-" + scheme, language, width);
    browser.find("#tab-node").click();
    awaitDoctor();
    browser.await("not counted", () -> !browser.all(".counter").isEmpty());
    look("node-" + scheme, language, width);
    browser.resize(width, 1600);
    browser.picture("admin-" + language + "-" + width + "-node-whole-" + scheme);
    browser.prefer("light");
  }

  @Test
  void speaksTheLanguageThatIsChosenThroughout() {
    Response login = user("english", "John");
    signIn();
    open(login.userId());
    browser.await("no trail", () -> !browser.all(".event").isEmpty());

    speak("en");

    assertEquals("en", browser.script("return document.documentElement.lang"));
    assertEquals("Third Session · Operator", browser.script("return document.title"));
    for (String part : List.of("#tabs", "#search", ".head", "#user", "#sign-out")) {
      String text = browser.find(part).getText();
      assertFalse(text.matches("(?s).*\\p{IsHan}.*"), text);
    }
    search("userId", "", "x");
    assertTrue(error().contains("Invalid request"), error());
  }

  private void awaitDoctor() {
    browser.await(
        "no doctor", () -> browser.all(".check").size() > 5 && browser.all("body.busy").isEmpty());
  }

  private void look(String what, String language, int width) throws IOException {
    browser.picture("admin-" + language + "-" + width + "-" + what);
    assertNothingSticksOut();
    browser.assertAccessible();
  }

  private void type(String text) {
    browser.focused().sendKeys(text);
  }

  private boolean hasEnded(Response login) {
    return war.http.check(login.token()).status() == 401;
  }
}
