package io.thirdsession.wechat;

import static io.thirdsession.wechat.OpenDataException.Reason.FOREIGN_APP;
import static io.thirdsession.wechat.OpenDataException.Reason.FOREIGN_OPENID;
import static io.thirdsession.wechat.OpenDataException.Reason.NO_WATERMARK;
import static io.thirdsession.wechat.OpenDataException.Reason.STALE;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Open data after decryption. That it opened proves that parts of it were once encrypted by WeChat
 * for this session_key, no more: who sent it has chosen the iv, and may have cut it.
 */
public final class OpenData {
  private static final Duration OLDEST = Duration.ofMinutes(5);
  private static final Duration FARTHEST_AHEAD = Duration.ofMinutes(1);
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,12}");
  private static final String WATERMARK = "watermark";

  private final JsonObject fields;

  OpenData(JsonObject fields) {
    this.fields = fields;
  }

  /**
   * Checks the watermark and, where there is an openId in the data, whose it is.
   *
   * @throws OpenDataException if it is of another app or user, older than 300 s, or more than 60 s
   *     ahead of {@code now}
   */
  public void check(String appId, String openId, Instant now) {
    if (!(fields.get(WATERMARK) instanceof JsonObject watermark)) {
      throw new OpenDataException(NO_WATERMARK);
    }
    Optional<String> timestamp =
        primitive(watermark, "timestamp").filter(SECONDS.asMatchPredicate());
    if (timestamp.isEmpty()) {
      throw new OpenDataException(NO_WATERMARK);
    }
    if (!primitive(watermark, "appid").equals(Optional.of(appId))) {
      throw new OpenDataException(FOREIGN_APP);
    }
    Instant made = Instant.ofEpochSecond(Long.parseLong(timestamp.get()));
    if (made.isBefore(now.minus(OLDEST)) || made.isAfter(now.plus(FARTHEST_AHEAD))) {
      throw new OpenDataException(STALE);
    }
    if (fields.has("openId") && !primitive(fields, "openId").equals(Optional.of(openId))) {
      throw new OpenDataException(FOREIGN_OPENID);
    }
  }

  /** Returns what becomes JSON for the client again: everything but the watermark. */
  public Object claims() {
    JsonObject claims = fields.deepCopy();
    claims.remove(WATERMARK);
    return claims;
  }

  private static Optional<String> primitive(JsonObject object, String name) {
    @Nullable JsonElement value = object.get(name);
    return value != null && value.isJsonPrimitive()
        ? Optional.of(value.getAsString())
        : Optional.empty();
  }

  @Override
  public String toString() {
    return "OpenData[…]"; // it may be a phone number
  }
}
