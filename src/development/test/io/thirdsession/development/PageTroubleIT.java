package io.thirdsession.development;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;

/** The page when something goes wrong, is too long, or comes from elsewhere. */
class PageTroubleIT extends PageTestBase {
  private static final String AWAY = "{\"mode\":\"refuse\"}";

  @Test
  void showsWhoseSessionLivesThoughWeChatIsAway() {
    control("/sim/faults", AWAY);

    browser.reload();
    awaitText(".profile__name", "未设置昵称");
    awaitRest();

    assertEquals("", browser.screenText(".notice"));
    assertFalse(browser.texts(".label").contains("wx.login()"));
  }

  @Test
  void showsWhoseSessionLivesThoughWeChatIsAwayAndHasForgottenTheKey() {
    control("/sim/reset", "{}");
    control("/sim/faults", AWAY);

    browser.reload();
    awaitLabel("503 wechat_unreachable");
    awaitText(".profile__name", "未设置昵称");
    awaitRest();

    assertEquals("", browser.screenText(".notice"));
  }

  @Test
  void followsFaultsThatOthersSetAndEnd() {
    control("/sim/faults", AWAY);
    awaitSwitch("away", true);

    control(
        "/sim/faults", "{\"mode\":\"errcode\",\"errcode\":40163,\"path\":\"/sns/jscode2session\"}");
    awaitSwitch("used", true);
    assertTrue(isOn("away"), "a fault of one path leaves the others");

    control("/sim/reset", "{}");
    awaitSwitch("away", false);
    awaitSwitch("used", false);
  }

  @Test
  void offersToEndAFaultThatItHasNoSwitchFor() {
    assertFalse(browser.find("#fault-other").isDisplayed());
    control("/sim/faults", "{\"mode\":\"garbage\"}");
    browser.await("not offered", () -> browser.find("#fault-other").isDisplayed());

    browser.find("#fault-other").click();
    awaitRest();

    assertFalse(browser.find("#fault-other").isDisplayed());
    assertEquals(
        "{\"faults\":[],\"blocked\":[]}",
        browser.script("return fetch('/sim/faults').then(answer => answer.text())"));
  }

  @Test
  void keepsASwitchOnOverAReload() {
    browser.find("#fault-away").click();
    awaitLabel("503 wechat_unreachable");
    awaitRest();

    browser.reload();

    awaitSwitch("away", true);
  }

  @Test
  void letsWhatWouldBeginAnotherSceneRestMeanwhile() {
    browser.find("#fault-slow").click();
    browser.await("nothing pending", () -> !browser.all(".pending").isEmpty());

    for (String id : List.of("scene-login", "scene-phone", "scene-revoke", "kick", "fault-used")) {
      assertEquals("true", browser.find("#" + id).getAttribute("aria-disabled"), id);
      assertEquals("0.5", browser.find("#" + id).getCssValue("opacity"), id);
    }
    awaitRest();
    assertEquals("false", browser.find("#kick").getAttribute("aria-disabled"));
  }

  @ParameterizedTest
  @CsvSource({"1280, 900", "375, 740", "375, 667"})
  void tellsAnErrorInSightAndAloudUntilItsFaultIsGone(int width, int height) throws IOException {
    browser.resize(width, height);
    browser.find("#fault-away").click();
    browser.await("no notice", () -> !browser.onScreen(".notice").isEmpty());
    awaitRest();

    assertEquals(
        true,
        browser.script(
            "const notice = document.getElementById('screen').shadowRoot.querySelector('.notice');"
                + "const { top, bottom } = notice.getBoundingClientRect();"
                + "return top >= 0 && bottom <= innerHeight"
                + " && notice.closest('[role=alert]') !== null"));
    browser.picture("zh-" + width + "-" + height + "-away");

    browser.find("#fault-away").click();
    awaitRest();
    assertEquals("", browser.screenText(".notice"));
  }

  @Test
  void takesANoticeAwayWhenSomebodyElseEndsTheFault() {
    browser.find("#fault-away").click();
    browser.await("no notice", () -> !browser.onScreen(".notice").isEmpty());
    awaitRest();

    control("/sim/reset", "{}");

    browser.await("still a notice", () -> browser.onScreen(".notice").isEmpty());
  }

  @Test
  void keepsTabInADialogAndClosesItByEscapeWhereverTheFocusIs() {
    browser.find("#scene-phone").click();
    awaitSheet();
    List<String> stops = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      stops.add(browser.focused().getText());
      browser.press(Keys.TAB);
    }
    assertEquals("允许", stops.get(0));
    assertEquals("取消", stops.get(5));
    assertEquals("允许", stops.get(6));

    browser.script("document.querySelector('[data-language=zh]').focus()");
    browser.press(Keys.ESCAPE);
    browser.await("still a sheet", () -> browser.onScreen(".wx-sheet").isEmpty());
  }

  @Test
  void comesFromThePhoneToTheSwitchesInTwoStepsHoweverManyMessagesThereAre() {
    browser.script("document.getElementById('kick').focus()");
    browser.press(Keys.TAB);
    assertEquals(true, focusIs(".message > button"));
    browser.press(Keys.ARROW_UP);
    assertEquals(true, focusIs(".message > button"));

    browser.press(Keys.TAB);
    assertEquals(true, focusIs("#fault-slow"));
  }

  @Test
  void givesAnOpenSheetTheNewLanguage() {
    browser.find("#scene-phone").click();
    awaitSheet();
    browser.script("document.querySelector('[data-language=en]').click()");

    assertEquals("WeChat asks. What does the user do?", browser.screenText(".wx-alert"));
    assertEquals("Allow", browser.screenText(".wx-hot"));
    browser.tap(".wx-hot");
    awaitText(".bound", "135****6666");
    browser.script("document.querySelector('[data-language=zh]').click()");
  }

  @ParameterizedTest
  @CsvSource({
    "Wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww",
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐"
  })
  void showsTheLongestNameInTwoLines(String name) throws IOException {
    assertEquals(64, name.length());
    browser.resize(375, 740);
    open("未设置昵称");
    browser.await("no profile", () -> !browser.onScreen(".save[aria-disabled=false]").isEmpty());
    browser.onScreen("[name=nickName]").get(0).sendKeys(name);
    browser.onScreen("[name=title]").get(0).sendKeys(name);
    browser.tap(".save");
    awaitText(".profile__name", name);
    awaitRest();

    assertNothingSticksOut();
    assertEquals(
        true,
        browser.script(
            "const page = document.getElementById('screen').shadowRoot.querySelector('page');"
                + "const name = page.querySelector('.profile__name');"
                + "return page.scrollWidth <= page.clientWidth"
                + " && name.offsetHeight <= 2.1 * parseFloat(getComputedStyle(name).lineHeight)"));
    browser.picture("zh-375-long-name-" + (name.startsWith("W") ? "latin" : "han"));
  }

  private static boolean isOn(String fault) {
    return "true".equals(browser.find("#fault-" + fault).getAttribute("aria-checked"));
  }

  private static void awaitSwitch(String fault, boolean on) {
    browser.await(fault + " is not " + on, () -> isOn(fault) == on);
  }

  private static Object focusIs(String selector) {
    return browser.script("return arguments[0].matches(arguments[1])", browser.focused(), selector);
  }
}
