package io.thirdsession.compat;

import io.thirdsession.profile.Profile;

/** A profile as {@code wx.getUserInfo} gives it. */
record UserInfo(
    String nickName,
    String avatarUrl,
    int gender,
    String province,
    String city,
    String country,
    String language) {
  static final UserInfo NONE = of(Profile.NONE, "");

  static UserInfo of(Profile profile, String baseUrl) {
    return new UserInfo(
        profile.nickName(),
        profile.absoluteAvatarUrl(baseUrl),
        profile.gender(),
        profile.province(),
        profile.city(),
        profile.country(),
        profile.language());
  }
}
