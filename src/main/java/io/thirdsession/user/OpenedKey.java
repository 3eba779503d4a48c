package io.thirdsession.user;

import io.thirdsession.Secret;
import io.thirdsession.wechat.SessionKey;
import java.util.UUID;

/**
 * A stored session_key of an identity, opened and ready to be tried.
 *
 * @param sessionKey the key
 * @param graceOver whether it was replaced so long ago that data it decrypts is no longer accepted
 * @param resting whether it was quarantined, after too many failures, when it was read
 * @param identityId the identity it belongs to
 * @param fingerprint finds the key again if a login has moved it to the other slot in the meantime
 */
public record OpenedKey(
    SessionKey sessionKey,
    boolean graceOver,
    boolean resting,
    UUID identityId,
    Secret fingerprint) {}
