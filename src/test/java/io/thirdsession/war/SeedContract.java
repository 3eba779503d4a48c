package io.thirdsession.war;

import static io.thirdsession.testing.ApiAssertions.JSON;
import static io.thirdsession.testing.ApiAssertions.mediaType;
import static io.thirdsession.testing.AppServer.APP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.thirdsession.simulator.Fault;
import io.thirdsession.simulator.ProfileEvent;
import io.thirdsession.testing.TestHttp;
import io.thirdsession.testing.TestHttp.Response;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages that the seed's clients ask for. */
abstract class SeedContract extends HttpContract {
  SeedContract(DeployedWar war) {
    super(war);
  }

  @Test
  void theSeedsPageAnswersOpenidAndThirdSession() {
    Response response = getOpenid(weChat.loginCode());

    assertEquals(200, response.status());
    assertEquals(weChat.defaultOpenId(APP), response.field("openid"));
    assertEquals(Set.of("openid", "third_Session"), response.json().keySet());
    assertEquals(200, http.check(response.field("third_Session")).status());
  }

  @Test
  void theSeedsPageGivesTheUnionidWhereThereIsOne() {
    String code = weChat.loginCode(APP, "ounion", "o6_bmjrPTlm6_2sgVt7hMZOPfL2M");

    assertEquals("o6_bmjrPTlm6_2sgVt7hMZOPfL2M", getOpenid(code).field("unionid"));
  }

  @Test
  void theSeedsPageReplacesItsOwnLastSessionAndNoOther() {
    String other = http.login(weChat.loginCode(APP, "oreplaces")).token();
    String first = getOpenid(weChat.loginCode(APP, "oreplaces")).field("third_Session");
    String second = getOpenid(weChat.loginCode(APP, "oreplaces")).field("third_Session");

    assertEquals(401, http.check(first).status());
    assertEquals(200, http.check(second).status());
    assertEquals(200, http.check(other).status());
  }

  @Test
  void theSeedsPageKeepsTheProfileAndNeverAnAnonymousOne() {
    getOpenid(weChat.loginCode(APP, "oprofile"), "老王😀", "http://wx.qlogo.cn/a/0", "1");
    getOpenid(weChat.loginCode(APP, "oprofile"), "微信用户", "", "0");

    JsonObject user = http.login(weChat.loginCode(APP, "oprofile")).json().getAsJsonObject("user");

    assertEquals("老王😀", user.get("nickName").getAsString());
    assertEquals("https://wx.qlogo.cn/a/0", user.get("avatarUrl").getAsString());
    assertEquals(1, user.get("gender").getAsInt());
  }

  @ParameterizedTest
  @ValueSource(strings = {"code", "nick", "avaurl", "sex"})
  void theSeedsPageWantsAllFourParameters(String absent) {
    weChat.clearCalls();
    Map<String, String> parameters = seedParameters("x", "n", "", "");
    parameters.remove(absent);

    Response response = http.get("/getOpenid.html" + TestHttp.query(parameters));

    assertEquals(200, response.status());
    assertEquals("参数错误.", response.text());
    assertEquals("text/html;charset=utf-8", mediaType(response));
    assertEquals(0, weChat.calls().size());
  }

  @Test
  void theSeedsPageTakesEmptyParametersForPresent() {
    assertEquals(200, getOpenid(weChat.loginCode(), "", "", "").status());
    assertTrue(getOpenid(weChat.loginCode(), "", "", "").json().has("openid"));
    assertEquals(-1, getOpenid("", "", "", "").json().get("errcode").getAsInt());
  }

  @ParameterizedTest
  @ValueSource(strings = {"nick=100%", "nick=&from=%zz", "nick=&%", "nick=%E8%8"})
  void theSeedsPageTakesAQueryThatIsNotPercentEncoded(String parameters) throws IOException {
    String path = "/getOpenid.html?avaurl=&sex=&code=" + weChat.loginCode() + "&" + parameters;

    String response = RawHttp.send(http.base(), "GET", path, List.of(), "");

    assertTrue(response.contains("\"third_Session\":\"3rd_"), response.lines().findFirst().get());
  }

