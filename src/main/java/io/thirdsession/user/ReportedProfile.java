package io.thirdsession.user;

import static io.thirdsession.user.ProfileField.AVATAR_URL;
import static io.thirdsession.user.ProfileField.CITY;
import static io.thirdsession.user.ProfileField.COUNTRY;
import static io.thirdsession.user.ProfileField.GENDER;
import static io.thirdsession.user.ProfileField.LANGUAGE;
import static io.thirdsession.user.ProfileField.NICK_NAME;
import static io.thirdsession.user.ProfileField.PROVINCE;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * A profile that clients hand over as WeChat's own dialog gave it to them. It is taken for what it
 * is worth: what is empty, anonymous or beyond the limits leaves the stored value as it was, and is
 * no error.
 *
 * @param nickName the nickname
 * @param avatarUrl where WeChat keeps the picture
 * @param gender 0, 1 or 2
 * @param province in the user's language, or in Pinyin
 * @param city the same
 * @param country the same, or a code of two letters
 * @param language such as {@code zh_CN}
 */
public record ReportedProfile(
    String nickName,
    String avatarUrl,
    String gender,
    String province,
    String city,
    String country,
    String language) {
  /** Says nothing. */
  public static final ReportedProfile NONE = new ReportedProfile("", "", "");

  private static final Pattern KNOWN_GENDER = Pattern.compile("[12]");

  /** A profile of which older clients send three values. */
  public ReportedProfile(String nickName, String avatarUrl, String gender) {
    this(nickName, avatarUrl, gender, "", "", "", "");
  }

  /**
   * Returns the profile with these values, by the names that WeChat has for them. One that says of
   * itself that it is anonymous says nothing.
   *
   * @param valueOf returns the value of a name, or an empty text
   */
  public static ReportedProfile of(UnaryOperator<String> valueOf) {
    if (valueOf.apply("is_demote").equals("true")) {
      return NONE;
    }
    return new ReportedProfile(
        valueOf.apply(NICK_NAME.label()),
        valueOf.apply(AVATAR_URL.label()),
        valueOf.apply(GENDER.label()),
        valueOf.apply(PROVINCE.label()),
        valueOf.apply(CITY.label()),
        valueOf.apply(COUNTRY.label()),
        valueOf.apply(LANGUAGE.label()));
  }

  /** Returns what it changes: what can be kept, and is neither empty nor anonymous. */
  public ProfileChange change() {
    Map<ProfileField, Object> values = new EnumMap<>(ProfileField.class);
    if (isNickName()) {
      values.put(NICK_NAME, nickName);
    }
    if (isAvatar()) {
      values.put(AVATAR_URL, ProfileRules.https(avatarUrl));
    }
    if (isGender()) {
      values.put(GENDER, Integer.parseInt(gender));
    }
    putText(values, PROVINCE, province);
    putText(values, CITY, city);
    putText(values, COUNTRY, country);
    putText(values, LANGUAGE, language);
    return new ProfileChange(values);
  }

  /** Returns the profile after a login reported this: nickname, picture and gender. */
  Profile over(Profile stored) {
    return new Profile(
        isNickName() ? nickName : stored.nickName(),
        isAvatar() ? ProfileRules.https(avatarUrl) : stored.avatarUrl(),
        isGender() ? Integer.parseInt(gender) : stored.gender(),
        stored.province(),
        stored.city(),
        stored.country(),
        stored.language(),
        stored.title());
  }

  private boolean isNickName() {
    return isText(nickName) && !ProfileRules.isAnonymousNickName(nickName);
  }

  private boolean isAvatar() {
    return ProfileRules.isAvatarUrl(ProfileRules.https(avatarUrl))
        && !ProfileRules.isAnonymousAvatar(avatarUrl)
        && !ProfileRules.isPictureOfOurs(avatarUrl); // that one is stored already
  }

  private boolean isGender() {
    return KNOWN_GENDER.matcher(gender).matches();
  }

  private static void putText(
      Map<ProfileField, Object> values, ProfileField field, String reported) {
    if (isText(reported)) {
      values.put(field, reported);
    }
  }

  private static boolean isText(String text) {
    return !text.isBlank() && ProfileRules.fits(text);
  }
}
