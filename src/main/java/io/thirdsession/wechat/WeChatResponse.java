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
 * The body of a response. Tolerant of what varies (the content type, a byte order mark, errcode
 * absent, 0, a number or a string, unknown fields).
 */
final class WeChatResponse {
  private static final Pattern ERRCODE = Pattern.compile("-?[0-9]{1,9}");
  private static final Pattern UNPRINTABLE = Pattern.compile("[^\\x20-\\x7E\\u4E00-\\u9FFF]|[\"']");
  private static final int MAX_ERRMSG_LENGTH = 256;

  private final JsonObject fields;
  private final String appId;
  private final Secret sent;
  private final int errcode;

  private WeChatResponse(JsonObject fields, String appId, Secret sent) {
    this.fields = fields;
    this.appId = appId;
    this.sent = sent;
    this.errcode = errcode(fields);
  }

  /**
   * Returns the response in this body, even if it is an error.
   *
   * @param appId for which WeChat was asked
   * @param sent the secret that it was asked with; not quoted, should WeChat echo it
   * @throws WeChatException if it is not a JSON object, or its errcode not a number
   */
  static WeChatResponse read(byte[] body, String appId, Secret sent) {
    return new WeChatResponse(object(body), appId, sent);
  }

  /** Returns WeChat's errcode; 0 is none. */
  int errcode() {
    return errcode;
  }

  /** Returns the failure that the errcode means. */
  WeChatException failure() {
    return WeChatException.ofErrcode(errcode, appId, errmsg());
  }

  /** Returns the failure that this is, whatever the errcode means elsewhere. */
  WeChatException failure(WeChatException.Kind kind) {
    return WeChatException.ofErrcode(kind, errcode, appId, errmsg());
  }

  /**
   * Returns the fields of a success.
   *
   * @throws WeChatException if it is an error
   */
  JsonObject success() {
    if (errcode != 0) {
      throw failure();
    }
    return fields;
  }

  /** Returns whether there is a field of this name. */
  boolean has(String name) {
    return fields.has(name);
  }

  /**
   * Returns the string in this field; empty if it is absent.
   *
   * @throws WeChatException if it is not a string
   */
  Optional<String> text(String name) {
    @Nullable JsonElement value = fields.get(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isString()) {
      throw malformed(name + " must be a string");
    }
    return Optional.of(value.getAsString());
  }

  static WeChatException malformed(String why) {
    return WeChatException.of(MALFORMED, why);
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

  private static int errcode(JsonObject fields) {
    @Nullable JsonElement errcode = fields.get("errcode");
    if (errcode == null) {
      return 0;
    }
    if (!errcode.isJsonPrimitive() || !ERRCODE.matcher(errcode.getAsString()).matches()) {
      throw malformed("errcode must be a number");
    }
    return Integer.parseInt(errcode.getAsString());
  }

  private String errmsg() {
    @Nullable JsonElement value = fields.get("errmsg");
    String errmsg = value != null && value.isJsonPrimitive() ? value.getAsString() : "";
    String harmless = errmsg.replace(sent.text(), "[REDACTED]");
    String printable = UNPRINTABLE.matcher(harmless).replaceAll("?");
    return printable.substring(0, Math.min(printable.length(), MAX_ERRMSG_LENGTH));
  }
}