  @ParameterizedTest
  @CsvSource({
    "40029, 200, 40029, code_invalid",
    "40163, 200, 40163, code_invalid",
    "40226, 200, 40226, user_blocked",
    "45011, 200, 45011, rate_limited",
    "40125, 200, -1, wechat_config",
    "40013, 200, -1, wechat_config",
    "99999, 200, -1, wechat_malformed",
  })
  void theSeedsPageSaysErrcodeWhereItConcernsTheCaller(
      int errcode, int status, int said, String error) {
    weChat.faults(Fault.errcode(errcode));

    Response response = getOpenid(weChat.loginCode());

    assertEquals(status, response.status());
    assertEquals(said, response.json().get("errcode").getAsInt());
    assertEquals(error, response.field("error"));
    assertEquals("", response.header("Retry-After"), "not with status 200");
    assertFalse(response.field("errmsg").contains("rid"));
  }

  @Test
  void theSeedsPageIsAlsoThereWithoutHtmlAndByPostInEveryForm() {
    Map<String, String> parameters = seedParameters(weChat.loginCode(), "n", "", "1");
    assertTrue(http.get("/getOpenid" + TestHttp.query(parameters)).json().has("openid"));

    parameters.put("code", weChat.loginCode());
    String form = TestHttp.query(parameters).substring(1);
    Response byForm =
        http.send(
            "POST", "/getOpenid.html", form, "Content-Type", "application/x-www-form-urlencoded");
    assertTrue(byForm.json().has("openid"), byForm.toString());

    JsonObject json = new JsonObject();
    parameters.put("code", weChat.loginCode());
    parameters.forEach(json::addProperty);
    json.addProperty("sex", 1);
    assertTrue(http.post("/getOpenid.html", json.toString()).json().has("openid"));
  }

  @Test
  void theSeedsOwnFragmentGetsItsOpenid() {
    // wx.request turns data of a GET into the query, and sends the header that it was given
    Map<String, String> data = seedParameters(weChat.loginCode(), "微信用户", "https://x/y", "0");
    Response response =
        http.get(
            "/getOpenid.html" + TestHttp.query(data),
            "content-type",
            "application/json",
            "Referer",
            "https://servicewechat.com/" + APP + "/devtools/page-frame.html");

    assertEquals(weChat.defaultOpenId(APP), response.field("openid"));
    assertEquals(JSON, mediaType(response));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".html"})
  void theSeedsOtherPagesWorkTogether(String html) {
    String code = weChat.loginCode(APP, "oseed");
    Response login = http.get("/onLogin" + html + "?code=" + code);
    String token = login.field("third_Session");
    ProfileEvent event = weChat.profile(APP, "oseed", userInfo());

    JsonObject set = userInfo();
    set.addProperty("third_Session", token);
    assertEquals("{\"code\":0}", http.post("/setUserInfo" + html, set.toString()).text());
    Response user = http.get("/getUserInfo" + html + "?third_Session=" + token);
    assertEquals("老王😀", user.json().getAsJsonObject("dataList").get("username").getAsString());
    Response id = http.get("/getUserId" + html + "?third_Session=" + token);
    assertEquals(http.check(token).field("userId"), id.field("userId"));
    String check =
        TestHttp.query(
            Map.of(
                "third_Session",
                token,
                "rawData",
                event.rawData(),
                "signature",
                event.signature()));
    assertEquals("{\"code\":0}", http.get("/checkSignature" + html + check).text());
    assertEquals(JSON, mediaType(id));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/onLogin", "/setUserInfo", "/getUserInfo", "/getUserId", "/checkSignature"})
  void theSeedsOtherPagesRefuseWithACodeAndStatus200(String path) {
    Response response = http.get(path + ".html?third_Session=x");

    assertEquals(200, response.status(), response.toString());
    assertEquals(-1, response.json().get("code").getAsInt());
    assertEquals("", response.header("WWW-Authenticate"), "that is for 401");
    assertEquals(response.header("X-Request-Id"), response.field("requestId"));
    assertEquals("GET, POST", http.send("DELETE", path, null).header("Allow"));
  }
}
