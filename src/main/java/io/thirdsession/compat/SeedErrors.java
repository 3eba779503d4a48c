package io.thirdsession.compat;

import io.thirdsession.http.ApiError;
import io.thirdsession.http.ErrorBody;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Errors as older clients read them: with an error number, which is WeChat's own if it concerns the
 * caller, else -1. The status is 200 for errors that the caller or WeChat caused; our own faults
 * keep their status.
 */
final class SeedErrors {
  /** The shape of all pages except {@code /getOpenid.html}. */
  static final ErrorBody CODE = shape("code", "message");

  private static final Set<Integer> CALLERS_OWN = Set.of(40029, 40163, 41008, 40226, 45011);

  /** Faults of ours: everything else is the caller's or WeChat's. */
  private static final Set<ApiError> OURS =
      Set.of(
          ApiError.INTERNAL_ERROR,
          ApiError.STORAGE_UNAVAILABLE,
          ApiError.STORAGE_UNAVAILABLE_CODE_SPENT,
          ApiError.IMPORT_UNREACHABLE,
          ApiError.OVERLOADED);

  private SeedErrors() {}

  /** Returns the shape that has the error number and the message under these names. */
  static ErrorBody shape(String numberName, String textName) {
    return (failure, facts) -> {
      ApiError error = failure.error();
      Map<String, Object> body = new LinkedHashMap<>();
      body.put(numberName, CALLERS_OWN.contains(failure.errcode()) ? failure.errcode() : -1);
      body.put(textName, failure.message(facts.locale()));
      body.put("error", error.code());
      failure.field().ifPresent(field -> body.put("field", field));
      body.put("requestId", facts.requestId());
      return new ErrorBody.Rendered(status(error), body);
    };
  }

  /** Returns the HTTP status with which older clients get this error. */
  static int status(ApiError error) {
    return OURS.contains(error) ? error.status() : 200;
  }
}
