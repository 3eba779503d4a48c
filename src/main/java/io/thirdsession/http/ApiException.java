package io.thirdsession.http;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Ends a request with this error. Throw it where the fact is known; one class answers. */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ApiError error;
  private final @Nullable String field;
  private final int errcode;
  private final String appId;
  private final Duration retryAfter;

  private ApiException(
      ApiError error,
      @Nullable String field,
      int errcode,
      String appId,
      Duration retryAfter,
      String diagnosis,
      @Nullable Throwable cause) {
    super(diagnosis, cause);
    this.error = error;
    this.field = field;
    this.errcode = errcode;
    this.appId = appId;
    this.retryAfter = retryAfter;
  }

  /**
   * Returns the exception for this error.
   *
   * @param diagnosis one line for log and developer; no secret, nothing that a client sent
   */
  public static ApiException of(ApiError error, String diagnosis) {
    return new ApiException(error, null, 0, "", error.retryAfter(), diagnosis, null);
  }

  /** Returns the exception for this error, brought about by another one. */
  public static ApiException of(ApiError error, String diagnosis, Throwable cause) {
    return new ApiException(error, null, 0, "", error.retryAfter(), diagnosis, cause);
  }

  /**
   * Returns the exception for an error that WeChat gave this number for this app, or 0 for none.
   */
  static ApiException ofErrcode(ApiError error, int errcode, String appId, String diagnosis) {
    return new ApiException(error, null, errcode, appId, error.retryAfter(), diagnosis, null);
  }

  /** Returns what this exception of any kind means for the client. */
  public static ApiException of(Throwable thrown) {
    return Failure.of(thrown);
  }

  /** Returns {@link ApiError#RATE_LIMITED} with the time until it may be tried again. */
  public static ApiException rateLimited(String diagnosis, Duration retryAfter) {
    return new ApiException(ApiError.RATE_LIMITED, null, 0, "", retryAfter, diagnosis, null);
  }

  /** Returns the same limit for a request whose code is spent by now. */
  public ApiException codeSpent() {
    return new ApiException(
        ApiError.RATE_LIMITED_CODE_SPENT, null, 0, "", retryAfter, diagnosis(), this);
  }

  /** Returns {@link ApiError#INVALID_REQUEST} for this field. */
  public static ApiException invalid(String field, String diagnosis) {
    return new ApiException(
        ApiError.INVALID_REQUEST, field, 0, "", Duration.ZERO, field + " " + diagnosis, null);
  }

  /** Returns what the client is told. */
  public ApiError error() {
    return error;
  }

  /** Returns the field that is wrong. */
  public Optional<String> field() {
    return Optional.ofNullable(field);
  }

  /** Returns WeChat's errcode, or 0. */
  public int errcode() {
    return errcode;
  }

  /** Returns the app that WeChat refused, or an empty text. */
  String appId() {
    return appId;
  }

  /** Returns how long the client should wait, in whole seconds; zero where that would not help. */
  Duration retryAfter() {
    return Duration.ofSeconds(retryAfter.plusNanos(999_999_999).toSeconds());
  }

  /** Returns one line for log and developer. */
  public String diagnosis() {
    return String.valueOf(getMessage());
  }
}
