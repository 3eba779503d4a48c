package io.thirdsession.session;

import io.thirdsession.Secret;
import java.util.UUID;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * A third session token: {@code 3rd_} + base64url of {@code sid (16) ‖ secret (32) ‖ tag (8)}
 * without padding, 79 characters. Whoever has it is the user, so it prints as its sid only.
 */
public final class SessionToken {
  private final UUID sid;
  private final Secret secret;
  private final String text;

  SessionToken(UUID sid, Secret secret, String text) {
    this.sid = sid;
    this.secret = secret;
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

  /** Returns SHA-256 of the secret part, 32 bytes: what the database keeps. */
  Secret secretHash() {
    return Secret.of(DigestUtils.sha256(secret.bytes()));
  }

  @Override
  public String toString() {
    return "SessionToken[sid=" + sid + "]";
  }
}
