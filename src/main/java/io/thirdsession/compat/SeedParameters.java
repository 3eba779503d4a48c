package io.thirdsession.compat;

import com.google.gson.JsonElement;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.RequestBody;
import io.thirdsession.json.Json;
import io.thirdsession.json.JsonException;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Parameters as older clients send them: in the query, in a form or in a JSON body, whatever the
 * method says. A request without a body is judged by its query alone, its Content-Type counts for
 * nothing (wx.request sends GET as {@code application/json}). The first value of a name counts.
 */
final class SeedParameters {
  /** What wx.request makes in a query of a field that is there and has no value. */
  private static final String UNDEFINED = "undefined";

  private final Map<String, String> values = new LinkedHashMap<>();

  private SeedParameters() {}

  /**
   * Returns the parameters of this request.
   *
   * @throws ApiException if the body is too long, or is neither a form nor a JSON object
   */
  static SeedParameters of(HttpServletRequest request) {
    SeedParameters parameters = new SeedParameters();
    parameters.addForm(request.getQueryString());
    String body = new String(RequestBody.read(request), StandardCharsets.UTF_8);
    if (body.stripLeading().startsWith("{")) {
      parameters.addJson(body);
    } else {
      parameters.addForm(body);
    }
    return parameters;
  }

  /** Returns whether there is a parameter of this name, be it empty. */
  boolean has(String name) {
    return values.containsKey(name);
  }

  /** Returns the value; empty if there is none, or an empty or undefined one. */
  Optional<String> value(String name) {
    return Optional.ofNullable(values.get(name))
        .filter(value -> !value.isEmpty() && !value.equals(UNDEFINED));
  }

  /**
   * Returns the value.
   *
   * @throws ApiException if there is none, or an empty one
   */
  String required(String name) {
    return value(name).orElseThrow(() -> ApiException.invalid(name, "is missing or empty"));
  }

  private void addForm(@Nullable String form) {
    if (form == null) {
      return;
    }
    for (String pair : form.split("&", -1)) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        values.putIfAbsent(decoded(name), decoded(value));
      }
    }
  }

  private void addJson(String body) {
    try {
      for (Map.Entry<String, JsonElement> field : Json.readObject(body).entrySet()) {
        if (field.getValue().isJsonPrimitive()) {
          values.putIfAbsent(field.getKey(), field.getValue().getAsString());
        }
      }
    } catch (JsonException e) {
      throw ApiException.invalid("body", "is no JSON object: " + e.getMessage());
    }
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw ApiException.invalid("query", "is not percent-encoded");
    }
  }
}
