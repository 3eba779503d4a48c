package io.thirdsession.compat;

import io.thirdsession.profile.Profile;
import io.thirdsession.session.Session;
import java.util.Optional;

/**
 * A user in the format of wafer's clients: WeChat's userInfo with the user's openid and unionid. It
 * is never empty, because version 2 takes an empty one for a failure.
 */
record WaferUser(
    String openId,
    Optional<String> unionId,
    String nickName,
    String avatarUrl,
    int gender,
    String province,
    String city,
    String country,
    String language) {

  /** Returns the user of this session. */
  static WaferUser of(Session session, Profile profile, String baseUrl) {
    return new WaferUser(
        session.openId(),
        session.unionId(),
        profile.nickName(),
        profile.absoluteAvatarUrl(baseUrl),
        profile.gender(),
        profile.province(),
        profile.city(),
        profile.country(),
        profile.language());
  }
}
