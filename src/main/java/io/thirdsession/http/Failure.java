package io.thirdsession.http;

import io.thirdsession.Futures;
import io.thirdsession.jdbc.StorageException;
import io.thirdsession.wechat.WeChatException;
import java.util.concurrent.RejectedExecutionException;

/** The one place where exceptions of every kind become an {@link ApiException}. */
final class Failure {
  private Failure() {}

  /** Returns what to tell the client about this exception. */
  static ApiException of(Throwable thrown) {
    Throwable cause = Futures.cause(thrown);
    if (cause instanceof ApiException e) {
      return e;
    }
    if (cause instanceof WeChatException e) {
      String diagnosis = "WeChat: " + e.getMessage() + e.cure().map(c -> "; cure: " + c).orElse("");
      return ApiException.ofErrcode(error(e.kind()), e.errcode().orElse(0), e.appId(), diagnosis);
    }
    if (cause instanceof StorageException e && e.isUnavailable()) {
      return ApiException.of(ApiError.STORAGE_UNAVAILABLE, "database: " + e.getMessage(), e);
    }
    if (cause instanceof RejectedExecutionException e) {
      return ApiException.of(ApiError.OVERLOADED, "no thread is left for the database", e);
    }
    return ApiException.of(ApiError.INTERNAL_ERROR, cause.getClass().getName(), cause);
  }

  private static ApiError error(WeChatException.Kind kind) {
    return switch (kind) {
      case CODE_REFUSED -> ApiError.CODE_INVALID;
      case PHONE_CODE_REFUSED -> ApiError.PHONE_CODE_INVALID;
      case USER_BLOCKED -> ApiError.USER_BLOCKED;
      case RATE_LIMITED -> ApiError.RATE_LIMITED;
      case QUOTA_EXHAUSTED -> ApiError.WECHAT_QUOTA;
      case CONFIGURATION -> ApiError.WECHAT_CONFIG;
      case BUSY -> ApiError.WECHAT_BUSY;
      case UNREACHABLE -> ApiError.WECHAT_UNREACHABLE;
      case TIMEOUT -> ApiError.WECHAT_TIMEOUT;
      case MALFORMED -> ApiError.WECHAT_MALFORMED;
      case OVERLOADED -> ApiError.OVERLOADED;
    };
  }
}
