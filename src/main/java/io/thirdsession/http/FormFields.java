package io.thirdsession.http;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The fields of a body of {@code application/x-www-form-urlencoded}, or of a query. */
public final class FormFields {
  private final Map<String, String> fields = new HashMap<>();

  private FormFields() {}

  /**
   * Returns the fields of the body.
   *
   * @throws ApiException if it is of another type, too long, or a field stands twice
   */
  public static FormFields of(HttpServletRequest request) {
    if (!RequestBody.isOfType(request, "application/x-www-form-urlencoded")) {
      throw ApiException.of(
          ApiError.UNSUPPORTED_MEDIA_TYPE,
          "Content-Type must be application/x-www-form-urlencoded");
    }
    return parsed(new String(RequestBody.read(request), StandardCharsets.UTF_8));
  }

  /**
   * Returns the fields of the query, which is in the same form.
   *
   * @throws ApiException if a field stands twice
   */
  public static FormFields ofQuery(HttpServletRequest request) {
    return parsed(Optional.ofNullable(request.getQueryString()).orElse(""));
  }

  private static FormFields parsed(String text) {
    FormFields form = new FormFields();
    for (String pair : text.split("&", -1)) {
      if (!pair.isEmpty()) {
        form.add(pair);
      }
    }
    return form;
  }

  /** Returns which fields there are. */
  public Set<String> names() {
    return fields.keySet();
  }

  /**
   * Returns a value that must be there.
   *
   * @throws ApiException if it is missing, or does not match
   */
  public String required(String name, Pattern pattern) {
    String value = required(name);
    if (!pattern.matcher(value).matches()) {
      throw ApiException.invalid(name, "does not match " + pattern);
    }
    return value;
  }

  /**
   * Returns a value that must be there.
   *
   * @throws ApiException if it is missing or empty
   */
  public String required(String name) {
    return Optional.ofNullable(fields.get(name))
        .filter(value -> !value.isEmpty())
        .orElseThrow(() -> ApiException.invalid(name, "is missing or empty"));
  }

  private void add(String pair) {
    int equals = pair.indexOf('=');
    String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
    String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
    if (fields.put(name, value) != null) {
      throw ApiException.of(ApiError.INVALID_REQUEST, "a field stands twice");
    }
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw ApiException.of(ApiError.INVALID_REQUEST, "the form is not percent-encoded");
    }
  }
}
