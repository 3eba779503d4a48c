package io.thirdsession.development;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.testing.Browser;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The page of {@code mvn jetty:run}, as somebody sees it who has a browser and reads nothing. */
class PageIT extends PageTestBase {
  @Test
  void logsInAtLaunchAndDrawsWhoSaidWhat() throws IOException {
    assertEquals(
        List.of(
            "wx.login()",
            "code",
            "POST /api/login",
            "jscode2session",
            "openid",
            "thirdSession",
            "GET /api/me",
            "user"),
        browser.texts(".label"));
    assertEquals("session_key留在服务端", browser.find(".vault").getText().replaceAll("\\s", ""));
    assertEquals("未设置昵称", browser.screenText(".profile__name"));
    assertTrue(browser.find("#token").getText().matches("3rd_.{5}….{4}"));
    assertEquals("绑定手机号", browser.find(".scenes .next > [lang=zh]").getText());
    browser.picture("zh-1280-login");
  }

  @Test
  void leadsToAPageOfAllCalls() throws IOException {
    browser.find("a[href='/dev/openapi.html']").click();

    browser.await("no calls", () -> browser.all("#calls details").size() > 50);
    browser.find("#login summary").click();
    String login = browser.find("#login").getText();
    assertShown(
        login, "POST", "/api/login", "Log in", "phoneCode", "user.nickName", "code_invalid");
    assertShown(login, "请求体", "3rd_");
    browser.picture("zh-1280-openapi");
  }

  @Test
  void leadsToTheDecryptClinicInTheSameLanguage() throws IOException {
    browser.script("document.getElementById('doctor').scrollIntoView({ block: 'end' })");
    browser.picture("zh-1280-cards");
    browser.find("[data-language=en]").click();
    browser.find("a[href='/dev/decrypt-clinic.html?lang=en']").click();

    browser.await("no clinic", () -> !browser.all("#sessionKey").isEmpty());
    assertEquals("en", browser.find("html").getAttribute("lang"));
    assertEquals("Decrypt clinic", browser.find("h1").getText());
  }

  @Test
  void showsWhatTheDoctorSays() throws IOException {
    browser.find("#examine").click();

    browser.await("no lines", () -> browser.all("#checks li").size() > 10);
    assertShown(browser.find("#doctor").getText(), "注意", "database", "数据库可用", "处理：", "PUBLIC_URL");
    browser.picture("zh-1280-doctor");
    browser.find("[data-language=en]").click();
    browser.await(
        "not in English",
        () -> browser.find("#checks").getText().contains("the database can be used"));
    browser.resize(375, 740);
    assertNothingSticksOut();
    browser.script("document.getElementById('doctor').scrollIntoView()");
    browser.picture("en-375-doctor");
  }

  @Test
  void opensEachMessageToItsRequestAndAnswer() throws IOException {
    clickMessage("POST /api/login");

    assertShown(detail(), "\"code\": \"", "\"newUser\": true");
    assertFalse(detail().contains("session_key"));
    browser.picture("zh-1280-message");

    clickMessage("openid");

    assertShown(detail(), "/sns/jscode2session", "\"session_key\": 留在服务端");
    assertEquals(1, browser.all(".detail:not([hidden])").size());
  }

  @Test
  void bindsAPhone() throws IOException {
    browser.find("#scene-phone").click();
    awaitSheet();
    browser.picture("zh-1280-phone");
    browser.tap(".wx-sheet .wx-hot");

    awaitText(".bound", "135****6666");
    awaitLabel("phoneNumber");
    awaitLabel("getuserphonenumber");
    assertTrue(hasSeen("phone"));
    browser.picture("zh-1280-bound");
  }

  @ParameterizedTest
  @CsvSource({"2, 你没有提供手机号", "4, 手机号验证额度已用完", "5, 这个小程序不能获取手机号"})
  void takesARefusalForAnAnswer(int choice, String notice) {
    browser.find("#scene-phone").click();
    browser.tap(".wx-sheet > button:nth-of-type(" + choice + ")");

    browser.await("no notice", () -> browser.screenText(".notice").startsWith(notice));
    assertFalse(hasSeen("phone"));
  }

  @Test
  void offersThePrivacyGuideToWhomeverRefusesIt() {
    browser.find("#scene-phone").click();
    browser.tap(".wx-sheet > button:nth-of-type(3)");
    awaitText(".wx-modal p", "获取手机号前，需要你同意《用户隐私保护指引》");
    browser.tap(".wx-confirm");

    awaitText(".wx-modal h3", "《小程序隐私保护指引》");
    browser.tap(".wx-confirm");
    browser.await("no notice", () -> browser.screenText(".notice").startsWith("你未同意隐私保护指引"));
    assertFalse(hasSeen("phone"));
  }

