package io.thirdsession.simulator;

import com.google.gson.JsonObject;
import java.util.Map;
import java.util.function.Function;

/** WeChat's side: from a request to WeChat's answer, one at a time. */
final class WeChatEndpoints {
  private final World world;
  private final WeChatResponses responses;
  private final Map<String, Function<SimulatorRequest, JsonObject>> apis;

  WeChatEndpoints(World world) {
    this.world = world;
    this.responses = new WeChatResponses(world);
    LoginApi login = new LoginApi(world);
    TokenApi token = new TokenApi(world);
    PhoneNumberApi phoneNumber = new PhoneNumberApi(world);
    SessionKeyApi sessionKey = new SessionKeyApi(world);
    this.apis =
        Map.of(
            "/sns/jscode2session", login::code2Session,
            "/cgi-bin/token", token::token,
            "/cgi-bin/stable_token", token::stableToken,
            "/wxa/business/getuserphonenumber", phoneNumber::getUserPhoneNumber,
            "/wxa/business/checkencryptedmsg", phoneNumber::checkEncryptedData,
            "/wxa/checksession", sessionKey::checkSession,
            "/wxa/resetusersessionkey", sessionKey::resetSessionKey);
  }

  SimulatorResponse answer(SimulatorRequest request) {
    String path = request.path();
    Function<SimulatorRequest, JsonObject> api = apis.get(path);
    if (api == null) {
      return responses.error(path, 404, WeChatError.INVALID_URL.errcode());
    }
    synchronized (world) {
      try {
        return responses.success(path, api.apply(request));
      } catch (WeChatRefusal refusal) {
        return responses.error(path, refusal.error().errcode());
      }
    }
  }

  static void require(boolean condition, WeChatError otherwise) {
    if (!condition) {
      throw new WeChatRefusal(otherwise);
    }
  }

  /** Returns the JSON body of a call that must be a POST. */
  static JsonObject postedJson(SimulatorRequest request) {
    require(request.method().equals("POST"), WeChatError.POST_NEEDED);
    require(!request.bodyText().isEmpty(), WeChatError.EMPTY_POST_DATA);
    return Json.parseObject(request.bodyText())
        .orElseThrow(() -> new WeChatRefusal(WeChatError.DATA_FORMAT));
  }
}
