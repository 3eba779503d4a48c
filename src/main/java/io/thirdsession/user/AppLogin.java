package io.thirdsession.user;

import io.thirdsession.profile.ReportedProfile;
import io.thirdsession.wechat.CodeSession;
import java.time.Instant;
import java.util.UUID;

/**
 * A login that WeChat has confirmed and that is about to be recorded. Ids and time are fixed before
 * the first try, so that a unit of work repeated after a lost commit recognises its own rows.
 *
 * @param appId the app
 * @param codeSession what WeChat returned for the code: openid, unionid and session_key
 * @param profile the profile that the client sent with the login
 * @param newUserId the user's id if this is their first login
 * @param newIdentityId the identity's id if this is its first login
 * @param at the time of the login: when its code was sent to WeChat
 * @param mayBeNew whether a new user is made if nobody is found
 */
public record AppLogin(
    String appId,
    CodeSession codeSession,
    ReportedProfile profile,
    UUID newUserId,
    UUID newIdentityId,
    Instant at,
    boolean mayBeNew) {

  /** Returns the same login, for which no new user is made. */
  public AppLogin ofKnownUser() {
    return new AppLogin(appId, codeSession, profile, newUserId, newIdentityId, at, false);
  }
}
