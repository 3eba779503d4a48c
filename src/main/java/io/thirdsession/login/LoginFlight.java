package io.thirdsession.login;

import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import java.util.concurrent.CompletableFuture;

/** One exchange of one code, for as long as it runs and, if it succeeded, a while after. */
final class LoginFlight {
  private final Key key;
  private final String clientAddress;
  private final CompletableFuture<Login> outcome = new CompletableFuture<>();
  private volatile boolean weChatAnswered;

  LoginFlight(Key key, String clientAddress) {
    this.key = key;
    this.clientAddress = clientAddress;
  }

  /** Returns of which code. */
  Key key() {
    return key;
  }

  CompletableFuture<Login> outcome() {
    return outcome;
  }

  /** Returns whether this is the address whose login it was. */
  boolean isFrom(String address) {
    return clientAddress.equals(address);
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

  /** The exchange of which code, and whether a session comes of it. */
  record Key(String appId, String code, boolean keepsSession) {
    @Override
    public String toString() {
      return "Key[appId=" + appId + "]";
    }
  }
}