  @Test
  void bindsAPhoneAfterTheQuotaWasGone() {
    browser.find("#scene-phone").click();
    browser.tap(".wx-sheet > button:nth-of-type(4)");
    browser.await("still offered", () -> browser.onScreen(".tap").isEmpty());
    awaitRest();

    browser.find("#scene-phone").click();
    browser.tap(".wx-sheet .wx-hot");

    awaitText(".bound", "135****6666");
  }

  @Test
  void unbindsAPhone() {
    browser.find("#scene-phone").click();
    browser.tap(".wx-sheet .wx-hot");
    awaitText(".bound", "135****6666");

    browser.tap(".unbind");
    browser.tap(".wx-confirm");

    awaitText(".bound", "未绑定");
    awaitLabel("DELETE /api/me/phone");
  }

  @Test
  void showsARevokedSessionAndTheNextLogin() throws IOException {
    String before = browser.find("#token").getText();

    browser.find("#kick").click();

    awaitText(".wx-toast", "会话被结束，已自动重新登录"); // which does not stay for long
    awaitRest();
    List<String> labels = browser.texts(".label");
    int refused = labels.indexOf("401 session_invalid");
    assertTrue(labels.contains("另一台POST /api/sessions/end"), labels.toString());
    assertTrue(labels.subList(refused, labels.size()).contains("thirdSession"), labels.toString());
    assertNotEquals(before, browser.find("#token").getText());
    assertTrue(hasSeen("revoke"));
    browser.picture("zh-1280-revoked");
  }

  @Test
  void repeatsARefusedRequestWithANewSession() {
    open("登录设备");
    browser.await("no devices", () -> browser.onScreen(".device").size() == 2);

    browser.find("#scene-revoke").click();

    awaitLabel("401 session_invalid");
    awaitRest();
    assertEquals(
        2, browser.texts(".label").stream().filter("2 sessions"::equals).count(), "asked twice");
  }

  @Test
  void endsAnotherDevice() {
    open("登录设备");
    browser.tap(".end");
    browser.tap(".wx-confirm");

    browser.await("still two devices", () -> browser.onScreen(".device").size() == 1);
    awaitText(".device__name", "Apple iPhone 15");
  }

  @Test
  void keepsNameAndPicture() {
    open("未设置昵称");
    browser.tap(".choose");
    browser.tap(".wx-pictures button");
    awaitLabel("avatarUrl");
    browser.onScreen("[name=nickName]").get(0).sendKeys("老王");
    browser.tap(".save");

    awaitText(".profile__name", "老王");
    browser.await(
        "no picture",
        () ->
            Boolean.TRUE.equals(
                browser.script(
                    "const i = document.getElementById('screen').shadowRoot"
                        + ".querySelector('img.avatar'); return i !== null && i.naturalWidth > 0")));
  }

  @Test
  void logsOutAndInAgain() {
    browser.tap(".logout");
    browser.tap(".wx-confirm");
    browser.await("still logged in", () -> !browser.onScreen(".login").isEmpty());
    assertEquals("—", browser.find("#token").getText());

    browser.tap(".login");

    awaitText(".profile__name", "未设置昵称");
  }

  @Test
  void erasesTheUser() {
    open("未设置昵称");
    browser.await("no profile", () -> !browser.onScreen(".save[aria-disabled=false]").isEmpty());
    browser.onScreen("[name=nickName]").get(0).sendKeys("老王");
    browser.tap(".save");
    awaitText(".profile__name", "老王");

    browser.tap(".erase");
    browser.tap(".wx-confirm");

    browser.await("still logged in", () -> !browser.onScreen(".login").isEmpty());
    awaitLabel("DELETE /api/me");
    assertEquals("—", browser.find("#token").getText());
    browser.tap(".login");
    awaitText(".profile__name", "未设置昵称");
  }

  @Test
  void opensAgainWithoutALogin() {
    String before = browser.find("#token").getText();

    browser.reload();
    awaitRest();

    List<String> labels = browser.texts(".label");
    assertTrue(labels.contains("GET /api/session"), labels.toString());
    assertTrue(labels.contains("wx.checkSession()"), labels.toString());
    assertFalse(labels.contains("wx.login()"), labels.toString());
    assertEquals(before, browser.find("#token").getText());
    open("登录设备");
    browser.await("a session too many", () -> browser.onScreen(".device").size() == 2);
  }

  @Test
  void startsThoughTheStoredSessionIsNonsense() {
    browser.script("localStorage.setItem('phone:third_session', '{ broken')");

    browser.reload();
    awaitRest();

    assertEquals("未设置昵称", browser.screenText(".profile__name"));
    assertTrue(browser.find("#token").getText().startsWith("3rd_"));
  }

