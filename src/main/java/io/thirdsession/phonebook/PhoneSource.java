package io.thirdsession.phonebook;

import java.util.Arrays;

/** How a number came, and what proves that it is the user's. */
public enum PhoneSource {
  /** WeChat returned it to this server for a code; it did not pass through the client. */
  WX_CODE("wx_code"),
  /** WeChat encrypted it, and the client sent it. */
  WX_ENCRYPTED("wx_encrypted"),
  /** An import brought it: it is proven by nothing. */
  IMPORT("import");

  private final String label;

  PhoneSource(String label) {
    this.label = label;
  }

  /** Returns the value in the database and in responses. */
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
