package io.thirdsession.login;

import io.thirdsession.session.SessionToken;
import io.thirdsession.user.AppLogin;

/**
 * A login that WeChat has confirmed, with the ids and the token that it is to have. Two are never
 * equal.
 *
 * @param request as the client asked for it
 * @param appLogin who logs in
 * @param token for the client
 */
record ConfirmedLogin(LoginRequest request, AppLogin appLogin, SessionToken token) {
  /** Returns what identifies the user: app and openid. */
  String identity() {
    return appLogin.appId() + " " + appLogin.codeSession().openId();
  }

  /** Returns the same login, for which no new user is made. */
  ConfirmedLogin ofKnownUser() {
    return new ConfirmedLogin(request, appLogin.ofKnownUser(), token);
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
