package io.thirdsession.http;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Ends a request with this error. Throw it where the fact is known; one class answers. */
public final class ApiException extends RuntimeException {
  /** Stands for a field whose name is not to be repeated. */
  static final String UNNAMED = "?";

  private final ApiError error;
  private final @Nullable String field;
  private final int errcode;
  private final String appId;
  private final Duration retryAfter;
  private final Message message;

  private ApiException(
      ApiError error,
      @Nullable String field,
      int errcode,
      String appId,
      Duration retryAfter,
      Message message,
      String diagnosis,
      @Nullable Throwable cause) {
    super(diagnosis, cause, true, error == ApiError.INTERNAL_ERROR); // no other trace is logged
    this.error = error;
    this.field = field;
    this.errcode = errcode;
    this.appId = appId;
    this.retryAfter = retryAfter;
    this.message = message;
  }

  private static ApiException of(
      ApiError error, Duration retryAfter, String diagnosis, @Nullable Throwable cause) {
    return new ApiException(error, null, 0, "", retryAfter, error.message(), diagnosis, cause);
  }

  /**
   * Returns the exception for this error.
   *
   * @param diagnosis one line for log and developer; no secret, nothing that a client sent
   */
  public static ApiException of(ApiError error, String diagnosis) {
    return of(error, error.retryAfter(), diagnosis, null);
  }

  /** Returns the exception for this error, brought about by another one. */
  public static ApiException of(ApiError error, String diagnosis, Throwable cause) {
    return of(error, error.retryAfter(), diagnosis, cause);
  }

  /**
   * Returns the exception for an error that WeChat gave this number for this app, or 0 for none.
   */
  static ApiException ofErrcode(ApiError error, int errcode, String appId, String diagnosis) {
    return new ApiException(
        error, null, errcode, appId, error.retryAfter(), error.message(), diagnosis, null);
  }

  /** Returns what this exception of any kind means for the client. */
  public static ApiException of(Throwable thrown) {
    return Failure.of(thrown);
  }

  /**
   * Returns {@link ApiError#SESSION_INVALID} for a user who is gone since their session was
   * checked.
   */
  public static ApiException userErased() {
    return of(ApiError.SESSION_INVALID, "the user was erased meanwhile");
  }

  /** Returns {@link ApiError#RATE_LIMITED} with the time until it may be tried again. */
  public static ApiException rateLimited(String diagnosis, Duration retryAfter) {
    return of(ApiError.RATE_LIMITED, retryAfter, diagnosis, null);
  }

  /**
   * Returns what this error is once WeChat has taken the request's code: an error that asks the
   * client to send the same request again becomes one that asks it for a new code; any other stays
   * as it is.
   */
  public ApiException codeSpent() {
    return switch (error) {
      case RATE_LIMITED -> sameAs(ApiError.RATE_LIMITED_CODE_SPENT);
      case STORAGE_UNAVAILABLE, OVERLOADED -> sameAs(ApiError.STORAGE_UNAVAILABLE_CODE_SPENT);
      default -> this;
    };
  }

  private ApiException sameAs(ApiError told) {
    return new ApiException(
        told, field, errcode, appId, retryAfter, told.message(), diagnosis(), this);
  }

  /** Returns {@link ApiError#INVALID_REQUEST} for this field, whose message names the field. */
  public static ApiException invalid(String field, String diagnosis) {
    ApiError error = ApiError.INVALID_REQUEST;
    Message message = error.message();
    if (!field.equals(UNNAMED)) {
      message = new Message(message.chinese() + "：" + field, message.english() + ": " + field);
    }
    return new ApiException(
        error, field, 0, "", Duration.ZERO, message, field + " " + diagnosis, null);
  }

  /**
   * Returns the same with a message that says more than that of the error: the limit, and what the
   * user can do.
   *
   * @param chinese nothing that a client sent, as in {@code english}
   */
  public ApiException saying(String chinese, String english) {
    return new ApiException(
        error,
        field,
        errcode,
        appId,
        retryAfter,
        new Message(chinese, english),
        diagnosis(),
        getCause());
  }

  /** Returns what the client is told. */
  public ApiError error() {
    return error;
  }

  /** Returns the sentence for people, in English or Chinese. */
  public String message(Locale locale) {
    return message.in(locale);
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
