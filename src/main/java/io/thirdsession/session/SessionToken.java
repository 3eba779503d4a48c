package io.thirdsession.session;

import io.thirdsession.Secret;
import java.util.UUID;

/**
 * A third session token: {@code 3rd_} + base64url of {@code sid (16) ‖ secret (32) ‖ tag (8)}
 * without padding, 79 characters. Whoever has it is the user, so it prints as its sid only.
 */
public final class SessionToken {
  private final UUID sid;
  private final Secret secret;
  private final String keyId;
  private final String text;

  /**
   * Makes a token of its parts.
   *
   * @param keyId the master key that made its tag
   */
  SessionToken(UUID sid, Secret secret, String keyId, String text) {
    this.sid = sid;
    this.secret = secret;
    this.keyId = keyId;
    this.text = text;
  }

  /** Returns the public part: the key of the session. */
  public UUID sid() {
    return sid;
  }

  /** Returns the whole token, 79 characters, as the client keeps it. */
  public String text() {
    return text;
  }

  /** Returns the secret part, 32 bytes. */
  Secret secret() {
    return secret;
  }

  /** Returns the id of the master key that made the tag. */
  String keyId() {
    return keyId;
  }

  @Override
  public String toString() {
    return "SessionToken[sid=" + sid + "]";
  }
}
