package io.thirdsession.compat;

import io.thirdsession.http.ApiError;
import io.thirdsession.http.ErrorBody;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The protocol between wafer's client SDKs, versions 1 and 2, and their server.
 *
 * <p>Version 1 takes every response that contains {@link #MAGIC} for a response of its login
 * protocol: it drops its session and, if the error is {@code ERR_INVALID_SESSION}, logs in and
 * repeats the request once. Version 2 does the same on status 401 and on code -1. So a response
 * after which the client must keep its session has none of the three.
 */
final class Wafer {
  /** The field name that marks responses of the login protocol. */
  static final String MAGIC = "F2C224D4-2BCE-4C64-AF9F-A6D872000D1A";

  /** The header with the code of {@code wx.login}. */
  static final String CODE = "X-WX-Code";

  /** The header with the encrypted profile of {@code wx.getUserInfo}; {@link #IV} goes with it. */
  static final String ENCRYPTED_DATA = "X-WX-Encrypted-Data";

  /** The header with the initialization vector of {@link #ENCRYPTED_DATA}. */
  static final String IV = "X-WX-IV";

  /** The header with the sid; version 1 only. */
  static final String ID = "X-WX-Id";

  /** The header with the token. */
  static final String SKEY = "X-WX-Skey";

  /** The response to a login that failed. Both SDKs read the body, whatever the status. */
  static final ErrorBody LOGIN_ERRORS =
      (failure, facts) -> {
        ApiError error = failure.error();
        String name = error == ApiError.INVALID_REQUEST ? "INVALID_REQUEST" : "ERR_LOGIN_FAILED";
        return new ErrorBody.Rendered(
            SeedErrors.status(error), refusal(name, failure.message(facts.locale())));
      };

  /** The response to a request that failed: only an invalid session may look like one. */
  static final ErrorBody REQUEST_ERRORS =
      (failure, facts) -> {
        ApiError error = failure.error();
        String message = failure.message(facts.locale());
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
