package io.thirdsession.simulator;

import static io.thirdsession.simulator.WeChatEndpoints.require;

import com.google.gson.JsonObject;
import io.thirdsession.simulator.Codes.Code;
import io.thirdsession.simulator.SimulatorOptions.ForeignCodes;
import java.time.Instant;

/** POST /wxa/business/getuserphonenumber and /wxa/business/checkencryptedmsg. */
final class PhoneNumberApi {
  private final World world;

  PhoneNumberApi(World world) {
    this.world = world;
  }

  JsonObject getUserPhoneNumber(SimulatorRequest request) {
    require(request.method().equals("POST"), WeChatError.POST_NEEDED);
    String appId = world.tokens().requireAppOf(request.parameter("access_token"));
    JsonObject body = WeChatEndpoints.postedJson(request);
    require(!body.has("openid") || Json.text(body, "openid").isPresent(), WeChatError.DATA_FORMAT);
    require(!body.has("code") || Json.text(body, "code").isPresent(), WeChatError.DATA_FORMAT);
    String text = Json.textOrEmpty(body, "code");
    require(!text.isEmpty(), WeChatError.CODE_MISSING);

    String openId = Json.textOrEmpty(body, "openid");
    Code code = requireGood(text, appId, openId);
    world.codes().markUsed(text);
    JsonObject response = WeChatResponses.ok();
    response.add("phone_info", code.phoneNumber().orElseThrow().toJson(appId, code.madeAt()));
    return response;
  }

  private Code requireGood(String text, String appId, String openId) {
    Instant now = world.clock().instant();
    Code code = world.codes().find(text).orElseGet(() -> foreign(text, appId, openId, now));
    require(code.kind() == Codes.Kind.PHONE, WeChatError.INVALID_CODE);
    require(code.appId().equals(appId), WeChatError.INVALID_APPID);
    require(!code.used() && !code.isExpired(now), WeChatError.INVALID_CODE);
    // WeChat promises to check the binding but names no errcode for a mismatch: 40029 is a guess.
    require(openId.isEmpty() || openId.equals(code.openId()), WeChatError.INVALID_CODE);
    return code;
  }

  /** Takes a code that DevTools made as the named user's, or the default user's, if allowed. */
  private Code foreign(String text, String appId, String openId, Instant now) {
    require(world.options().foreignCodes() == ForeignCodes.ACCEPT, WeChatError.INVALID_CODE);
    String owner = openId.isEmpty() ? Users.defaultOpenId(appId) : openId;
    WeChatUser user = world.users().findOrCreate(appId, owner);
    Code code = Code.forPhone(user, PhoneNumber.DEFAULT, now);
    world.codes().add(text, code);
    return code;
  }

  JsonObject checkEncryptedData(SimulatorRequest request) {
    require(request.method().equals("POST"), WeChatError.POST_NEEDED);
    String appId = world.tokens().requireAppOf(request.parameter("access_token"));
    require(!request.bodyText().isEmpty(), WeChatError.EMPTY_POST_DATA);
    String hash = hash(request);
    require(!hash.isEmpty(), WeChatError.DATA_FORMAT);
    Instant madeAt =
        world
            .messages()
            .madeAt(appId, hash, world.clock().instant())
            .orElseThrow(() -> new WeChatRefusal(WeChatError.NO_SUCH_DATA));
    JsonObject response = WeChatResponses.ok();
    response.addProperty("vaild", true); // WeChat's spelling
    response.addProperty("create_time", madeAt.getEpochSecond());
    return response;
  }

  /**
   * WeChat documents the body as JSON; clients in use send a form, whatever its Content-Type says.
   */
  private static String hash(SimulatorRequest request) {
    String name = "encrypted_msg_hash";
    return Json.parseObject(request.bodyText())
        .map(body -> Json.textOrEmpty(body, name))
        .orElseGet(() -> request.form().getOrDefault(name, ""));
  }
}
