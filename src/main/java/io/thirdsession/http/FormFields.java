package io.thirdsession.http;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The fields of a body of {@code application/x-www-form-urlencoded}, or of a query. A field that is
 * not percent-encoded is refused only if somebody asks for it.
 */
public final class FormFields {
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

  private final Map<String, Optional<String>> fields = new HashMap<>();

  private FormFields() {}

  /**
   * Returns the fields of the body.
   *
   * @throws ApiException if it is of another type, too long, or has a duplicate field
   */
  public static FormFields of(HttpServletRequest request) {
    if (!RequestBody.isOfType(request, "application/x-www-form-urlencoded")) {
      throw RequestBody.notOfType("application/x-www-form-urlencoded", "", "");
    }
    return parsed(new String(RequestBody.read(request), StandardCharsets.UTF_8));
  }

  /**
   * Returns the fields of the query, which is in the same form.
   *
   * @throws ApiException if it has a duplicate field
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

  /** Returns the names of all fields. */
  public Set<String> names() {
    return fields.keySet();
  }

  /**
   * Refuses other fields than these.
   *
   * @throws ApiException naming no field, since a name may be anything
   */
  public void requireOnly(String... known) {
    if (!Set.of(known).containsAll(names())) {
      throw ApiException.of(
          ApiError.INVALID_REQUEST, "there must be no field but " + String.join(", ", known));
    }
  }

  /**
   * Returns a value that must be present.
   *
   * @throws ApiException if it is missing, or does not match
   */
  public String required(String name, Pattern pattern) {
    String value = required(name);
    if (!pattern.matcher(value).matches()) {
      throw ApiException.invalid(name, "must match " + pattern);
    }
    return value;
  }

  /**
   * Returns a value that must be present.
   *
   * @throws ApiException if it is missing or empty, or not percent-encoded
   */
  public String required(String name) {
    String value =
        fields
            .getOrDefault(name, Optional.of(""))
            .orElseThrow(() -> ApiException.invalid(name, "must be percent-encoded"));
    if (value.isEmpty()) {
      throw ApiException.invalid(name, "is missing or empty");
    }
    return value;
  }

  /**
   * Returns a whole number, or this one if it is missing.
   *
   * @throws ApiException if it is present and not a whole number from {@code min} to {@code max}
   */
  public int integer(String name, int min, int max, int byDefault) {
    if (!fields.containsKey(name)) {
      return byDefault;
    }
    String value = required(name);
    if (NUMBER.matcher(value).matches()) {
      int number = Integer.parseInt(value);
      if (number >= min && number <= max) {
        return number;
      }
    }
    throw ApiException.invalid(name, "must be a whole number from " + min + " to " + max);
  }

  private void add(String pair) {
    int equals = pair.indexOf('=');
    String sent = equals < 0 ? pair : pair.substring(0, equals);
    String name = decoded(sent).orElse(sent);
    Optional<String> value = decoded(equals < 0 ? "" : pair.substring(equals + 1));
    if (fields.put(name, value) != null) {
      throw ApiException.of(ApiError.INVALID_REQUEST, "duplicate field")
          .saying("请求参数重复", "A field is duplicate");
    }
  }

  private static Optional<String> decoded(String text) {
    try {
      return Optional.of(URLDecoder.decode(text, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException ignored) { // not percent-encoded
      return Optional.empty();
    }
  }
}
