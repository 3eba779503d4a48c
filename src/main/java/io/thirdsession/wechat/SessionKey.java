package io.thirdsession.wechat;

import io.thirdsession.Secret;
import java.util.Base64;
import java.util.Optional;

/**
 * WeChat's session_key: exactly 16 bytes, on the wire 24 characters of base64. It never leaves the
 * server; prints as {@code [REDACTED]}.
 *
 * @param secret the 16 bytes
 */
public record SessionKey(Secret secret) {
  /** Bytes in a session_key. */
  public static final int LENGTH = 16;

  private static final int BASE64_LENGTH = 24;

  /**
   * Checks the length.
   *
   * @throws IllegalArgumentException if it is not 16 bytes
   */
  public SessionKey {
    if (secret.length() != LENGTH) {
      throw new IllegalArgumentException("a session_key has 16 bytes");
    }
  }

  /** Returns the key in this base64 text, or empty unless it is one of 24 characters. */
  public static Optional<SessionKey> parse(String base64) {
    if (base64.length() != BASE64_LENGTH) {
      return Optional.empty();
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(base64);
      return bytes.length == LENGTH ? Optional.of(of(bytes)) : Optional.empty();
    } catch (IllegalArgumentException ignored) { // its message would quote the key
      return Optional.empty();
    }
  }

  /**
   * Returns the key with these bytes.
   *
   * @throws IllegalArgumentException if they are not 16
   */
  public static SessionKey of(byte[] bytes) {
    return new SessionKey(Secret.of(bytes));
  }
}
