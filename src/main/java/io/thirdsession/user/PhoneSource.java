package io.thirdsession.user;

import java.util.Arrays;

/** How it was proven that a number is a user's. */
public enum PhoneSource {
  /** WeChat told it to us for a code: nothing of it went through the client. */
  WX_CODE("wx_code"),
  /** WeChat encrypted it, and the client handed it over. */
  WX_ENCRYPTED("wx_encrypted");

  private final String label;

  PhoneSource(String label) {
    this.label = label;
  }

  /** Returns the value in the database and in answers. */
  public String label() {
    return label;
  }

  static PhoneSource of(String label) {
    return Arrays.stream(values())
        .filter(source -> source.label.equals(label))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no source of a phone: " + label));
  }
}
