package io.thirdsession.user;

/** Which identity: an openid in an app. */
record IdentityKey(String appId, String openId) {
  static IdentityKey of(AppLogin login) {
    return new IdentityKey(login.appId(), login.codeSession().openId());
  }

  static IdentityKey of(Identity identity) {
    return new IdentityKey(identity.appId(), identity.openId());
  }
}
