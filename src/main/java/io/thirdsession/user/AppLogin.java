package io.thirdsession.user;

import io.thirdsession.wechat.CodeSession;
import java.time.Instant;
import java.util.UUID;

/**
 * A login that WeChat has vouched for, as it is to be recorded. The ids are drawn before the first
 * try, so that a unit of work that is repeated after a lost commit finds its own traces.
 *
 * @param appId the app
 * @param codeSession whom the code belonged to
 * @param exchangedAt when the exchange was sent
 * @param profile what the client said along with it
 * @param newUserId the user's id if this is their first login
 * @param newIdentityId the identity's id if this is its first login
 * @param now the time of the login
 */
public record AppLogin(
    String appId,
    CodeSession codeSession,
    Instant exchangedAt,
    ReportedProfile profile,
    UUID newUserId,
    UUID newIdentityId,
    Instant now) {}
