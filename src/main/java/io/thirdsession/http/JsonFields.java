package io.thirdsession.http;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.thirdsession.json.Json;
import io.thirdsession.json.JsonException;
import io.thirdsession.wechat.WxResult;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a JSON body, each taken once and checked as it is taken; {@link #end} refuses what
 * nobody took. Not thread-safe.
 */
public final class JsonFields {
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_.-]{1,32}");

  /** Not to be kept: the last is what half a character was replaced by. */
  private static final Pattern CONTROL =
      Pattern.compile("[\\p{Cntrl}\\u0080-\\u009F\\u2028\\u2029\\uFFFD]");

  private final JsonObject fields;

  private JsonFields(JsonObject fields) {
    this.fields = fields;
  }

  /**
   * Returns the fields of the body.
   *
   * @throws ApiException if it is too long, not {@code application/json}, or not one strict object
   */
  public static JsonFields of(HttpServletRequest request) {
    requireJson(request);
    return ofAnyType(request);
  }

  /**
   * Returns the fields of the body of a login, which half a character in optional data must not
   * refuse: U+FFFD takes its place.
   *
   * @throws ApiException if it is too long, not {@code application/json}, or otherwise not one
   *     strict object
   */
  public static JsonFields ofLogin(HttpServletRequest request) {
    requireJson(request);
    return read(request, Json::readMended);
  }

  /**
   * Returns the fields of a line of a body; those that are null count as missing.
   *
   * @throws ApiException if it is not one strict object
   */
  public static JsonFields ofLine(byte[] utf8) {
    try {
      JsonObject object = Json.readObject(utf8);
      object.entrySet().removeIf(field -> field.getValue().isJsonNull());
      return new JsonFields(object);
    } catch (JsonException e) {
      throw ApiException.of(
          ApiError.INVALID_REQUEST, "the line must be one strict JSON object: " + e.getMessage());
    }
  }

  private static void requireJson(HttpServletRequest request) {
    RequestBody.requireType(request, "application/json");
  }

  /**
   * Returns the fields of the body, whatever it says of its type.
   *
   * @throws ApiException if it is too long, or not one strict object
   */
  public static JsonFields ofAnyType(HttpServletRequest request) {
    return read(request, Json::readObject);
  }

  private static JsonFields read(HttpServletRequest request, Function<byte[], JsonObject> reader) {
    try {
      return new JsonFields(reader.apply(RequestBody.read(request)));
    } catch (JsonException e) {
      throw ApiException.of(
              ApiError.INVALID_REQUEST,
              "the body must be one strict JSON object: " + e.getMessage())
          .saying("请求内容必须是一个严格的 JSON 对象", "The body must be one strict JSON object");
    }
  }

  /**
   * Returns the fields of the JSON object that a field of a body holds as a string.
   *
   * @throws ApiException if it is not one strict object
   */
  public static JsonFields within(String field, String json) {
    try {
      return new JsonFields(Json.readObject(json));
    } catch (JsonException e) {
      throw ApiException.invalid(field, "must be one strict JSON object: " + e.getMessage());
    }
  }

  /**
   * Takes a string that must be present.
   *
   * @throws ApiException if it is missing, not a string, or does not match
   */
  public String required(String name, Pattern pattern) {
    return optional(name, pattern).orElseThrow(() -> ApiException.invalid(name, "is missing"));
  }

  /**
   * Takes a string that may be missing.
   *
   * @throws ApiException if it is present and not a string, or does not match
   */
  public Optional<String> optional(String name, Pattern pattern) {
    Optional<String> value = optionalString(name);
    if (value.isPresent() && !pattern.matcher(value.get()).matches()) {
      throw ApiException.invalid(name, "must match " + pattern);
    }
    return value;
  }

  /**
   * Takes a string or a null that must be present; empty for null.
   *
   * @throws ApiException if it is missing, neither, or does not match
   */
  public Optional<String> requiredOrNull(String name, Pattern pattern) {
    @Nullable JsonElement value = fields.get(name);
    if (value != null && value.isJsonNull()) {
      fields.remove(name);
      return Optional.empty();
    }
    return Optional.of(required(name, pattern));
  }

  /**
   * Takes any string that may be missing.
   *
   * @throws ApiException if it is present and not a string
   */
  public Optional<String> optionalString(String name) {
    @Nullable JsonElement value = fields.remove(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isString()) {
      throw ApiException.invalid(name, "must be a string");
    }
    return Optional.of(value.getAsString());
  }

  /**
   * Takes a whole number that may be missing.
   *
   * @throws ApiException if it is present and not a whole number from {@code min} to {@code max}
   */
  public Optional<Integer> optionalInteger(String name, int min, int max) {
    @Nullable JsonElement value = fields.remove(name);
    if (value == null) {
      return Optional.empty();
    }
    if (value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber()) {
      try {
        int number = value.getAsBigDecimal().intValueExact();
        if (number >= min && number <= max) {
          return Optional.of(number);
        }
      } catch (ArithmeticException ignored) {
        // not a whole number, or beyond every int
      }
    }
    throw ApiException.invalid(name, "must be a whole number from " + min + " to " + max);
  }

  /**
   * Takes a boolean that may be missing.
   *
   * @throws ApiException if it is present and not a boolean
   */
  public Optional<Boolean> optionalBoolean(String name) {
    @Nullable JsonElement value = fields.remove(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isBoolean()) {
      throw ApiException.invalid(name, "must be true or false");
    }
    return Optional.of(value.getAsBoolean());
  }

  /**
   * Takes an array of strings that may be missing.
   *
   * @throws ApiException if it is present and not an array, is empty, has more than {@code max}
   *     entries, or one that is not a string or does not match
   */
  public Optional<List<String>> optionalStrings(String name, Pattern pattern, int max) {
    @Nullable JsonElement value = fields.remove(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isJsonArray() || value.getAsJsonArray().isEmpty()) {
      throw ApiException.invalid(name, "must be a non-empty array");
    }
    if (value.getAsJsonArray().size() > max) {
      throw ApiException.invalid(name, "must have at most " + max + " entries");
    }
    List<String> strings = new ArrayList<>();
    for (JsonElement entry : value.getAsJsonArray()) {
      if (!entry.isJsonPrimitive()
          || !entry.getAsJsonPrimitive().isString()
          || !pattern.matcher(entry.getAsString()).matches()) {
        throw ApiException.invalid(name, "must have only strings that match " + pattern);
      }
      strings.add(entry.getAsString());
    }
    return Optional.of(strings);
  }

  /** Returns the string, number or boolean as a string, without taking it; else an empty one. */
  public String shown(String name) {
    @Nullable JsonElement value = fields.get(name);
    return value != null && value.isJsonPrimitive() ? value.getAsString() : "";
  }

  /**
   * Takes an optional string that refuses nothing; empty if it is missing. A value of another type
   * is returned as an empty string.
   */
  public Optional<String> optionalOfAnyType(String name) {
    @Nullable JsonElement value = fields.remove(name);
    if (value == null) {
      return Optional.empty();
    }
    boolean string = value.isJsonPrimitive() && value.getAsJsonPrimitive().isString();
    return Optional.of(string ? value.getAsString() : "");
  }

  /**
   * Takes what fits of an optional flat object of strings, numbers and booleans; empty if it is
   * missing. Control characters and halves of characters are removed from the values, and what is
   * longer than {@code maxLength} code points is cut. Left out is a value of any other type, one
   * whose name is not 1 to 32 characters of {@code [A-Za-z0-9_.-]}, and what follows the first
   * {@code maxEntries}.
   */
  public Map<String, String> flatObject(
      String name, int maxEntries, int maxLength, LeftOut leftOut) {
    @Nullable JsonElement value = fields.remove(name);
    if (value == null) {
      return Map.of();
    }
    if (!value.isJsonObject()) {
      leftOut.add(name);
      return Map.of();
    }
    Map<String, String> entries = new LinkedHashMap<>();
    for (Map.Entry<String, JsonElement> entry : value.getAsJsonObject().entrySet()) {
      if (entries.size() < maxEntries
          && KEY.matcher(entry.getKey()).matches()
          && entry.getValue().isJsonPrimitive()) {
        entries.put(entry.getKey(), cut(entry.getValue().getAsString(), maxLength));
      } else {
        leftOut.add(name);
      }
    }
    return entries;
  }

  /** Takes these fields, whatever they hold: clients send them along, and nobody reads them. */
  public void readPast(Set<String> names) {
    names.forEach(fields::remove);
  }

  /**
   * Ends the reading.
   *
   * @throws ApiException naming a field that nobody took
   */
  public void end() {
    for (String name : fields.keySet()) {
      if (!WxResult.ADDED_FIELDS.contains(name)) {
        String shown = KEY.matcher(name).matches() ? name : ApiException.UNNAMED;
        throw ApiException.invalid(shown, "is an unknown field");
      }
    }
  }

  /** Removes control characters: each would take six characters again where the value is kept. */
  private static String cut(String text, int maxLength) {
    String visible = CONTROL.matcher(text).replaceAll("");
    return visible.codePointCount(0, visible.length()) <= maxLength
        ? visible
        : visible.substring(0, visible.offsetByCodePoints(0, maxLength));
  }
}
