package io.thirdsession.simulator;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every user by app and openid. Guarded by the World. */
final class Users {
  private record Key(String appId, String openId) {}

  private final Map<Key, WeChatUser> users = new HashMap<>();

  /** Returns the openid of calls that name none, and of DevTools' own codes. */
  static String defaultOpenId(String appId) {
    return Ids.openIdOf(appId, "devtools");
  }

  Optional<WeChatUser> find(String appId, String openId) {
    return Optional.ofNullable(users.get(new Key(appId, openId)));
  }

  WeChatUser findOrCreate(String appId, String openId) {
    return users.computeIfAbsent(new Key(appId, openId), key -> new WeChatUser(appId, openId));
  }

  /** Returns those whose logins WeChat refuses. */
  List<WeChatUser> blocked() {
    return users.values().stream().filter(WeChatUser::isBlocked).toList();
  }

  void clear() {
    users.clear();
  }
}
