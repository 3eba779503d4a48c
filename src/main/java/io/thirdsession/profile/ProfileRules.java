package io.thirdsession.profile;

import java.util.Set;
import java.util.regex.Pattern;

/** Decides which values a profile may have, and recognises WeChat's anonymous profiles. */
final class ProfileRules {
  /** The nickname that WeChat gives everybody who has not agreed to share theirs. */
  private static final String ANONYMOUS_NICK_NAME = "微信用户";

  /** The constant part of the URL of the gray picture that goes with it. */
  private static final String ANONYMOUS_AVATAR =
      "POgEwh4mIHO4nibH0KlMECNjjGxQUq24ZEaGT4poC6icRiccVGKSyXwibcPq4BWmiaIGuG1icwxaQX6grC9VemZoJ8rg";

  private static final Pattern WECHAT_PICTURE_HTTP =
      Pattern.compile("http://(?=[A-Za-z0-9.-]+\\.qlogo\\.cn/)");

  /**
   * Printable ASCII without the characters that no URL contains (RFC 3986 §2) or that pages must
   * escape.
   */
  private static final Pattern HTTPS = Pattern.compile("https://[\\x21-\\x7E&&[^\"'<>\\\\`]]+");

  /** Filler characters, which show nothing although Unicode does not classify them as spaces. */
  private static final Set<Integer> FILLERS = Set.of(0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0);

  /**
   * The URLs by which WeChat names files on the phone, and DevTools files on the developer's
   * machine.
   */
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

  /** Returns whether a string is short enough. */
  static boolean fits(String text) {
    return text.codePointCount(0, text.length()) <= Profile.MAX_TEXT_LENGTH;
  }

  /**
   * Returns whether a string shows anything; spaces, control and format characters, marks without a
   * letter, and fillers do not.
   */
  static boolean isVisible(String text) {
    return text.codePoints().anyMatch(ProfileRules::isVisible);
  }

  private static boolean isVisible(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.NON_SPACING_MARK,
          Character.ENCLOSING_MARK ->
          false;
      default -> !FILLERS.contains(codePoint);
    };
  }

  /** Returns the URL, changed from http to https if it is a picture hosted by WeChat. */
  static String https(String url) {
    if (url.length() > Profile.MAX_AVATAR_URL_LENGTH) {
      return url;
    }
    return WECHAT_PICTURE_HTTP.matcher(url).replaceFirst("https://");
  }

  static boolean isAvatarUrl(String url) {
    return url.length() <= Profile.MAX_AVATAR_URL_LENGTH && HTTPS.matcher(url).matches();
  }

  /** Returns whether this looks like the URL of a picture stored here. */
  static boolean isPictureOfOurs(String url) {
    return PICTURE_OF_OURS.matcher(url).matches();
  }

  /** Returns whether this is the URL of a file that only the phone itself can load. */
  static boolean isTemporaryFile(String url) {
    return TEMPORARY_FILE.matcher(url).matches();
  }
}
