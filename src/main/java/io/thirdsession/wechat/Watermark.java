package io.thirdsession.wechat;

import static io.thirdsession.wechat.OpenDataException.Reason.FOREIGN_APP;
import static io.thirdsession.wechat.OpenDataException.Reason.NO_WATERMARK;
import static io.thirdsession.wechat.OpenDataException.Reason.STALE;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What WeChat puts into its open data: for which app it was made, and when. */
final class Watermark {
  /** The field that holds it. */
  static final String NAME = "watermark";

  /** How old data may be that came through the phone. */
  static final Duration OLDEST = Duration.ofMinutes(5);

  /** How old data may be that WeChat itself hands over for a code, which is good for 5 minutes. */
  static final Duration OLDEST_BEHIND_A_CODE = Duration.ofMinutes(10);

  private static final Duration FARTHEST_AHEAD = Duration.ofMinutes(1);
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,12}");

  private final JsonObject data;

  /** Reads it in these data. */
  Watermark(JsonObject data) {
    this.data = data;
  }

  /**
   * Checks it.
   *
   * @throws OpenDataException if there is none, or it is of another app, older than {@code oldest},
   *     or more than 60 s ahead of {@code now}
   */
  void check(String appId, Duration oldest, Instant now) {
    if (!(data.get(NAME) instanceof JsonObject watermark)) {
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
    if (made.isBefore(now.minus(oldest)) || made.isAfter(now.plus(FARTHEST_AHEAD))) {
      throw new OpenDataException(STALE);
    }
  }

  /** Returns the value of this name if it is a text, number or boolean. */
  static Optional<String> primitive(JsonObject object, String name) {
    @Nullable JsonElement value = object.get(name);
    return value != null && value.isJsonPrimitive()
        ? Optional.of(value.getAsString())
        : Optional.empty();
  }
}
