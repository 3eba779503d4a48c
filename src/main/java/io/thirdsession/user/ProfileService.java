package io.thirdsession.user;

import io.thirdsession.Deadline;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.jdbc.Jdbc;
import io.thirdsession.jdbc.Queries;
import io.thirdsession.wechat.UserInfoSignature;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * What users see and say of themselves. A user who is gone has no session either, whatever the
 * check of a moment ago said. Thread-safe.
 */
public final class ProfileService {
  private static final Duration CHANGE = Duration.ofSeconds(5);

  private final Jdbc jdbc;
  private final SessionKeyService keys;

  /** Uses these parts. */
  public ProfileService(Jdbc jdbc, SessionKeyService keys) {
    this.jdbc = jdbc;
    this.keys = keys;
  }

  /**
   * Returns the user.
   *
   * @throws ApiException {@code session_invalid} if the user is gone
   */
  public User find(UUID userId) {
    return new UserDao(jdbc).find(userId).orElseThrow(ProfileService::gone);
  }

  /**
   * Writes the fields of this change and returns the user as they are then. With another avatar the
   * picture that is kept here goes.
   *
   * @throws ApiException {@code session_invalid} if the user is gone, {@code invalid_request} if
   *     the avatar is a picture that is kept here and not theirs
   */
  public User change(UUID userId, ProfileChange change) {
    if (change.isEmpty()) {
      return find(userId);
    }
    Optional<String> picture = change.avatarUrl().flatMap(AvatarService::pathIn);
    if (picture.isPresent() && find(userId).profile().avatarUrl().equals(picture.get())) {
      return change(userId, change.withoutAvatar()); // not written: another may be on its way
    }
    if (change.avatarUrl().filter(AvatarService::isPath).isPresent()) {
      throw ApiException.invalid("avatarUrl", "is a picture here that is not the user's own");
    }
    if (change.avatarUrl().isEmpty()) {
      write(jdbc, userId, change);
    } else {
      jdbc.inTransaction(
          Deadline.in(CHANGE),
          transaction -> {
            write(transaction, userId, change);
            return new AvatarDao(transaction).delete(userId);
          });
    }
    return find(userId);
  }

  private static void write(Queries queries, UUID userId, ProfileChange change) {
    if (!new UserDao(queries).change(userId, change)) {
      throw gone();
    }
  }

  /**
   * Goes through if WeChat has signed this profile for this identity: under its current
   * session_key, or under the one before for as long as that counts.
   *
   * @throws ApiException {@code signature_invalid} if not
   */
  public void requireSigned(String appId, String openId, SignedProfile signed) {
    boolean holds =
        keys.keys(appId, openId).stream()
            .filter(key -> !key.graceOver())
            .anyMatch(
                key ->
                    UserInfoSignature.holds(
                        signed.rawData(), signed.signature(), key.sessionKey()));
    if (!holds) {
      throw ApiException.of(
          ApiError.SIGNATURE_INVALID,
          "signature is not sha1(rawData + session_key); rawData must be sent as WeChat gave it");
    }
  }

  private static ApiException gone() {
    return ApiException.of(ApiError.SESSION_INVALID, "the user was erased meanwhile");
  }
}
