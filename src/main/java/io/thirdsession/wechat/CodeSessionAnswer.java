package io.thirdsession.wechat;

import static io.thirdsession.wechat.WeChatException.Kind.MALFORMED;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.thirdsession.Secret;
import io.thirdsession.json.Json;
import io.thirdsession.json.JsonException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the answer of code2Session. Tolerant of what varies (the content type, a byte order mark,
 * errcode absent, 0, a number or a text, unknown fields), strict about what a login rests on.
 */
final class CodeSessionAnswer {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final Pattern ERRCODE = Pattern.compile("-?[0-9]{1,9}");
  private static final Pattern UNPRINTABLE = Pattern.compile("[^\\x20-\\x7E\\u4E00-\\u9FFF]|[\"']");
  private static final int LONGEST_ERRMSG = 256;

  private CodeSessionAnswer() {}

  /**
   * Returns what the body says.
   *
   * @param app for which WeChat was asked; its secret is not quoted, should WeChat echo it
   * @throws WeChatException if it names an error or is not the documented answer
   */
  static CodeSession read(byte[] body, WeChatApp app) {
    JsonObject answer = object(body);
    int errcode = errcode(answer);
    if (errcode != 0) {
      if (answer.has("openid") || answer.has("session_key")) {
        throw malformed("an errcode and a session in one answer");
      }
      throw WeChatException.ofErrcode(errcode, app.appId(), errmsg(answer, app.secret()));
    }
    String openId = text(answer, "openid").filter(CodeSessionAnswer::isId).orElse(null);
    if (openId == null) {
      throw malformed("no openid of the known shape");
    }
    Optional<String> unionId = text(answer, "unionid").filter(id -> !id.isEmpty());
    if (unionId.isPresent() && !isId(unionId.get())) {
      throw malformed("no unionid of the known shape");
    }
    SessionKey sessionKey = text(answer, "session_key").flatMap(SessionKey::parse).orElse(null);
    if (sessionKey == null) {
      throw malformed("no session_key of 16 bytes");
    }
    return new CodeSession(openId, unionId, sessionKey);
  }

  private static JsonObject object(byte[] body) {
    boolean marked =
        body.length >= 3
            && body[0] == (byte) 0xEF
            && body[1] == (byte) 0xBB
            && body[2] == (byte) 0xBF;
    try {
      return Json.readObject(marked ? Arrays.copyOfRange(body, 3, body.length) : body);
    } catch (JsonException e) {
      throw malformed("not a JSON object: " + e.getMessage());
    }
  }

  private static int errcode(JsonObject answer) {
    @Nullable JsonElement errcode = answer.get("errcode");
    if (errcode == null) {
      return 0;
    }
    if (!errcode.isJsonPrimitive() || !ERRCODE.matcher(errcode.getAsString()).matches()) {
      throw malformed("errcode is no number");
    }
    return Integer.parseInt(errcode.getAsString());
  }

  private static String errmsg(JsonObject answer, Secret appSecret) {
    String errmsg = text(answer, "errmsg").orElse("");
    String harmless = errmsg.replace(appSecret.text(), "[REDACTED]");
    String printable = UNPRINTABLE.matcher(harmless).replaceAll("?");
    return printable.substring(0, Math.min(printable.length(), LONGEST_ERRMSG));
  }

  /** Returns the text under this name; empty if it is absent. */
  private static Optional<String> text(JsonObject answer, String name) {
    @Nullable JsonElement value = answer.get(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isString()) {
      throw malformed(name + " is no text");
    }
    return Optional.of(value.getAsString());
  }

  private static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  private static WeChatException malformed(String why) {
    return WeChatException.of(MALFORMED, why);
  }
}
