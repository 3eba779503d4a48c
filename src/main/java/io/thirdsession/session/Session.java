package io.thirdsession.session;

import io.thirdsession.Uuid7;
import io.thirdsession.audit.Subject;
import io.thirdsession.user.Identity;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A live session: who is calling, and until when they may.
 *
 * @param sid public id of the session; its time is when the session began
 * @param userId who is calling
 * @param appId in which app
 * @param openId their id there
 * @param unionId the person across apps, as WeChat told last
 * @param externalId the company's own id of the user, as a check reads it; a login, which does not
 *     tell it, leaves it empty
 * @param expiresAt the earlier of idle and absolute end
 * @param hasProvenPhone whether WeChat has proven a phone number of the user; said by a check only
 * @param kept whether there is a token for it; not for a login that only wants to know who it is
 */
public record Session(
    UUID sid,
    UUID userId,
    String appId,
    String openId,
    Optional<String> unionId,
    Optional<String> externalId,
    Instant expiresAt,
    boolean hasProvenPhone,
    boolean kept) {
  /** The age of a login up to which it may do what cannot be undone. */
  static final Duration FRESH = Duration.ofMinutes(10);

  /** Returns the session of a login that has just been made. */
  static Session of(UUID sid, Identity identity, Instant expiresAt, boolean kept) {
    return of(sid, identity, Optional.empty(), expiresAt, false, kept);
  }

  static Session of(
      UUID sid,
      Identity identity,
      Optional<String> externalId,
      Instant expiresAt,
      boolean hasProvenPhone,
      boolean kept) {
    return new Session(
        sid,
        identity.userId(),
        identity.appId(),
        identity.openId(),
        identity.unionId(),
        externalId,
        expiresAt,
        hasProvenPhone,
        kept);
  }

  /** Returns who it is, for the audit trail. */
  public Subject subject() {
    return Subject.of(userId, appId, sid);
  }

  /** Returns when the session began. */
  public Instant createdAt() {
    return Uuid7.time(sid);
  }

  /** Returns until when the login may do what cannot be undone. */
  public Instant freshUntil() {
    return createdAt().plus(FRESH);
  }
}
