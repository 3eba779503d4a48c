package io.thirdsession.profile;

import static io.thirdsession.profile.ProfileField.AVATAR_URL;
import static io.thirdsession.profile.ProfileField.CITY;
import static io.thirdsession.profile.ProfileField.COUNTRY;
import static io.thirdsession.profile.ProfileField.GENDER;
import static io.thirdsession.profile.ProfileField.LANGUAGE;
import static io.thirdsession.profile.ProfileField.NICK_NAME;
import static io.thirdsession.profile.ProfileField.PROVINCE;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * A profile that a client passes on as WeChat's own dialog gave it. Values that are empty,
 * anonymous or beyond the limits leave the stored value unchanged and are not an error.
 *
 * @param nickName the nickname
 * @param avatarUrl the URL of the picture at WeChat
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
  /** An empty profile, which changes nothing. */
  public static final ReportedProfile NONE = new ReportedProfile("", "", "");

  private static final Pattern KNOWN_GENDER = Pattern.compile("[12]");

  /** None, unknown or known. */
  private static final Pattern SAID_GENDER = Pattern.compile("[012]?");

  /** Makes a profile from the three values that older clients send. */
  public ReportedProfile(String nickName, String avatarUrl, String gender) {
    this(nickName, avatarUrl, gender, "", "", "", "");
  }

  /**
   * Returns the profile with the values of WeChat's field names. A profile marked as anonymous
   * ({@code is_demote}) is returned empty.
   *
   * @param valueOf returns the value of a field, or an empty string
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

  /**
   * Returns the change that this makes: all values that are valid and neither empty nor anonymous.
   */
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

  /**
   * Returns the stored profile after a login reported this one, of which only nickname, picture and
   * gender are used.
   */
  public Profile over(Profile stored) {
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

  /**
   * Returns the names of the values that are left out because they do not fit, of nickname, picture
   * and gender. What is empty or anonymous was never meant to be stored.
   */
  public Set<String> unfit() {
    Set<String> unfit = new TreeSet<>();
    if (!nickName.isEmpty() && !isText(nickName)) {
      unfit.add(NICK_NAME.label());
    }
    if (!avatarUrl.isEmpty()
        && !ProfileRules.isAvatarUrl(ProfileRules.https(avatarUrl))
        && !ProfileRules.isPictureOfOurs(avatarUrl)) {
      unfit.add(AVATAR_URL.label());
    }
    if (!SAID_GENDER.matcher(gender).matches()) {
      unfit.add(GENDER.label());
    }
    return unfit;
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
    return ProfileRules.isVisible(text) && ProfileRules.fits(text);
  }
}
