package io.thirdsession.profile;

/**
 * What a user says about themselves. An empty string or gender 0 means not given.
 *
 * @param nickName at most 64 code points
 * @param avatarUrl https, at most 512 characters; or the path of a picture stored here
 * @param gender 0 unknown, 1 male, 2 female
 * @param province at most 64 code points, as are city, country, language and title
 */
public record Profile(
    String nickName,
    String avatarUrl,
    int gender,
    String province,
    String city,
    String country,
    String language,
    String title) {
  /** An empty profile. */
  public static final Profile NONE = new Profile("", "", 0, "", "", "", "", "");

  /** The maximum number of code points in each string except the avatar's URL. */
  public static final int MAX_TEXT_LENGTH = 64;

  /** The maximum number of characters in the avatar's URL. */
  public static final int MAX_AVATAR_URL_LENGTH = 512;

  /** Returns the avatar's URL in a form that anybody can load; empty if none was given. */
  public String absoluteAvatarUrl(String baseUrl) {
    return AvatarService.isPath(avatarUrl) ? baseUrl + avatarUrl : avatarUrl;
  }
}
