package io.thirdsession.user;

/**
 * What a user says of themselves. Empty text and gender 0 mean: never given.
 *
 * @param nickName at most 64 code points
 * @param avatarUrl https, at most 512 characters; or the path of a picture that is kept here
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
  /** Of which nothing was given. */
  public static final Profile NONE = new Profile("", "", 0, "", "", "", "", "");

  /** The most code points in every text but the avatar's URL. */
  public static final int LONGEST_TEXT = 64;

  /** The most characters in the avatar's URL. */
  public static final int LONGEST_AVATAR_URL = 512;

  /** Returns the avatar's URL as anybody can load it; empty if none was given. */
  public String absoluteAvatarUrl(String baseUrl) {
    return AvatarService.isPath(avatarUrl) ? baseUrl + avatarUrl : avatarUrl;
  }
}
