package io.thirdsession.user;

import io.thirdsession.profile.ReportedProfile;
import io.thirdsession.wechat.PhoneNumber;
import java.time.Instant;
import java.util.Optional;

/**
 * A user whom the company brings along from a system of its own.
 *
 * @param appId the app
 * @param openId the user's id in that app
 * @param unionId the person across apps, as the company says: looked up by, and never linked by
 * @param externalId the company's own id of the user
 * @param profile nickname and picture
 * @param phone the user's number, which is proven by nothing
 * @param createdAt since when the user is known; empty: since now
 */
public record ImportedUser(
    String appId,
    String openId,
    Optional<String> unionId,
    Optional<String> externalId,
    ReportedProfile profile,
    Optional<PhoneNumber> phone,
    Optional<Instant> createdAt) {
  /** Returns the same user without an external id. */
  public ImportedUser withoutExternalId() {
    return new ImportedUser(appId, openId, unionId, Optional.empty(), profile, phone, createdAt);
  }

  /** Says no more than which app it is: it is somebody's. */
  @Override
  public String toString() {
    return "ImportedUser[appId=" + appId + "]";
  }
}
