package io.thirdsession.http;

import java.time.Duration;
import java.util.Locale;

/**
 * What a response can say went wrong. Codes, statuses and flags are a contract with every client
 * that is out there: add, never change.
 */
public enum ApiError {
  /** WeChat refuses the login code: get a new one. */
  CODE_INVALID(
      400,
      Flag.RELOGIN,
      0,
      "登录凭证无效或已被使用，请重新登录",
      "The login code is invalid or was used; log in again"),
  /** WeChat blocks this user. */
  USER_BLOCKED(403, Flag.NONE, 0, "该微信账号已被限制登录", "WeChat does not let this user log in"),
  /** An operator disabled this user. */
  USER_DISABLED(403, Flag.NONE, 0, "该账号已被停用", "This user is disabled"),
  /** Too many calls, ours or WeChat's limit. */
  RATE_LIMITED(429, Flag.RETRYABLE, 60, "操作过于频繁，请稍后再试", "Too many requests; try again later"),
  /** Too many logins of one user, known once WeChat has answered, so that the code is spent. */
  RATE_LIMITED_CODE_SPENT(
      "rate_limited", 429, Flag.RELOGIN, 60, "登录过于频繁，请稍后再试", "Too many logins; log in again later"),
  /** WeChat's daily quota is used up. */
  WECHAT_QUOTA(503, Flag.NONE, 3600, "微信接口今日调用次数已达上限", "WeChat's quota for today is used up"),
  /** WeChat refuses our configuration; only the operator learns what. */
  WECHAT_CONFIG(
      503,
      Flag.NONE,
      60,
      "登录服务配置有误，请联系管理员",
      "The login service is misconfigured; tell its operator"),
  /** WeChat is busy, also when asked again. */
  WECHAT_BUSY(503, Flag.RELOGIN, 1, "微信系统繁忙，请重新登录", "WeChat is busy; log in again"),
  /** WeChat could not be asked; the code is still good. */
  WECHAT_UNREACHABLE(
      503, Flag.RETRYABLE, 1, "暂时无法连接微信，请稍后再试", "WeChat cannot be reached; try again"),
  /** WeChat did not answer in time; the code may be spent. */
  WECHAT_TIMEOUT(
      504, Flag.RELOGIN, 0, "微信响应超时，请重新登录", "WeChat did not answer in time; log in again"),
  /** WeChat's response is not the documented one. */
  WECHAT_MALFORMED(
      502, Flag.RELOGIN, 0, "微信返回的数据异常，请重新登录", "WeChat's response cannot be read; log in again"),
  /** A push of WeChat's could not be handed on; WeChat sends it again. */
  PUSH_RELAY_FAILED(502, Flag.NONE, 0, "消息推送转发失败", "The push could not be handed on"),
  /** The operator's system must be asked about a new user, and says nothing; the code is spent. */
  IMPORT_UNREACHABLE(
      503,
      Flag.RELOGIN,
      1,
      "暂时无法获取账号信息，请重新登录",
      "The account cannot be looked up now; log in again"),
  /** Too much to do, or WeChat has been failing: not tried. */
  OVERLOADED(503, Flag.RETRYABLE, 1, "服务繁忙，请稍后再试", "The service is busy; try again"),
  /** The database is away. */
  STORAGE_UNAVAILABLE(
      503, Flag.RETRYABLE, 1, "服务暂时不可用，请稍后再试", "The service is unavailable; try again"),
  /** The database is away after WeChat has answered, so that the code is spent. */
  STORAGE_UNAVAILABLE_CODE_SPENT(
      "storage_unavailable",
      503,
      Flag.RELOGIN,
      1,
      "服务暂时不可用，请重新登录",
      "The service is unavailable; log in again"),
  /** Open data does not decrypt, whatever the reason. */
  DECRYPT_FAILED(
      409,
      Flag.RELOGIN,
      0,
      "数据解密失败，请重新登录后再点击一次",
      "The data cannot be decrypted; log in, then tap again"),
  /** WeChat refuses the code of the phone button: only another tap gives another one. */
  PHONE_CODE_INVALID(
      409,
      Flag.NONE,
      0,
      "手机号获取凭证无效或已被使用，请重新点击",
      "The code of the phone button is invalid or was used; tap again"),
  /** No session, or one that is unknown, expired or ended. */
  SESSION_INVALID(401, Flag.RELOGIN, 0, "登录状态已失效，请重新登录", "Invalid session; log in"),
  /** These are not the credentials of a service client. */
  CLIENT_INVALID(401, Flag.NONE, 0, "服务端凭证无效", "Invalid credentials of a service client"),
  /** The service client may not do this, or not for this app. */
  FORBIDDEN(403, Flag.NONE, 0, "该服务端凭证没有此权限", "This service client may not do that"),
  /**
   * The signature is not the one that WeChat gives for this string under the user's session_key.
   */
  SIGNATURE_INVALID(
      409,
      Flag.RELOGIN,
      0,
      "数据签名校验失败，请重新登录后再试",
      "Invalid signature; log in and request the profile again"),
  /** Something else already has what is to be unique. */
  CONFLICT(409, Flag.NONE, 0, "与已有数据冲突", "It conflicts with what is there already"),
  /** What is asked for was kept long enough and is deleted. */
  CURSOR_EXPIRED(
      410,
      Flag.NONE,
      0,
      "起点之后的事件已过保留期，请全量同步后去掉 after 重新读取",
      "Events behind after are deleted: synchronise in full, then read without after"),
  /** Needs a login of the last minutes. */
  LOGIN_REQUIRED(403, Flag.RELOGIN, 0, "为保障账号安全，请重新登录后再操作", "Log in again first"),
  /** A field is missing or wrong. */
  INVALID_REQUEST(400, Flag.NONE, 0, "请求参数有误", "Invalid request"),
  /** There is nothing here. */
  NOT_FOUND(404, Flag.NONE, 0, "请求的地址不存在", "There is nothing at this URL"),
  /** Not this way; {@code Allow} says which. */
  METHOD_NOT_ALLOWED(405, Flag.NONE, 0, "不支持该请求方法", "This method is not allowed here"),
  /** The body is too long. */
  PAYLOAD_TOO_LARGE(413, Flag.NONE, 0, "请求内容过大", "The request is too large"),
  /** The body is of another media type. */
  UNSUPPORTED_MEDIA_TYPE(415, Flag.NONE, 0, "不支持该内容类型", "Unsupported media type"),
  /** A fault of ours. */
  INTERNAL_ERROR(500, Flag.NONE, 0, "服务器内部错误", "Something went wrong on our side");

