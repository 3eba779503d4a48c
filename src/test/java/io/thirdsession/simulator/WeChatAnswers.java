package io.thirdsession.simulator;

import com.google.gson.JsonObject;

/** Writes answers as api.weixin.qq.com does: HTTP 200, and the outcome in errcode. */
final class WeChatAnswers {
  private final World world;

  WeChatAnswers(World world) {
    this.world = world;
  }

  SimulatorAnswer success(String path, JsonObject body) {
    return SimulatorAnswer.text(200, contentType(path), escapeSlashes(body));
  }

  SimulatorAnswer error(String path, int errcode) {
    return error(path, 200, errcode);
  }

  SimulatorAnswer error(String path, int status, int errcode) {
    String rid = world.ids().rid(world.clock().instant());
    JsonObject body = new JsonObject();
    body.addProperty("errcode", errcode);
    body.addProperty("errmsg", WeChatError.textOf(errcode) + ", rid: " + rid);
    return SimulatorAnswer.text(status, contentType(path), body.toString());
  }

  /** The body that APIs other than jscode2session begin a success with. */
  static JsonObject ok() {
    JsonObject body = new JsonObject();
    body.addProperty("errcode", 0);
    body.addProperty("errmsg", "ok");
    return body;
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
