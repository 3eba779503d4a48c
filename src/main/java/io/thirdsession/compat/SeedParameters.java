package io.thirdsession.compat;

import com.google.gson.JsonElement;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.LeftOut;
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
 * method is. The Content-Type is ignored, since wx.request sends GET without a body as {@code
 * application/json}. If a name occurs more than once, its first value is used.
 */
final class SeedParameters {
  /** What wx.request writes in a query for a field that is present but undefined. */
  private static final String UNDEFINED = "undefined";

  private static final String NOT_ENCODED = "must be percent-encoded";

  private final Map<String, String> values = new LinkedHashMap<>();

  /** What is wrong with the values that are present and cannot be used: they count as empty. */
  private final Map<String, String> unusable = new LinkedHashMap<>();

  private final LeftOut leftOut = new LeftOut();

  private SeedParameters() {}

  /**
   * Returns the parameters of this request. A value that is not percent-encoded in a query or form,
   * or is no string, number or boolean in JSON, is left out, for it must not refuse a login that
   * does not need it.
   *
   * @throws ApiException if the body is too long, or begins as a JSON object and is none
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

  /** Returns whether there is a parameter of this name, even an empty one. */
  boolean has(String name) {
    return values.containsKey(name);
  }

  /** Returns the value; empty if it is missing, empty or undefined. */
  Optional<String> value(String name) {
    if (unusable.remove(name) != null) {
      leftOut.add(name);
    }
    return Optional.ofNullable(values.get(name))
        .filter(value -> !value.isEmpty() && !value.equals(UNDEFINED));
  }

  /**
   * Returns the value.
   *
   * @throws ApiException if it is missing or empty, or cannot be used
   */
  String required(String name) {
    if (unusable.containsKey(name)) {
      throw ApiException.invalid(name, unusable.get(name));
    }
    return value(name).orElseThrow(() -> ApiException.invalid(name, "is missing or empty"));
  }

  /** Counts a value that was read and is left out because it does not fit. */
  void leaveOut(String name) {
    leftOut.add(name);
  }

  /** Writes one line if anything was left out of this login; call it once all has been read. */
  void logLeftOut(HttpServletRequest request) {
    unusable.values().stream()
        .filter(NOT_ENCODED::equals)
        .forEach(fault -> leftOut.add(LeftOut.UNKNOWN)); // nobody has read it
    leftOut.log(request);
  }

  private void addForm(@Nullable String form) {
    if (form == null) {
      return;
    }
    for (String pair : form.split("&", -1)) {
      if (!pair.isEmpty()) {
        addPair(pair);
      }
    }
  }

  private void addPair(String pair) {
    int equals = pair.indexOf('=');
    Optional<String> name = decoded(equals < 0 ? pair : pair.substring(0, equals));
    if (name.isEmpty()) {
      leftOut.add(LeftOut.UNKNOWN);
      return;
    }
    Optional<String> value = decoded(equals < 0 ? "" : pair.substring(equals + 1));
    if (value.isPresent()) {
      values.putIfAbsent(name.get(), value.get());
    } else {
      addUnusable(name.get(), NOT_ENCODED);
    }
  }

  private void addUnusable(String name, String fault) {
    if (values.putIfAbsent(name, "") == null) {
      unusable.put(name, fault);
    }
  }

  private void addJson(String body) {
    try {
      for (Map.Entry<String, JsonElement> field : Json.readMended(body).entrySet()) {
        if (field.getValue().isJsonPrimitive()) {
          values.putIfAbsent(field.getKey(), field.getValue().getAsString());
        } else {
          addUnusable(field.getKey(), "must be a string, number or boolean");
        }
      }
    } catch (JsonException e) {
      throw ApiException.invalid("body", "must be a JSON object: " + e.getMessage());
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
