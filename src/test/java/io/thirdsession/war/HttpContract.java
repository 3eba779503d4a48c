package io.thirdsession.war;

import static io.thirdsession.testing.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import io.thirdsession.simulator.Fault;
import io.thirdsession.simulator.FaultMode;
import io.thirdsession.simulator.WeChatSimulator;
import io.thirdsession.testing.TestDatabase;
import io.thirdsession.testing.TestHttp;
import io.thirdsession.testing.TestHttp.Response;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;

/**
 * What the WAR promises over HTTP, in whichever container it stands: one subclass for each theme.
 */
abstract class HttpContract {
  final TestDatabase database;
  final WeChatSimulator weChat;
  final TestHttp http;

  HttpContract(DeployedWar war) {
    database = war.database;
    weChat = war.weChat;
    http = war.http;
  }

  @BeforeEach
  void behaveAgain() {
    weChat.faults(Fault.of(FaultMode.OK));
    // after a series of faults the breaker is open for a moment, as it should be
    eventually(() -> assertEquals(200, http.login(weChat.loginCode()).status()));
  }

  Response getOpenid(String code) {
    return getOpenid(code, "n", "", "");
  }

  Response getOpenid(String code, String nick, String avatar, String sex) {
    return http.get("/getOpenid.html" + TestHttp.query(seedParameters(code, nick, avatar, sex)));
  }

  static Map<String, String> seedParameters(String code, String nick, String avatar, String sex) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("code", code);
    parameters.put("nick", nick);
    parameters.put("avaurl", avatar);
    parameters.put("sex", sex);
    return parameters;
  }

  static JsonObject userInfo() {
    JsonObject userInfo = new JsonObject();
    userInfo.addProperty("nickName", "老王😀");
    userInfo.addProperty("avatarUrl", "https://thirdwx.qlogo.cn/a/132");
    userInfo.addProperty("gender", 1);
    userInfo.addProperty("city", "广州");
    return userInfo;
  }
}
