package io.thirdsession.http;

import java.util.LinkedHashMap;
import java.util.Locale;
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

  /**
   * The same, with {@code error} as OAuth names it (RFC 6749, section 5.2) and its description; but
   * for 405, which is HTTP's matter alone.
   */
  ErrorBody OAUTH =
      (failure, facts) -> {
        Rendered rendered = API.render(failure, facts);
        if (failure.error() == ApiError.METHOD_NOT_ALLOWED) {
          return rendered;
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("error", oauthName(failure.error()));
        body.put("error_description", failure.message(Locale.ENGLISH));
        rendered.body().forEach(body::putIfAbsent);
        return new Rendered(rendered.status(), body);
      };

  /** Returns status and body for this failure. */
  Rendered render(ApiException failure, RequestFacts facts);

  private static String oauthName(ApiError error) {
    return switch (error) {
      case CLIENT_INVALID -> "invalid_client";
      case FORBIDDEN -> "unauthorized_client";
      case INVALID_REQUEST, UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE -> "invalid_request";
      case STORAGE_UNAVAILABLE, OVERLOADED, RATE_LIMITED -> "temporarily_unavailable";
      case INTERNAL_ERROR -> "server_error";
      default -> error.code();
    };
  }

  /**
   * A response before it is written. Its body is a map and not a record, for older clients have the
   * same fields under different names, and more of them: one shape is made from another.
   *
   * @param status HTTP status
   * @param body what becomes JSON
   */
  record Rendered(int status, Map<String, Object> body) {}
}
