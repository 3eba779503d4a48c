package io.thirdsession.http;

import java.util.LinkedHashMap;
import java.util.Map;

/** How an error looks on the wire. */
@FunctionalInterface
public interface ErrorBody {
  /** The shape of the modern API. */
  ErrorBody API =
      (failure, facts) -> {
        ApiError error = failure.error();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("error", error.code());
        body.put("message", failure.message(facts.locale()));
        body.put("relogin", error.relogin());
        body.put("retryable", error.retryable());
        if (error.tapAgain()) {
          body.put("tapAgain", true);
        }
        failure.field().ifPresent(field -> body.put("field", field));
        if (!failure.retryAfter().isZero()) {
          body.put("retryAfter", failure.retryAfter().toSeconds());
        }
        body.put("requestId", facts.requestId());
        return new Rendered(error.status(), body);
      };

  /** Returns status and body for this failure. */
  Rendered render(ApiException failure, RequestFacts facts);

  /**
   * A response before it is written. Its body is a map and not a record, for older clients have the
   * same fields under different names, and more of them: one shape is made from another.
   *
   * @param status HTTP status
   * @param body what becomes JSON
   */
  record Rendered(int status, Map<String, Object> body) {}
}
