package io.thirdsession.user;

import io.thirdsession.http.ApiException;
import io.thirdsession.http.JsonFields;
import io.thirdsession.profile.ReportedProfile;
import io.thirdsession.wechat.PhoneNumber;
import io.thirdsession.wechat.WeChatApps;
import io.thirdsession.wechat.WeChatId;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/** Reads users as other systems describe them: a JSON object each. Thread-safe. */
public final class ImportedUserReader {
  private final WeChatApps apps;
  private final Clock clock;

  /** Reads users of these apps. */
  public ImportedUserReader(WeChatApps apps, Clock clock) {
    this.apps = apps;
    this.clock = clock;
  }

  /**
   * Returns the user.
   *
   * @throws ApiException {@code invalid_request}, naming the field, if it describes none
   */
  public ImportedUser read(JsonFields fields) {
    String appId = fields.required("appid", WeChatId.PATTERN);
    if (apps.find(appId).isEmpty()) {
      throw ApiException.invalid("appid", "must be the appid of an app in WX_APPS");
    }
    ImportedUser user =
        new ImportedUser(
            appId,
            fields.required("openid", WeChatId.PATTERN),
            fields.optional("unionid", WeChatId.PATTERN),
            fields.optional("externalId", ExternalId.PATTERN),
            profile(fields),
            phone(fields),
            fields.optionalString("createdAt").map(this::time));
    fields.end();
    return user;
  }

  private static ReportedProfile profile(JsonFields fields) {
    ReportedProfile profile =
        new ReportedProfile(
            fields.optionalString("nickName").orElse(""),
            fields.optionalString("avatarUrl").orElse(""),
            "");
    profile.unfit().stream()
        .findFirst()
        .ifPresent(
            field -> {
              throw ApiException.invalid(field, "is too long, or cannot be shown");
            });
    return profile;
  }

  private static Optional<PhoneNumber> phone(JsonFields fields) {
    Optional<String> number = fields.optional("phoneNumber", PhoneNumber.PHONE_NUMBER);
    Optional<String> country = fields.optional("countryCode", PhoneNumber.COUNTRY_CODE);
    return number.map(
        written ->
            PhoneNumber.written(written, country.orElse(""))
                .orElseThrow(
                    () ->
                        ApiException.invalid(
                            "phoneNumber", "is of another country: send its countryCode")));
  }

  private Instant time(String text) {
    try {
      Instant time = OffsetDateTime.parse(text).toInstant();
      if (time.toEpochMilli() >= 0 && !time.isAfter(clock.instant())) {
        return time;
      }
    } catch (DateTimeException | ArithmeticException ignored) {
      // no time, or one beyond all that can be kept
    }
    throw ApiException.invalid(
        "createdAt", "must be a time since 1970, in ISO 8601 with an offset");
  }
}
