package io.thirdsession.phonebook;

import io.thirdsession.wechat.PhoneNumber;
import java.time.Instant;

/**
 * A user's phone number, opened.
 *
 * @param number the number
 * @param source how it was proven to be the user's
 * @param boundAt when it was bound
 */
public record OpenedPhone(PhoneNumber number, PhoneSource source, Instant boundAt) {
  private static final int LONG = 11;
  private static final int SHOWN_FIRST = 3;
  private static final int SHOWN_LAST = 4;
  private static final int SHOWN_LAST_OF_SHORT = 2;

  /**
   * Returns the number without its country code, masked: with 11 digits or more, the first 3 and
   * the last 4 are shown; with fewer, the last 2.
   */
  public String masked() {
    String digits = number.purePhoneNumber();
    boolean isLong = digits.length() >= LONG;
    int first = isLong ? SHOWN_FIRST : 0;
    int last = isLong ? SHOWN_LAST : SHOWN_LAST_OF_SHORT;
    return digits.substring(0, first)
        + "*".repeat(digits.length() - first - last)
        + digits.substring(digits.length() - last);
  }
}