  @ParameterizedTest
  @CsvSource({
    "used, 400 code_invalid",
    "blocked, 403 user_blocked",
    "away, 503 wechat_unreachable",
    "timeout, 504 wechat_timeout",
    "key, 409 decrypt_failed"
  })
  void showsAtOnceWhatGoesWrong(String fault, String label) throws IOException {
    WebElement button = browser.find("#fault-" + fault);
    button.click();

    awaitLabel(label);
    awaitRest();
    browser.picture("zh-1280-fault-" + fault);
    if (!fault.equals("key")) { // that one happens once
      assertEquals("true", button.getAttribute("aria-checked"));
      button.click();
      awaitRest();
    }
    assertEquals("false", button.getAttribute("aria-checked"));
    browser.find("#scene-login").click();
    awaitRest();
    browser.await("no login", () -> lastLabel().equals("thirdSession"));
  }

  @Test
  void waitsForASlowWeChat() {
    browser.find("#fault-slow").click();
    browser.await("nothing pending", () -> !browser.all(".pending").isEmpty());
    awaitLabel("thirdSession");
    awaitRest();

    browser.find("#fault-slow").click();
    awaitRest();
  }

  @Test
  void speaksEnglishToo() throws IOException {
    browser.find("[data-language=en]").click();
    assertNoChinese();
    browser.picture("en-1280-login");

    browser.find("#scene-phone").click();
    awaitSheet();
    assertNoChinese();
    browser.picture("en-1280-phone");
    browser.tap(".wx-sheet .wx-hot");
    awaitText(".bound", "135****6666");
    assertNoChinese();
    browser.find("#scene-revoke").click();
    awaitLabel("401 session_invalid");
    awaitRest();
    clickMessage("401 session_invalid");
    assertNoChinese();
    browser.picture("en-1280-revoked");

    browser.reload();
    awaitRest();
    assertEquals("en", browser.find("html").getAttribute("lang"));
  }

  @Test
  void followsTheBrowsersLanguageFirst() {
    assertEquals("zh-CN", browser.find("html").getAttribute("lang"));
    try (Browser english = Browser.start("en-US")) {
      english.openAsNewcomer(server.base());
      english.await("no text", () -> english.find("#scene-phone").isDisplayed());
      assertEquals("en", english.find("html").getAttribute("lang"));
      assertEquals("Bind phone", english.find("#scene-phone > [lang=en]").getText());
    }
  }

  @ParameterizedTest
  @CsvSource({"zh, 375", "en, 375", "en, 320"})
  void fitsOnAPhone(String language, int width) throws IOException {
    browser.resize(width, 740);
    browser.find("[data-language=" + language + "]").click();
    assertNothingSticksOut();
    browser.picture(language + "-" + width + "-login");

    browser.find("#scene-phone").click();
    browser.tap(".wx-sheet .wx-hot");
    awaitText(".bound", "135****6666");
    assertFalse(browser.find("#ticker").getText().isEmpty());
    browser.picture(language + "-" + width + "-bound");
    browser.find("#kick").click();
    awaitLabel("401 session_invalid");
    awaitRest();
    assertEquals(
        true,
        browser.script(
            "const s = document.querySelector('.scroller');"
                + "return s.scrollHeight > s.clientHeight"
                + " && s.scrollHeight - s.scrollTop - s.clientHeight < 4"),
        "the diagram follows the calls within its own frame");
    clickMessage("401 session_invalid");
    assertNothingSticksOut();
    browser.script("document.getElementById('sequence').scrollIntoView()");
    browser.picture(language + "-" + width + "-revoked");
  }

  @Test
  void needsNothingButAKeyboard() throws IOException {
    tabTo("#scene-phone");
    assertNotEquals("none", browser.focused().getCssValue("outline-style"));
    browser.press(Keys.ENTER);
    awaitSheet();
    assertEquals("允许", browser.focused().getText());
    browser.picture("zh-1280-keyboard");

    browser.press(Keys.ESCAPE);
    assertEquals(List.of(), browser.onScreen(".wx-sheet"));

    tabTo("#scene-phone");
    browser.press(Keys.ENTER);
    awaitSheet();
    browser.press(Keys.ENTER);
    awaitText(".bound", "135****6666");
    awaitLabel("phoneNumber");

    tabTo("#scene-revoke");
    browser.press(Keys.ENTER);
    awaitLabel("401 session_invalid");
    awaitRest();

    tabTo(".message > button");
    browser.press(Keys.SPACE);
    assertEquals(1, browser.all(".detail:not([hidden])").size());
    tabTo("#fault-slow");
  }

  @Test
  void saysInOneLineThatRealWeChatIsConnected() throws Exception {
    try (DevelopmentServer real =
        DevelopmentServer.start(
            database,
            "WX_APPS",
            "wx0123456789abcde1:canary-app-secret-0123456789",
            "WX_API_URL",
            "http://127.0.0.1:9")) {
      browser.openAsNewcomer(real.base());

      browser.await("not said", () -> browser.find("#own").isDisplayed());
      assertFalse(browser.find("#stage").isDisplayed());
      browser.await("no state", () -> browser.find("#wechat").getText().contains("真实微信"));
      browser.picture("zh-1280-real-wechat");
    }
  }
}
