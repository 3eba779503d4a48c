package io.thirdsession.backend;

import io.thirdsession.client.Scope;
import io.thirdsession.client.ServiceClient;
import io.thirdsession.user.BoundPhone;
import io.thirdsession.user.DirectoryEntry;
import io.thirdsession.user.HeldIdentity;
import io.thirdsession.user.Profile;
import io.thirdsession.user.User;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A user as a back end sees them, in the names that WeChat's servers use. */
final class BackendUser {
  private BackendUser() {}

  /** Returns what becomes JSON; a whole phone number only for who may see one. */
  static Map<String, Object> of(DirectoryEntry entry, ServiceClient client, String baseUrl) {
    User user = entry.user();
    Profile profile = user.profile();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("userId", user.id());
    body.put("identities", entry.identities().stream().map(BackendUser::identity).toList());
    body.put("nickName", profile.nickName());
    body.put("avatarUrl", profile.absoluteAvatarUrl(baseUrl));
    body.put("gender", profile.gender());
    body.put("province", profile.province());
    body.put("city", profile.city());
    body.put("country", profile.country());
    body.put("language", profile.language());
    body.put("title", profile.title());
    entry.phone().ifPresent(phone -> putPhone(body, phone, client));
    body.put("disabled", user.disabled());
    body.put("createdAt", user.createdAt());
    body.put("lastLoginAt", user.lastLoginAt());
    return body;
  }

  private static void putPhone(Map<String, Object> body, BoundPhone phone, ServiceClient client) {
    body.put("maskedPhone", phone.masked());
    body.put("phoneSource", phone.source().label());
    body.put("phoneBoundAt", phone.boundAt());
    if (client.scopes().contains(Scope.PHONE)) {
      body.put("phoneNumber", phone.number().phoneNumber());
      body.put("purePhoneNumber", phone.number().purePhoneNumber());
      body.put("countryCode", phone.number().countryCode());
    }
  }

  private static Map<String, Object> identity(HeldIdentity identity) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("appid", identity.appId());
    body.put("openid", identity.openId());
    body.put("unionid", identity.unionId() == null ? "" : identity.unionId());
    return body;
  }

  /** Returns the answer of every lookup. */
  static Map<String, Object> list(
      List<DirectoryEntry> entries, ServiceClient client, String baseUrl) {
    return Map.of("users", entries.stream().map(entry -> of(entry, client, baseUrl)).toList());
  }
}
