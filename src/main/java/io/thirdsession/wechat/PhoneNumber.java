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
  /** What the whole number looks like. */
  public static final Pattern PHONE_NUMBER = Pattern.compile("\\+?[0-9]{3,24}");

  /** What a country code looks like. */
  public static final Pattern COUNTRY_CODE = Pattern.compile("[0-9]{1,4}");

  private static final Pattern PURE = Pattern.compile("[0-9]{3,20}");

  /** The country whose numbers WeChat gives without their code. */
  private static final String CHINA = "86";

  private static final Pattern CHINESE_WITH_CODE = Pattern.compile("861[0-9]{10}");

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
   * Returns the number that people write like this; empty if it is none, or the length of its
   * country code is unknown. Before the number may stand its country code with {@code +} or {@code
   * 00}, and before a Chinese mobile number 86 alone: {@code 13812345678}, {@code +8613812345678},
   * {@code 008613812345678} and {@code 8613812345678} are one.
   *
   * @param countryCode digits, or empty for 86
   */
  public static Optional<PhoneNumber> written(String number, String countryCode) {
    String country = countryCode.isEmpty() ? CHINA : countryCode;
    String whole = number.startsWith("00") ? "+" + number.substring(2) : number;
    String pure = whole;
    if (whole.startsWith("+" + country)) {
      pure = whole.substring(1 + country.length());
    } else if (country.equals(CHINA) && CHINESE_WITH_CODE.matcher(whole).matches()) {
      pure = whole.substring(CHINA.length());
    }
    return PURE.matcher(pure).matches() && COUNTRY_CODE.matcher(country).matches()
        ? Optional.of(of(country, pure))
        : Optional.empty();
  }

  /**
   * Returns the number in these fields; empty unless they have the shape of phone data and of
   * nothing else. Whoever sends encrypted data can cut a profile of theirs in front of digits that
   * they wrote into their nickname, and choose what comes before them: the result has fields of a
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
            && COUNTRY_CODE.matcher(country).matches()
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