  private final String code;
  private final int status;
  private final Flag flag;
  private final int retryAfterSeconds;
  private final String chinese;
  private final String english;

  ApiError(int status, Flag flag, int retryAfterSeconds, String chinese, String english) {
    this("", status, flag, retryAfterSeconds, chinese, english);
  }

  ApiError(
      String code, int status, Flag flag, int retryAfterSeconds, String chinese, String english) {
    this.code = code.isEmpty() ? name().toLowerCase(Locale.ROOT) : code;
    this.status = status;
    this.flag = flag;
    this.retryAfterSeconds = retryAfterSeconds;
    this.chinese = chinese;
    this.english = english;
  }

  /** Returns the value of {@code error} in responses. */
  public String code() {
    return code;
  }

  /** Returns the HTTP status. */
  public int status() {
    return status;
  }

  /** Returns whether the client must get a new code or token first. */
  public boolean relogin() {
    return flag == Flag.RELOGIN;
  }

  /** Returns whether the same request may succeed later. */
  public boolean retryable() {
    return flag == Flag.RETRYABLE;
  }

  /**
   * Returns whether the user must tap the button again, because what it gave is of no use any more.
   */
  public boolean tapAgain() {
    return this == DECRYPT_FAILED || this == PHONE_CODE_INVALID;
  }

  /** Returns how long the client should wait; zero where that would not help. */
  public Duration retryAfter() {
    return Duration.ofSeconds(retryAfterSeconds);
  }

  /** Returns the sentence for people that fits every error of this kind. */
  Message message() {
    return new Message(chinese, english);
  }

  private enum Flag {
    NONE,
    RELOGIN,
    RETRYABLE
  }
}
