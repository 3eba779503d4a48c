package io.thirdsession.simulator;

import com.google.gson.JsonObject;
import java.time.Instant;
import java.util.Set;

/**
 * A phone number in WeChat's three fields: only foreign numbers have the area code in {@code
 * phoneNumber}.
 */
record PhoneNumber(String phoneNumber, String purePhoneNumber, String countryCode) {
  /** The number of WeChat's own example. */
  static final PhoneNumber DEFAULT = of("13580006666", "");

  private static final String CHINA = "86";
  private static final Set<String> TWO_DIGIT_CODES =
      Set.of(
          ("20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62"
                  + " 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98")
              .split(" "));

  /**
   * Returns the number that is meant.
   *
   * @param number digits, with a leading "+" and area code or without
   * @param countryCode digits, or empty: then taken from a number with "+", and 86 for others
   * @throws IllegalArgumentException if it is not a number, or not one of that country
   */
  static PhoneNumber of(String number, String countryCode) {
    if (!number.matches("\\+?[0-9]{5,15}")) {
      throw new IllegalArgumentException(
          "phoneNumber must be 5 to 15 digits, with or without a leading +");
    }
    if (!countryCode.matches("([1-9][0-9]{0,3})?")) {
      throw new IllegalArgumentException("countryCode must be 1 to 4 digits, for example 86");
    }
    boolean international = number.startsWith("+");
    String digits = international ? number.substring(1) : number;
    if (!international) {
      return countryCode.isEmpty() || countryCode.equals(CHINA)
          ? new PhoneNumber(digits, digits, CHINA)
          : new PhoneNumber(countryCode + digits, digits, countryCode);
    }
    String code = countryCode.isEmpty() ? callingCode(digits) : countryCode;
    if (!digits.startsWith(code) || digits.length() == code.length()) {
      throw new IllegalArgumentException("phoneNumber does not begin with +" + code);
    }
    String pure = digits.substring(code.length());
    return new PhoneNumber(code.equals(CHINA) ? pure : number, pure, code);
  }

  /** Returns the phone data that WeChat encrypts, and answers under {@code phone_info}. */
  JsonObject toJson(String appId, Instant tappedAt) {
    JsonObject json = new JsonObject();
    json.addProperty("phoneNumber", phoneNumber);
    json.addProperty("purePhoneNumber", purePhoneNumber);
    json.addProperty("countryCode", countryCode);
    json.add("watermark", watermark(appId, tappedAt));
    return json;
  }

  static JsonObject watermark(String appId, Instant time) {
    JsonObject watermark = new JsonObject();
    watermark.addProperty("timestamp", time.getEpochSecond());
    watermark.addProperty("appid", appId);
    return watermark;
  }

  // ITU-T E.164: zones 1 and 7 have one digit, some countries two, all others three.
  private static String callingCode(String digits) {
    if (digits.startsWith("1") || digits.startsWith("7")) {
      return digits.substring(0, 1);
    }
    return digits.substring(0, TWO_DIGIT_CODES.contains(digits.substring(0, 2)) ? 2 : 3);
  }
}
