package io.thirdsession.wechat;

import java.util.Optional;

/** Reads the answer of code2Session: strict about what a login rests on. */
final class CodeSessionResponse {
  private CodeSessionResponse() {}

  /**
   * Returns what the body says.
   *
   * @throws WeChatException if it names an error or is not the documented response
   */
  static CodeSession read(byte[] body, WeChatApp app) {
    WeChatResponse response = WeChatResponse.read(body, app.appId(), app.secret());
    if (response.errcode() != 0) {
      if (response.has("openid") || response.has("session_key")) {
        throw WeChatResponse.malformed("an errcode and a session in one answer");
      }
      throw response.failure();
    }
    String openId = response.text("openid").filter(CodeSessionResponse::isId).orElse(null);
    if (openId == null) {
      throw WeChatResponse.malformed("no openid of the known shape");
    }
    Optional<String> unionId = response.text("unionid").filter(id -> !id.isEmpty());
    if (unionId.isPresent() && !isId(unionId.get())) {
      throw WeChatResponse.malformed("no unionid of the known shape");
    }
    SessionKey sessionKey = response.text("session_key").flatMap(SessionKey::parse).orElse(null);
    if (sessionKey == null) {
      throw WeChatResponse.malformed("no session_key of 16 bytes");
    }
    return new CodeSession(openId, unionId, sessionKey);
  }

  private static boolean isId(String text) {
    return WeChatId.PATTERN.matcher(text).matches();
  }
}
