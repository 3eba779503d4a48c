package io.thirdsession.session;

import io.thirdsession.Uuid7;
import io.thirdsession.audit.Subject;
import io.thirdsession.user.Identity;
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
 * @param expiresAt the earlier of idle and absolute end
 * @param kept whether there is a token for it; not for a login that only wants to know who it is
 */
public record Session(
    UUID sid,
    UUID userId,
    String appId,
    String openId,
    Optional<String> unionId,
    Instant expiresAt,
    boolean kept) {

  static Session of(UUID sid, Identity identity, Instant expiresAt, boolean kept) {
    return new Session(
        sid,
        identity.userId(),
        identity.appId(),
        identity.openId(),
        identity.unionId(),
        expiresAt,
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
}
