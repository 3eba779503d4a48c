package io.thirdsession.user;

import io.thirdsession.Secret;
import io.thirdsession.keys.KeyRing;
import io.thirdsession.keys.Purpose;
import io.thirdsession.keys.UnsealException;
import io.thirdsession.wechat.SessionKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * Seals session_keys for the database: AES-256-GCM, bound to app and openid, so that a value moved
 * to another row cannot be opened. Thread-safe.
 */
final class SessionKeySealer {
  private static final int FINGERPRINT_LENGTH = 16;

  private final KeyRing keys;

  SessionKeySealer(KeyRing keys) {
    this.keys = keys;
  }

  /** Returns the key that a login brings, sealed for its identity, with no failures counted. */
  SealedKey seal(AppLogin login) {
    return seal(
        login.codeSession().sessionKey(), login.appId(), login.codeSession().openId(), login.at());
  }

  /** Returns the key sealed for this identity, with no failures counted. */
  SealedKey seal(SessionKey sessionKey, String appId, String openId, Instant exchangedAt) {
    byte[] sealed = keys.seal(Purpose.SESSION_KEY, sessionKey.secret().bytes(), appId, openId);
    return new SealedKey(
        Secret.of(sealed),
        fingerprint(KeyRing.keyId(sealed), sessionKey),
        exchangedAt,
        0,
        Optional.empty());
  }

  /** Returns whether the stored key is this one. */
  boolean isSame(SealedKey stored, SessionKey sessionKey) {
    try {
      String keyId = KeyRing.keyId(stored.sealed().bytes());
      return stored.fingerprint().equals(fingerprint(keyId, sessionKey));
    } catch (UnsealException e) {
      return false; // damaged, or its master key is no longer configured: the login replaces it
    }
  }

  /**
   * Returns the stored key of this identity.
   *
   * @throws io.thirdsession.keys.UnsealException if it was changed, sealed for another identity, or
   *     sealed under a master key that is no longer configured
   */
  SessionKey open(SealedKey stored, String appId, String openId) {
    return SessionKey.of(keys.open(Purpose.SESSION_KEY, stored.sealed().bytes(), appId, openId));
  }

  private Secret fingerprint(String keyId, SessionKey sessionKey) {
    byte[] mac = keys.mac(Purpose.SESSION_KEY_FINGERPRINT, keyId, sessionKey.secret().bytes());
    return Secret.of(Arrays.copyOf(mac, FINGERPRINT_LENGTH));
  }
}
