package io.thirdsession.login;

import io.thirdsession.Secret;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.profile.ReportedProfile;
import io.thirdsession.session.SessionOrigin;
import io.thirdsession.wechat.CodeSession;
import io.thirdsession.wechat.SessionKey;
import io.thirdsession.wechat.WeChatApp;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** Logins as they are when WeChat has confirmed them. */
final class ConfirmedLogins {
  static final LoginRequest REQUEST = request("wx1");

  private ConfirmedLogins() {}

  static LoginRequest request(String appId) {
    return new LoginRequest(
        new WeChatApp(appId, Secret.of("secret")),
        "code",
        SessionOrigin.LOGIN,
        new RequestFacts(
            "r",
            Optional.empty(),
            "127.0.0.1",
            Optional.empty(),
            Locale.CHINESE,
            "http://localhost",
            0),
        LoginRequest.NO_DEVICE,
        ReportedProfile.NONE,
        Optional.empty(),
        Optional.empty());
  }

  static CodeSession of(String openId) {
    return of(openId, Optional.empty());
  }

  static CodeSession of(String openId, Optional<String> unionId) {
    return of(openId, openId, unionId);
  }

  /** Returns what WeChat gives with another session_key for each text. */
  static CodeSession of(String openId, String key, Optional<String> unionId) {
    byte[] bytes = (key + "0123456789abcdef").substring(0, 16).getBytes(StandardCharsets.UTF_8);
    return new CodeSession(openId, unionId, SessionKey.of(bytes));
  }
}
