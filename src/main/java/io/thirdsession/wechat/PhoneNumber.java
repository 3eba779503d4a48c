package io.thirdsession.wechat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A phone number in WeChat's three fields. It is somebody's: it prints as its country code only.
 *
 * @param phoneNumber digits; may begin with {@code +}; foreign numbers have the country code in it
 * @param purePhoneNumber 3 to 20 digits, without the country code
 * @param countryCode 1 to 4 digits
 */
public record PhoneNumber(String phoneNumber, String purePhoneNumber, String countryCode) {
  private static final Pattern PHONE_NUMBER = Pattern.compile("\\+?[0-9]{3,24}");
  private static final Pattern PURE = Pattern.compile("[0-9]{3,20}");
  private static final Pattern COUNTRY = Pattern.compile("[0-9]{1,4}");

  /** The country whose numbers WeChat gives without their code. */
  private static final String CHINA = "86";

  /** What profiles have and phone data have not. */
  private static final List<String> FIELDS_OF_PROFILES =
      List.of(
          "nickName",
          "avatarUrl",
          "gender",
          "language",
          "city",
          "province",
          "country",
          "openId",
          "unionId");

  /** Returns the number as WeChat writes one of this country. */
  public static PhoneNumber of(String countryCode, String purePhoneNumber) {
    String whole =
        countryCode.equals(CHINA) ? purePhoneNumber : "+" + countryCode + purePhoneNumber;
    return new PhoneNumber(whole, purePhoneNumber, countryCode);
  }

  /**
   * Returns the number that people write like this: digits, a Chinese one without country code, any
   * other with {@code +} and code of which the length is not known; empty if it is none.
   *
   * @param countryCode digits, or empty: then 86 unless the number begins with {@code +86}
   */
  public static Optional<PhoneNumber> written(String number, String countryCode) {
    String country = countryCode.isEmpty() ? CHINA : countryCode;
    String pure =
        number.startsWith("+" + country) ? number.substring(1 + country.length()) : number;
    return PURE.matcher(pure).matches() && COUNTRY.matcher(country).matches()
        ? Optional.of(of(country, pure))
        : Optional.empty();
  }

  /**
   * Returns the number in these fields; empty unless they have the shape of phone data and of
   * nothing else. Who sends encrypted data can cut a profile of theirs in front of digits that they
   * wrote into their nickname, and choose what stands before them: such a thing has fields of a
   * profile left, or numbers that do not fit each other.
   */
  static Optional<PhoneNumber> read(JsonObject fields) {
    if (FIELDS_OF_PROFILES.stream().anyMatch(fields::has)) {
      return Optional.empty();
    }
    String phoneNumber = text(fields.get("phoneNumber"));
    String pure = text(fields.get("purePhoneNumber"));
    String country = textOrNumber(fields.get("countryCode"));
    boolean whole =
        PHONE_NUMBER.matcher(phoneNumber).matches()
            && PURE.matcher(pure).matches()
            && COUNTRY.matcher(country).matches()
            && phoneNumber.endsWith(pure);
    return whole ? Optional.of(new PhoneNumber(phoneNumber, pure, country)) : Optional.empty();
  }

  /** Returns the text; an empty one if it is none. */
  private static String text(@Nullable JsonElement value) {
    return value != null && value.isJsonPrimitive() && value.getAsJsonPrimitive().isString()
        ? value.getAsString()
        : "";
  }

  private static String textOrNumber(@Nullable JsonElement value) {
    return value != null && value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber()
        ? value.getAsString()
        : text(value);
  }

  @Override
  public String toString() {
    return "PhoneNumber[+" + countryCode + " …]";
  }
}
