package io.thirdsession.limit;

import java.util.Arrays;
import java.util.Optional;

/** What is limited, by its name in RATE_LIMITS. */
public enum Limit {
  /** Logins of an address. */
  LOGIN("login"),
  /** Logins of a user, known once WeChat has answered. */
  LOGIN_USER("login.user"),
  /** Decryptions and phone codes of an address. */
  DECRYPT("decrypt"),
  /** Decryptions and phone codes of a user. */
  DECRYPT_USER("decrypt.user"),
  /** Pictures that a user uploads. */
  AVATAR_USER("avatar.user"),
  /** Wrong credentials of service clients from an address. */
  CLIENT("client");

  private final String label;

  Limit(String label) {
    this.label = label;
  }

  /** Returns the name in RATE_LIMITS. */
  public String label() {
    return label;
  }

  /** Returns the limit of this name. */
  public static Optional<Limit> of(String label) {
    return Arrays.stream(values()).filter(limit -> limit.label.equals(label)).findFirst();
  }
}
