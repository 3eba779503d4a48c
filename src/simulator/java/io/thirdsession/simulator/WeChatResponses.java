package io.thirdsession.simulator;

import com.google.gson.JsonObject;

/** Writes answers as api.weixin.qq.com does: HTTP 200, and the outcome in errcode. */
final class WeChatResponses {
  private final World world;

  WeChatResponses(World world) {
    this.world = world;
  }

  SimulatorResponse success(String path, JsonObject body) {
    return SimulatorResponse.text(200, contentType(path), escapeSlashes(body));
  }

  SimulatorResponse error(String path, int errcode) {
    return error(path, 200, errcode);
  }

  SimulatorResponse error(String path, int status, int errcode) {
    String rid = world.ids().rid(world.clock().instant());
    JsonObject body = new JsonObject();
    body.addProperty("errcode", errcode);
    body.addProperty("errmsg", WeChatError.textOf(errcode) + beforeRid(path) + rid);
    return SimulatorResponse.text(status, contentType(path), body.toString());
  }

  /** The body that APIs other than jscode2session begin a success with. */
  static JsonObject ok() {
    JsonObject body = new JsonObject();
    body.addProperty("errcode", 0);
    body.addProperty("errmsg", "ok");
    return body;
  }

  // As seen in the wild; WeChat documents neither.
  private static String beforeRid(String path) {
    return path.startsWith("/sns/") ? ", rid: " : " rid: ";
  }

  // JSON labelled as plain text: the quirk that fails clients which trust the label.
  private static String contentType(String path) {
    return path.startsWith("/sns/") ? "text/plain" : "application/json; encoding=utf-8";
  }

  // Answers seen in the wild write the slashes of base64 as "\/", which is the same JSON.
  private static String escapeSlashes(JsonObject body) {
    return body.toString().replace("/", "\\/");
  }
}
