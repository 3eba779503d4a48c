package io.thirdsession.wechat;

import static io.thirdsession.wechat.OpenDataException.Reason.FOREIGN_OPENID;
import static io.thirdsession.wechat.OpenDataException.Reason.NO_PHONE_DATA;

import com.google.gson.JsonObject;
import java.time.Instant;
import java.util.Optional;

/**
 * Open data after decryption. That it opened proves that parts of it were once encrypted by WeChat
 * for this session_key, no more: who sent it has chosen the iv, and may have cut it.
 */
public final class OpenData {
  private final JsonObject fields;

  OpenData(JsonObject fields) {
    this.fields = fields;
  }

  /**
   * Checks the watermark and, if the data has an openId, that it is the user's.
   *
   * @throws OpenDataException if it is of another app or user, older than 300 s, or more than 60 s
   *     ahead of {@code now}
   */
  public void check(String appId, String openId, Instant now) {
    new Watermark(fields).check(appId, Watermark.OLDEST, now);
    if (fields.has("openId")
        && !Watermark.primitive(fields, "openId").equals(Optional.of(openId))) {
      throw new OpenDataException(FOREIGN_OPENID);
    }
  }

  /**
   * Returns the phone number that this is.
   *
   * @throws OpenDataException if it does not have the shape of phone data
   */
  public PhoneNumber phoneNumber() {
    return PhoneNumber.read(fields).orElseThrow(() -> new OpenDataException(NO_PHONE_DATA));
  }

  /** Returns the text, number or boolean under this name as text; else an empty text. */
  public String shown(String name) {
    return Watermark.primitive(fields, name).orElse("");
  }

  /** Returns what becomes JSON for the client again: everything but the watermark. */
  public Object claims() {
    JsonObject claims = fields.deepCopy();
    claims.remove(Watermark.NAME);
    return claims;
  }

  @Override
  public String toString() {
    return "OpenData[…]"; // it may be a phone number
  }
}
