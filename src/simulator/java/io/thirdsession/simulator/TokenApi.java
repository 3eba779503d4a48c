package io.thirdsession.simulator;

import static io.thirdsession.simulator.WeChatEndpoints.require;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

/** GET /cgi-bin/token and POST /cgi-bin/stable_token. */
final class TokenApi {
  private final World world;

  TokenApi(World world) {
    this.world = world;
  }

  JsonObject token(SimulatorRequest request) {
    require(request.method().equals("GET"), WeChatError.GET_NEEDED);
    String appId = request.parameter("appid");
    authenticate(request.parameter("grant_type"), appId, request.parameter("secret"));
    return answer(world.tokens().classic(appId));
  }

  JsonObject stableToken(SimulatorRequest request) {
    JsonObject body = WeChatEndpoints.postedJson(request);
    String appId = Json.textOrEmpty(body, "appid");
    JsonElement force = body.get("force_refresh");
    require(
        force == null || (force instanceof JsonPrimitive flag && flag.isBoolean()),
        WeChatError.DATA_FORMAT);
    authenticate(Json.textOrEmpty(body, "grant_type"), appId, Json.textOrEmpty(body, "secret"));
    boolean forced = force != null && force.getAsBoolean();
    return answer(forced ? world.tokens().forceStable(appId) : world.tokens().stable(appId));
  }

  private void authenticate(String grantType, String appId, String secret) {
    require(grantType.equals("client_credential"), WeChatError.INVALID_GRANT_TYPE);
    require(!appId.isEmpty(), WeChatError.APPID_MISSING);
    require(!secret.isEmpty(), WeChatError.APPSECRET_MISSING);
    world.apps().authenticate(appId, secret);
  }

  private static JsonObject answer(Tokens.Grant grant) {
    JsonObject body = new JsonObject();
    body.addProperty("access_token", grant.accessToken());
    body.addProperty("expires_in", grant.expiresIn());
    return body;
  }
}
