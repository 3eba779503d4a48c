package io.thirdsession.user;

import io.thirdsession.event.EventOutbox;
import io.thirdsession.event.EventType;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.jdbc.Jdbc;
import io.thirdsession.jdbc.Transaction;
import io.thirdsession.profile.AvatarService;
import io.thirdsession.profile.ProfileChange;
import io.thirdsession.profile.SignedProfile;
import io.thirdsession.wechat.UserInfoSignature;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Reads and changes users' own profiles. If the user no longer exists, the session is reported as
 * invalid, even if it was valid a moment before. Thread-safe.
 */
public final class ProfileService {
  private final Jdbc jdbc;
  private final SessionKeyService keys;
  private final EventOutbox events;

  public ProfileService(Jdbc jdbc, SessionKeyService keys, EventOutbox events) {
    this.jdbc = jdbc;
    this.keys = keys;
    this.events = events;
  }

  /**
   * Returns the user.
   *
   * @throws ApiException {@code session_invalid} if the user no longer exists
   */
  public User find(UUID userId) {
    return new UserDao(jdbc).find(userId).orElseThrow(ApiException::userErased);
  }

  /**
   * Writes the fields of this change and returns the changed user. If the avatar changes, the
   * picture stored here is deleted.
   *
   * @param appId through which app
   * @throws ApiException {@code session_invalid} if the user no longer exists, {@code
   *     invalid_request} if the avatar is a picture stored here that is not the user's own
   */
  public User change(UUID userId, ProfileChange change, String appId) {
    return change(userId, change, appId, transaction -> {});
  }

  /**
   * Writes the fields in the same way.
   *
   * @param also done in the same transaction, before the event of it
   */
  public User change(UUID userId, ProfileChange change, String appId, Consumer<Transaction> also) {
    if (change.isEmpty()) {
      return find(userId);
    }
    Optional<String> picture = change.avatarUrl().flatMap(AvatarService::pathIn);
    if (picture.isPresent() && find(userId).profile().avatarUrl().equals(picture.get())) {
      // not written: an upload may be replacing it
      return change(userId, change.withoutAvatar(), appId, also);
    }
    if (change.avatarUrl().filter(AvatarService::isPath).isPresent()) {
      throw ApiException.invalid("avatarUrl", "must not be a picture here but the user's own")
          .saying("头像已失效，请重新选择图片", "The picture is no longer there: upload it again");
    }
    jdbc.inTransaction(
        transaction -> {
          if (!new UserDao(transaction).change(userId, change)) {
            throw ApiException.userErased();
          }
          also.accept(transaction);
          events.add(transaction, EventType.PROFILE_CHANGED, userId, appId, "");
          return change.avatarUrl().isEmpty() ? 0 : AvatarService.delete(transaction, userId);
        });
    return find(userId);
  }

  /** Notes since when WeChat has another name or picture of the user. */
  public void markStale(UUID userId, Instant since) {
    new UserDao(jdbc).markStale(userId, since);
  }

  /**
   * Throws unless WeChat has signed this profile for this identity, with its current session_key
   * or, during the grace period, with the previous one.
   *
   * @throws ApiException {@code signature_invalid} if the signature matches neither key
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
          "signature must be sha1(rawData + session_key); rawData must be sent as WeChat gave it");
    }
  }
}
