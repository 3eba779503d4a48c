package io.thirdsession.backend;

import io.thirdsession.client.ServiceClient;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.JsonFields;
import io.thirdsession.profile.ReportedProfile;
import io.thirdsession.user.ExternalId;
import io.thirdsession.user.ImportResult;
import io.thirdsession.user.ImportedUser;
import io.thirdsession.wechat.PhoneNumber;
import io.thirdsession.wechat.WeChatApps;
import io.thirdsession.wechat.WeChatId;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * A line of an import: a user, or why it is none.
 *
 * @param number of the line, from 1
 * @param user whom it describes
 * @param refusal why it describes nobody; empty if it does
 */
record ImportLine(int number, Optional<ImportedUser> user, Optional<ImportResult> refusal) {
  static ImportLine refused(int number, ApiError error, Optional<String> field) {
    return new ImportLine(
        number, Optional.empty(), Optional.of(ImportResult.refused(error, field)));
  }

  /** Returns who is meant, as a key; empty if nobody is. */
  Optional<String> identity() {
    return user.map(its -> its.appId() + " " + its.openId());
  }

  /** Reads lines for one client. */
  static final class Reader {
    private final WeChatApps apps;
    private final ServiceClient client;
    private final Clock clock;

    Reader(WeChatApps apps, ServiceClient client, Clock clock) {
      this.apps = apps;
      this.client = client;
      this.clock = clock;
    }

    ImportLine read(int number, byte[] line) {
      try {
        return new ImportLine(number, Optional.of(user(JsonFields.ofLine(line))), Optional.empty());
      } catch (ApiException e) {
        return refused(number, e.error(), e.field());
      }
    }

    private ImportedUser user(JsonFields fields) {
      String appId = fields.required("appid", WeChatId.PATTERN);
      if (apps.find(appId).isEmpty()) {
        throw ApiException.invalid("appid", "must be the appid of an app in WX_APPS");
      }
      String openId = fields.required("openid", WeChatId.PATTERN);
      ImportedUser user =
          new ImportedUser(
              appId,
              openId,
              fields.optional("unionid", WeChatId.PATTERN),
              fields.optional("externalId", ExternalId.PATTERN),
              profile(fields),
              phone(fields),
              fields.optionalString("createdAt").map(this::time));
      fields.end();
      if (!client.mayKnow(appId)) {
        throw ApiException.of(ApiError.FORBIDDEN, "an app that is not the client's");
      }
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
}
