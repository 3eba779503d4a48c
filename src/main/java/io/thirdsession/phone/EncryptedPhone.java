package io.thirdsession.phone;

import java.util.Locale;

/** Whether numbers are taken that WeChat encrypted for the client to hand over (the old way). */
public enum EncryptedPhone {
  /** Yes. */
  ON,
  /** Only after WeChat has said that the ciphertext is its own. */
  CHECKED,
  /** No. */
  OFF;

  /** Returns the value of PHONE_ENCRYPTED. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
