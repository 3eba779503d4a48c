package io.thirdsession.user;

import io.thirdsession.Secret;
import io.thirdsession.wechat.SessionKey;
import java.util.UUID;

/**
 * A session_key that is held for an identity, ready to be tried.
 *
 * @param sessionKey the key
 * @param graceOver whether it was replaced so long ago that what it opens is no longer good
 * @param resting whether it had failed too often to be tried when it was read
 * @param identityId whose it is
 * @param fingerprint by which it is found again, should a login move it to the other slot meanwhile
 */
public record HeldKey(
    SessionKey sessionKey,
    boolean graceOver,
    boolean resting,
    UUID identityId,
    Secret fingerprint) {}
