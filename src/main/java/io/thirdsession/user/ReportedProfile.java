package io.thirdsession.user;

import java.util.regex.Pattern;

/**
 * The part of a profile that older clients hand over with the login, as WeChat's own dialog gave it
 * to them. It is taken for what it is worth: what is empty, anonymous or beyond the limits leaves
 * the stored value as it was, and never refuses the login.
 *
 * @param nickName the nickname
 * @param avatarUrl where WeChat keeps the picture
 * @param gender 0, 1 or 2
 */
public record ReportedProfile(String nickName, String avatarUrl, String gender) {
  /** Says nothing. */
  public static final ReportedProfile NONE = new ReportedProfile("", "", "");

  /** The nickname that WeChat gives everybody who has not agreed to give theirs. */
  private static final String ANONYMOUS_NICK_NAME = "微信用户";

  /** The gray picture that goes with it; the part of its URL that stays the same. */
  private static final String ANONYMOUS_AVATAR =
      "POgEwh4mIHO4nibH0KlMECNjjGxQUq24ZEaGT4poC6icRiccVGKSyXwibcPq4BWmiaIGuG1icwxaQX6grC9VemZoJ8rg";

  private static final Pattern WECHAT_PICTURE_HTTP =
      Pattern.compile("http://(?=[A-Za-z0-9.-]+\\.qlogo\\.cn/)");
  private static final Pattern HTTPS = Pattern.compile("https://[\\x21-\\x7E]+");
  private static final Pattern GENDER = Pattern.compile("[12]");

  /** Returns the profile after this was reported. */
  Profile over(Profile stored) {
    return new Profile(
        isNickName() ? nickName : stored.nickName(),
        isAvatar() ? httpsAvatarUrl() : stored.avatarUrl(),
        GENDER.matcher(gender).matches() ? Integer.parseInt(gender) : stored.gender(),
        stored.province(),
        stored.city(),
        stored.country(),
        stored.language(),
        stored.title());
  }

  private boolean isNickName() {
    return !nickName.isBlank()
        && !nickName.equals(ANONYMOUS_NICK_NAME)
        && nickName.codePointCount(0, nickName.length()) <= Profile.LONGEST_TEXT;
  }

  private boolean isAvatar() {
    String url = httpsAvatarUrl();
    return HTTPS.matcher(url).matches()
        && url.length() <= Profile.LONGEST_AVATAR_URL
        && !url.contains(ANONYMOUS_AVATAR);
  }

  private String httpsAvatarUrl() {
    return WECHAT_PICTURE_HTTP.matcher(avatarUrl).replaceFirst("https://");
  }
}
