package io.thirdsession.wechat;

import io.thirdsession.Futures;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * WeChat did not give what it was asked for. The message is for the operator's log; it never holds
 * the AppSecret, a code or the URL of the call.
 */
public final class WeChatException extends RuntimeException {
  private final Kind kind;
  private final int errcode;
  private final String appId;
  private final boolean beforeTheCall;

  private WeChatException(
      Kind kind, int errcode, String appId, boolean beforeTheCall, String message) {
    super(message, null, false, false); // where it was thrown tells nothing that kind does not
    this.kind = kind;
    this.errcode = errcode;
    this.appId = appId;
    this.beforeTheCall = beforeTheCall;
  }

  /** Returns a failure that WeChat did not name itself. */
  static WeChatException of(Kind kind, String message) {
    return new WeChatException(kind, 0, "", false, message);
  }

  /** Returns the failure that this errcode means for this app; 0 is not one. */
  static WeChatException ofErrcode(int errcode, String appId, String errmsg) {
    return ofErrcode(Kind.ofErrcode(errcode), errcode, appId, errmsg);
  }

  /** Returns the failure that this errcode means where it means something of its own. */
  static WeChatException ofErrcode(Kind kind, int errcode, String appId, String errmsg) {
    return new WeChatException(
        kind,
        errcode,
        appId,
        false,
        "app=" + appId + " errcode=" + errcode + " errmsg='" + errmsg + "'");
  }

  /** Returns the same failure as one of another kind. */
  WeChatException as(Kind other) {
    return new WeChatException(other, errcode, appId, beforeTheCall, String.valueOf(getMessage()));
  }

  /** Returns the same failure as one that kept the call itself from being made. */
  WeChatException beforeTheCall() {
    return new WeChatException(kind, errcode, appId, true, String.valueOf(getMessage()));
  }

  /** Returns the failure with which a future of {@link WeChatClient} ended. */
  public static WeChatException of(Throwable failure) {
    Throwable cause = Futures.cause(failure);
    return cause instanceof WeChatException e
        ? e
        : of(Kind.MALFORMED, cause.getClass().getSimpleName());
  }

  /** Returns what sort of failure this is. */
  public Kind kind() {
    return kind;
  }

  /** Returns WeChat's errcode; empty when the failure is not an answer of WeChat's. */
  public OptionalInt errcode() {
    return errcode == 0 ? OptionalInt.empty() : OptionalInt.of(errcode);
  }

  /** Returns the app that WeChat refused; empty when the failure is not an answer of WeChat's. */
  public String appId() {
    return appId;
  }

  /** Returns whether WeChat has not acted on the call, so that a code in it is still good. */
  public boolean wasNotAsked() {
    return beforeTheCall || kind == Kind.UNREACHABLE || kind == Kind.OVERLOADED;
  }

  /** Returns what the operator can do about it, in one line; empty for what is no fault of ours. */
  public Optional<String> cure() {
    return kind == Kind.CONFIGURATION
        ? Optional.of(ConfigurationCures.of(errcode))
        : Optional.empty();
  }

  /** The sorts of failures, by what a caller can do about them. */
  public enum Kind {
    /** The code is unknown, expired, used, another app's or missing: 40029, 40163, 41008. */
    CODE_REFUSED,
    /** The code of a phone button is unknown, expired, used, another app's or another user's. */
    PHONE_CODE_REFUSED,
    /** WeChat blocks this user: 40226. */
    USER_BLOCKED,
    /** Too many calls in this minute: 45011. */
    RATE_LIMITED,
    /** Too many calls today: 45009. */
    QUOTA_EXHAUSTED,
    /** Our AppID, AppSecret, address or permission is refused: the operator must act. */
    CONFIGURATION,
    /** WeChat is busy (-1), also when asked again. */
    BUSY,
    /** Nothing was sent: no connection, no name, no TLS. */
    UNREACHABLE,
    /** No whole answer in time, or the connection broke after sending: the code may be spent. */
    TIMEOUT,
    /** An answer that is not the documented one. */
    MALFORMED,
    /** Not asked at all: WeChat has been failing, or too many calls are waiting for it. */
    OVERLOADED;

    static Kind ofErrcode(int errcode) {
      return switch (errcode) {
        case 40029, 40163, 41008 -> CODE_REFUSED;
        case 40226 -> USER_BLOCKED;
        case 45011 -> RATE_LIMITED;
        case 45009 -> QUOTA_EXHAUSTED;
        case 40013, 40125, 40164, 40243, 41002, 41004, 40002, 48001, 50002, 61004 -> CONFIGURATION;
        case -1 -> BUSY;
        default -> MALFORMED;
      };
    }
  }
}
