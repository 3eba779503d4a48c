package io.thirdsession.limit;

import java.util.Arrays;
import java.util.Optional;

/** What is limited, with its name in RATE_LIMITS. */
public enum Limit {
  /** Logins from an IP address. */
  LOGIN("login"),
  /** Logins of a user, known once WeChat has answered. */
  LOGIN_USER("login.user"),
  /** Decryptions and phone codes from an IP address. */
  DECRYPT("decrypt"),
  /** Decryptions and phone codes of a user. */
  DECRYPT_USER("decrypt.user"),
  /** Pictures that a user uploads. */
  AVATAR_USER("avatar.user"),
  /** Changes of a user's profile, phone and sessions, lists of their sessions, and erasures. */
  ACCOUNT_USER("account.user"),
  /** Exports of a user. */
  EXPORT_USER("export.user"),
  /** Wrong credentials of service clients from an IP address. */
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
