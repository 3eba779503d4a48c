package io.thirdsession.login;

import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import java.util.concurrent.CompletableFuture;

/** One exchange of one code, for as long as it runs and, if it succeeded, a while after. */
final class LoginFlight {
  private final Key key;
  private final CompletableFuture<Login> outcome = new CompletableFuture<>();
  private volatile boolean weChatAnswered;

  LoginFlight(Key key) {
    this.key = key;
  }

  /** Returns what it exchanges. */
  Key key() {
    return key;
  }

  CompletableFuture<Login> outcome() {
    return outcome;
  }

  void weChatHasAnswered() {
    weChatAnswered = true;
  }

  /** Returns what to tell a client whose deadline passes while the login is under way. */
  ApiException late() {
    return weChatAnswered
        ? ApiException.of(
            ApiError.STORAGE_UNAVAILABLE_CODE_SPENT, "the deadline passed in the database")
        : ApiException.of(ApiError.WECHAT_TIMEOUT, "the deadline passed while WeChat was asked");
  }

  /**
   * What makes two requests one login: the code of an app, sent from one IP address, and whether a
   * session comes of it. Whoever sends the same code from elsewhere asks WeChat, takes nothing of
   * this login, and takes nothing from it by being refused.
   */
  record Key(String appId, String code, boolean keepsSession, String clientAddress) {
    @Override
    public String toString() {
      return "Key[appId=" + appId + "]";
    }
  }
}
