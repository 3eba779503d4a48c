package io.thirdsession.keys;

import io.thirdsession.Secret;
import java.util.regex.Pattern;

/**
 * One of MASTER_KEYS.
 *
 * @param id 1 to 16 characters of {@code [A-Za-z0-9_-]}; stored with every value sealed under it
 * @param secret exactly 32 bytes
 */
public record MasterKey(String id, Secret secret) {
  /** Bytes in a master key. */
  public static final int LENGTH = 32;

  /** The pattern of an id. */
  public static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,16}");

  /**
   * Checks id and secret.
   *
   * @throws IllegalArgumentException if the id or the length of the secret is wrong
   */
  public MasterKey {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("a key id must be 1 to 16 characters of A-Z a-z 0-9 _ -");
    }
    if (secret.length() != LENGTH) {
      throw new IllegalArgumentException("a master key must be 32 bytes");
    }
  }
}
