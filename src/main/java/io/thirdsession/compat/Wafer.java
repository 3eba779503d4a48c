package io.thirdsession.compat;

import io.thirdsession.http.ApiError;
import io.thirdsession.http.ErrorBody;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the client SDKs of wafer, versions 1 and 2, agree on with their server.
 *
 * <p>Version 1 takes every answer that holds {@link #MAGIC} for one of the login machinery: it
 * drops its session and, if the error is {@code ERR_INVALID_SESSION}, logs in and repeats the
 * request once. Version 2 does the same on status 401 and on code -1. So an answer that must not
 * cost a client its session has none of the three.
 */
final class Wafer {
  /** The name that marks answers of the login machinery. */
  static final String MAGIC = "F2C224D4-2BCE-4C64-AF9F-A6D872000D1A";

  /** What {@code wx.login} gave. */
  static final String CODE = "X-WX-Code";

  /** Together with {@link #IV}, what {@code wx.getUserInfo} gave. */
  static final String ENCRYPTED_DATA = "X-WX-Encrypted-Data";

  /** See {@link #ENCRYPTED_DATA}. */
  static final String IV = "X-WX-IV";

  /** The sid; version 1 only. */
  static final String ID = "X-WX-Id";

  /** The token. */
  static final String SKEY = "X-WX-Skey";

  /** A login that failed. Both SDKs read the body, whatever the status. */
  static final ErrorBody LOGIN_ERRORS =
      (failure, facts) -> {
        ApiError error = failure.error();
        String name = error == ApiError.INVALID_REQUEST ? "INVALID_REQUEST" : "ERR_LOGIN_FAILED";
        return new ErrorBody.Rendered(
            SeedErrors.status(error), refusal(name, error.message(facts.locale())));
      };

  /** A request that failed: only the end of a session may look like one. */
  static final ErrorBody REQUEST_ERRORS =
      (failure, facts) -> {
        ApiError error = failure.error();
        String message = error.message(facts.locale());
        if (error == ApiError.SESSION_INVALID) {
          return new ErrorBody.Rendered(error.status(), refusal("ERR_INVALID_SESSION", message));
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("code", error.status());
        body.put("error", error.code());
        body.put("message", message);
        return new ErrorBody.Rendered(error.status(), body);
      };

  private Wafer() {}

  private static Map<String, Object> refusal(String error, String message) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put(MAGIC, 1);
    body.put("code", -1);
    body.put("error", error);
    body.put("message", message);
    return body;
  }
}
