package io.thirdsession.compat;

import io.thirdsession.session.Session;
import io.thirdsession.user.Profile;
import java.util.LinkedHashMap;
import java.util.Map;

/** A user as wafer's clients know one: WeChat's userInfo, and who that is in their app. */
final class WaferUser {
  private WaferUser() {}

  /** Returns {@code userinfo}; it is never empty, for version 2 takes none for a failure. */
  static Map<String, Object> of(Session session, Profile profile, String baseUrl) {
    UserInfo info = UserInfo.of(profile, baseUrl);
    Map<String, Object> user = new LinkedHashMap<>();
    user.put("openId", session.openId());
    session.unionId().ifPresent(unionId -> user.put("unionId", unionId));
    user.put("nickName", info.nickName());
    user.put("avatarUrl", info.avatarUrl());
    user.put("gender", info.gender());
    user.put("province", info.province());
    user.put("city", info.city());
    user.put("country", info.country());
    user.put("language", info.language());
    return user;
  }
}
