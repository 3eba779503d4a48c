package io.thirdsession.session;

import io.thirdsession.Secret;
import io.thirdsession.Uuid7;
import io.thirdsession.keys.KeyRing;
import io.thirdsession.keys.Mac;
import io.thirdsession.keys.Purpose;
import io.thirdsession.keys.RefusedValues;
import io.thirdsession.keys.UnsealException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/**
 * Mints and reads tokens. The tag, the first 8 bytes of an HMAC over the rest, lets made-up tokens
 * be refused without asking the database. What the database keeps of the secret is an HMAC over it
 * and over whose it is, so that a row that is pointed at another user fits no token. Thread-safe.
 */
public final class SessionTokens {
  /** What every token begins with. */
  static final String PREFIX = "3rd_";

  /** Characters in a token. */
  static final int TEXT_LENGTH = 79;

  private static final int SECRET_LENGTH = 32;
  private static final int TAG_LENGTH = 8;
  private static final int TAGGED_LENGTH = Uuid7.LENGTH + SECRET_LENGTH;
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  private final KeyRing keys;
  private final SecureRandom random;
  private final RefusedValues refused = new RefusedValues();

  public SessionTokens(KeyRing keys, SecureRandom random) {
    this.keys = keys;
    this.random = random;
  }

  /** Returns a new token whose sid bears this time. */
  public SessionToken mint(Instant now) {
    UUID sid = Uuid7.next(now, random);
    byte[] secret = new byte[SECRET_LENGTH];
    random.nextBytes(secret);
    byte[] tagged = ByteBuffer.allocate(TAGGED_LENGTH).put(Uuid7.bytes(sid)).put(secret).array();
    Mac mac = keys.macWithKey(Purpose.TOKEN_TAG, tagged);
    byte[] whole =
        ByteBuffer.allocate(TAGGED_LENGTH + TAG_LENGTH)
            .put(tagged)
            .put(mac.value().bytes(), 0, TAG_LENGTH)
            .array();
    return new SessionToken(
        sid, Secret.of(secret), mac.keyId(), PREFIX + ENCODER.encodeToString(whole));
  }

  /**
   * Returns the token in this text; empty unless it is one that was minted under a configured
   * master key. Canonical only: two unused bits in the last character would otherwise make four
   * texts of one token.
   */
  public Optional<SessionToken> parse(String text) {
    if (text.length() != TEXT_LENGTH || !text.startsWith(PREFIX)) {
      return Optional.empty();
    }
    byte[] whole;
    try {
      whole = Base64.getUrlDecoder().decode(text.substring(PREFIX.length()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    if (whole.length != TAGGED_LENGTH + TAG_LENGTH
        || !text.endsWith(ENCODER.encodeToString(whole))) {
      return Optional.empty();
    }
    byte[] tagged = Arrays.copyOf(whole, TAGGED_LENGTH);
    byte[] tag = Arrays.copyOfRange(whole, TAGGED_LENGTH, whole.length);
    UUID sid = Uuid7.of(Arrays.copyOf(tagged, Uuid7.LENGTH));
    Secret secret = Secret.of(Arrays.copyOfRange(tagged, Uuid7.LENGTH, TAGGED_LENGTH));
    return keys.keyOfMac(Purpose.TOKEN_TAG, tagged, tag)
        .map(keyId -> new SessionToken(sid, secret, keyId, text));
  }

  /**
   * Returns what the database keeps of the token's secret in a session of this user, through this
   * identity: HMAC-SHA-256 of {@code secret (32) ‖ userId (16) ‖ identityId (16)} under the master
   * key that made the tag.
   *
   * @throws UnsealException if that key is no longer configured
   */
  Secret secretHash(SessionToken token, UUID userId, UUID identityId) {
    byte[] message =
        ByteBuffer.allocate(SECRET_LENGTH + 2 * Uuid7.LENGTH)
            .put(token.secret().bytes())
            .put(Uuid7.bytes(userId))
            .put(Uuid7.bytes(identityId))
            .array();
    return Secret.of(keys.mac(Purpose.SESSION, token.keyId(), message));
  }

  /**
   * Returns whether the session with the token's sid is the token's: it was made for this secret,
   * user and identity, and is of them still. If not, a warning is in the log.
   *
   * @param stored what the database keeps
   */
  boolean isOf(SessionToken token, UUID userId, UUID identityId, Secret stored) {
    try {
      if (secretHash(token, userId, identityId).equals(stored)) {
        return true;
      }
      refused.tell(
          "session", token.sid(), "secret_hash", "it is of another user, identity or token");
    } catch (UnsealException e) {
      refused.tell("session", token.sid(), "secret_hash", e);
    }
    return false;
  }
}
