package io.thirdsession.simulator;

import static io.thirdsession.simulator.WeChatEndpoints.require;

import com.google.gson.JsonObject;
import io.thirdsession.simulator.Codes.Code;
import io.thirdsession.simulator.SimulatorOptions.ForeignCodes;
import java.time.Instant;

/** GET /sns/jscode2session: the exchange of a wx.login code. */
final class LoginApi {
  /** What wx.login gives in DevTools with touristappid, every time. */
  private static final String MOCK_CODE = "the code is a mock one";

  private final World world;

  LoginApi(World world) {
    this.world = world;
  }

  JsonObject code2Session(SimulatorRequest request) {
    // WeChat reads the query of a GET only: whoever POSTs is told that the appid is missing.
    require(request.method().equals("GET"), WeChatError.APPID_MISSING);
    String appId = request.parameter("appid");
    String secret = request.parameter("secret");
    String jsCode = request.parameter("js_code");
    require(!appId.isEmpty(), WeChatError.APPID_MISSING);
    require(!secret.isEmpty(), WeChatError.APPSECRET_MISSING);
    require(!jsCode.isEmpty(), WeChatError.CODE_MISSING);
    require(
        request.parameter("grant_type").equals("authorization_code"),
        WeChatError.INVALID_GRANT_TYPE);
    world.apps().authenticate(appId, secret);
    return session(exchange(appId, jsCode));
  }

  private WeChatUser exchange(String appId, String jsCode) {
    Instant now = world.clock().instant();
    Code code = world.codes().find(jsCode).orElseGet(() -> foreign(appId, jsCode, now));
    require(code.kind() == Codes.Kind.LOGIN, WeChatError.INVALID_CODE);
    require(code.appId().equals(appId), WeChatError.INVALID_CODE);
    require(!code.isExpired(now), WeChatError.INVALID_CODE);
    require(!code.used(), WeChatError.CODE_USED);
    WeChatUser user = world.users().findOrCreate(appId, code.openId());
    require(!user.isBlocked(), WeChatError.CODE_BLOCKED);
    // Whether WeChat spends the code of a refused exchange is not documented; here it stays good.
    require(user.countLogin(now, world.options().loginsPerMinute()), WeChatError.MINUTE_QUOTA);
    world.codes().markUsed(jsCode);
    return user;
  }

  /** Takes DevTools' own codes for a login of the app's default user, if that is allowed. */
  private Code foreign(String appId, String jsCode, Instant now) {
    require(world.options().foreignCodes() == ForeignCodes.ACCEPT, WeChatError.INVALID_CODE);
    WeChatUser user = world.users().findOrCreate(appId, Users.defaultOpenId(appId));
    user.logIn(now, world.options().keyRefresh(), world.ids());
    Code code = Code.forLogin(user, now);
    if (!jsCode.equals(MOCK_CODE)) {
      world.codes().add(jsCode, code);
    }
    return code;
  }

  private static JsonObject session(WeChatUser user) {
    JsonObject body = new JsonObject();
    body.addProperty("session_key", user.sessionKey().orElseThrow());
    body.addProperty("openid", user.openId());
    user.unionId().ifPresent(unionId -> body.addProperty("unionid", unionId));
    return body;
  }
}
