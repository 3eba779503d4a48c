package io.thirdsession.wechat;

import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the answer of code2Session: strict about what a login rests on. */
final class CodeSessionAnswer {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private CodeSessionAnswer() {}

  /**
   * Returns what the body says.
   *
   * @throws WeChatException if it names an error or is not the documented answer
   */
  static CodeSession read(byte[] body, WeChatApp app) {
    WeChatAnswer answer = WeChatAnswer.read(body, app.appId(), app.secret());
    if (answer.errcode() != 0) {
      if (answer.has("openid") || answer.has("session_key")) {
        throw WeChatAnswer.malformed("an errcode and a session in one answer");
      }
      throw answer.failure();
    }
    String openId = answer.text("openid").filter(CodeSessionAnswer::isId).orElse(null);
    if (openId == null) {
      throw WeChatAnswer.malformed("no openid of the known shape");
    }
    Optional<String> unionId = answer.text("unionid").filter(id -> !id.isEmpty());
    if (unionId.isPresent() && !isId(unionId.get())) {
      throw WeChatAnswer.malformed("no unionid of the known shape");
    }
    SessionKey sessionKey = answer.text("session_key").flatMap(SessionKey::parse).orElse(null);
    if (sessionKey == null) {
      throw WeChatAnswer.malformed("no session_key of 16 bytes");
    }
    return new CodeSession(openId, unionId, sessionKey);
  }

  private static boolean isId(String text) {
    return ID.matcher(text).matches();
  }
}
