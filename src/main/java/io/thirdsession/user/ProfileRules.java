package io.thirdsession.user;

import java.util.regex.Pattern;

/** What a profile can hold, and how WeChat's anonymous profiles are told from real ones. */
final class ProfileRules {
  /** The nickname that WeChat gives everybody who has not agreed to give theirs. */
  private static final String ANONYMOUS_NICK_NAME = "微信用户";

  /** The gray picture that goes with it; the part of its URL that stays the same. */
  private static final String ANONYMOUS_AVATAR =
      "POgEwh4mIHO4nibH0KlMECNjjGxQUq24ZEaGT4poC6icRiccVGKSyXwibcPq4BWmiaIGuG1icwxaQX6grC9VemZoJ8rg";

  private static final Pattern WECHAT_PICTURE_HTTP =
      Pattern.compile("http://(?=[A-Za-z0-9.-]+\\.qlogo\\.cn/)");
  private static final Pattern HTTPS = Pattern.compile("https://[\\x21-\\x7E]+");

  /** What WeChat calls files on the phone, and DevTools on the developer's machine. */
  private static final Pattern TEMPORARY_FILE =
      Pattern.compile(
          "(?:wxfile:|blob:|file:|http://(?:tmp|usr|store)[/_]|http://[^/]*/__tmp__/).*");

  private static final Pattern PICTURE_OF_OURS =
      Pattern.compile("https?://.*" + AvatarService.PATH.pattern());

  private ProfileRules() {}

  static boolean isAnonymousNickName(String nickName) {
    return nickName.equals(ANONYMOUS_NICK_NAME);
  }

  static boolean isAnonymousAvatar(String url) {
    return url.contains(ANONYMOUS_AVATAR);
  }

  /** Returns whether a text is short enough. */
  static boolean fits(String text) {
    return text.codePointCount(0, text.length()) <= Profile.LONGEST_TEXT;
  }

  /** Returns the URL, by https where it is a picture that WeChat keeps. */
  static String https(String url) {
    return WECHAT_PICTURE_HTTP.matcher(url).replaceFirst("https://");
  }

  static boolean isAvatarUrl(String url) {
    return url.length() <= Profile.LONGEST_AVATAR_URL && HTTPS.matcher(url).matches();
  }

  /** Returns whether this looks like the address of a picture that is kept here. */
  static boolean isPictureOfOurs(String url) {
    return PICTURE_OF_OURS.matcher(url).matches();
  }

  /** Returns whether this names a file that nobody but the phone itself can load. */
  static boolean isTemporaryFile(String url) {
    return TEMPORARY_FILE.matcher(url).matches();
  }
}
