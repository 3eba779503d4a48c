package io.thirdsession.simulator;

import static io.thirdsession.simulator.WeChatEndpoints.require;

import com.google.gson.JsonObject;

/** GET /wxa/checksession and GET /wxa/resetusersessionkey, with everything in the query. */
final class SessionKeyApi {
  private final World world;

  SessionKeyApi(World world) {
    this.world = world;
  }

  JsonObject checkSession(SimulatorRequest request) {
    requireSignedUser(request);
    return WeChatResponses.ok();
  }

  JsonObject resetSessionKey(SimulatorRequest request) {
    WeChatUser user = requireSignedUser(request);
    JsonObject response = WeChatResponses.ok();
    response.addProperty("openid", user.openId());
    response.addProperty("session_key", user.resetSessionKey(world.ids()));
    return response;
  }

  private WeChatUser requireSignedUser(SimulatorRequest request) {
    require(request.method().equals("GET"), WeChatError.GET_NEEDED);
    String appId = world.tokens().requireAppOf(request.parameter("access_token"));
    String openId = request.parameter("openid");
    require(!openId.isEmpty(), WeChatError.OPENID_MISSING);
    // For an unknown openid no errcode is documented here; 40003 is the common one.
    WeChatUser user =
        world
            .users()
            .find(appId, openId)
            .orElseThrow(() -> new WeChatRefusal(WeChatError.INVALID_OPENID));
    String sessionKey =
        user.sessionKey().orElseThrow(() -> new WeChatRefusal(WeChatError.NO_SESSION_KEY));
    require(request.parameter("sig_method").equals("hmac_sha256"), WeChatError.INVALID_SIG_METHOD);
    String signature = WeChatCrypto.sessionSignature(sessionKey, "");
    require(request.parameter("signature").equals(signature), WeChatError.INVALID_SIGNATURE);
    return user;
  }
}
