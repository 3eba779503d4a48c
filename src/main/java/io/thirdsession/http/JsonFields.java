package io.thirdsession.http;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.thirdsession.json.Json;
import io.thirdsession.json.JsonException;
import jakarta.servlet.http.HttpServletRequest;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a JSON body, each taken once and checked as it is taken; {@link #end} refuses what
 * nobody took. Not thread-safe.
 */
public final class JsonFields {
  /** What wx.* itself puts into its results, and clients pass on with them. */
  private static final Set<String> ADDED_BY_WX = Set.of("is_demote", "errMsg", "errno", "cloudID");

  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_.-]{1,32}");

  private static final Pattern CONTROL =
      Pattern.compile("[\\p{Cntrl}\\u0080-\\u009F\\u2028\\u2029]");

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
    if (!RequestBody.isOfType(request, "application/json")) {
      throw ApiException.of(
          ApiError.UNSUPPORTED_MEDIA_TYPE, "Content-Type must be application/json in UTF-8");
    }
    return ofAnyType(request);
  }

  /**
   * Returns the fields of the body, whatever it says of its type.
   *
   * @throws ApiException if it is too long, or not one strict object
   */
  public static JsonFields ofAnyType(HttpServletRequest request) {
    try {
      return new JsonFields(Json.readObject(RequestBody.read(request)));
    } catch (JsonException e) {
      throw ApiException.of(
          ApiError.INVALID_REQUEST, "the body is no strict JSON object: " + e.getMessage());
    }
  }

  /**
   * Returns the fields of the JSON object that stands as text in this field of a body.
   *
   * @throws ApiException if it is not one strict object
   */
  public static JsonFields within(String field, String json) {
    try {
      return new JsonFields(Json.readObject(json));
    } catch (JsonException e) {
      throw ApiException.invalid(field, "is no strict JSON object: " + e.getMessage());
    }
  }

  /**
   * Takes a text that must be there.
   *
   * @throws ApiException if it is missing, no text, or does not match
   */
  public String required(String name, Pattern pattern) {
    return optional(name, pattern).orElseThrow(() -> ApiException.invalid(name, "is missing"));
  }

  /**
   * Takes a text that may be missing.
   *
   * @throws ApiException if it is there and no text, or does not match
   */
  public Optional<String> optional(String name, Pattern pattern) {
    Optional<String> text = optionalText(name);
    if (text.isPresent() && !pattern.matcher(text.get()).matches()) {
      throw ApiException.invalid(name, "does not match " + pattern);
    }
    return text;
  }

  /**
   * Takes any text that may be missing.
   *
   * @throws ApiException if it is there and no text
   */
  public Optional<String> optionalText(String name) {
    @Nullable JsonElement value = fields.remove(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isString()) {
      throw ApiException.invalid(name, "is no text");
    }
    return Optional.of(value.getAsString());
  }

  /**
   * Takes a whole number that may be missing.
   *
   * @throws ApiException if it is there and no number from {@code least} to {@code most}
   */
  public Optional<Integer> optionalInteger(String name, int least, int most) {
    @Nullable JsonElement value = fields.remove(name);
    if (value == null) {
      return Optional.empty();
    }
    if (value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber()) {
      BigDecimal number = value.getAsBigDecimal();
      for (int i = least; i <= most; i++) {
        if (number.compareTo(BigDecimal.valueOf(i)) == 0) {
          return Optional.of(i);
        }
      }
    }
    throw ApiException.invalid(name, "is no whole number from " + least + " to " + most);
  }

  /**
   * Takes a boolean that may be missing.
   *
   * @throws ApiException if it is there and none
   */
  public Optional<Boolean> optionalBoolean(String name) {
    @Nullable JsonElement value = fields.remove(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isBoolean()) {
      throw ApiException.invalid(name, "is neither true nor false");
    }
    return Optional.of(value.getAsBoolean());
  }

  /**
   * Takes a list of texts that may be missing.
   *
   * @throws ApiException if it is there and no list, is empty, has more entries than {@code most},
   *     or one that is no text or does not match
   */
  public Optional<List<String>> optionalTexts(String name, Pattern pattern, int most) {
    @Nullable JsonElement value = fields.remove(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isJsonArray() || value.getAsJsonArray().isEmpty()) {
      throw ApiException.invalid(name, "is no list with an entry");
    }
    if (value.getAsJsonArray().size() > most) {
      throw ApiException.invalid(name, "has more than " + most + " entries");
    }
    List<String> texts = new ArrayList<>();
    for (JsonElement entry : value.getAsJsonArray()) {
      if (!entry.isJsonPrimitive()
          || !entry.getAsJsonPrimitive().isString()
          || !pattern.matcher(entry.getAsString()).matches()) {
        throw ApiException.invalid(name, "has an entry that does not match " + pattern);
      }
      texts.add(entry.getAsString());
    }
    return Optional.of(texts);
  }

  /** Returns the text, number or boolean as text, without taking it; else an empty text. */
  public String shown(String name) {
    @Nullable JsonElement value = fields.get(name);
    return value != null && value.isJsonPrimitive() ? value.getAsString() : "";
  }

  /**
   * Takes a flat object of texts, numbers and booleans; empty if it is missing. Of the values,
   * control characters are left out, and what is longer than {@code longest} code points is cut,
   * not refused.
   *
   * @throws ApiException if it is there and no object, nested, has more entries than {@code most},
   *     or a name that is not 1 to 32 characters of {@code [A-Za-z0-9_.-]}
   */
  public Map<String, String> flatObject(String name, int most, int longest) {
    @Nullable JsonElement value = fields.remove(name);
    if (value == null) {
      return Map.of();
    }
    if (!value.isJsonObject()) {
      throw ApiException.invalid(name, "is no object");
    }
    JsonObject object = value.getAsJsonObject();
    if (object.size() > most) {
      throw ApiException.invalid(name, "has more than " + most + " entries");
    }
    Map<String, String> entries = new LinkedHashMap<>();
    for (Map.Entry<String, JsonElement> entry : object.entrySet()) {
      if (!KEY.matcher(entry.getKey()).matches()) {
        throw ApiException.invalid(name, "has a name that does not match " + KEY);
      }
      if (!entry.getValue().isJsonPrimitive()) {
        throw ApiException.invalid(name, "is not flat");
      }
      entries.put(entry.getKey(), cut(entry.getValue().getAsString(), longest));
    }
    return entries;
  }

  /**
   * Ends the reading.
   *
   * @throws ApiException naming a field that nobody took
   */
  public void end() {
    for (String name : fields.keySet()) {
      if (!ADDED_BY_WX.contains(name)) {
        String shown = KEY.matcher(name).matches() ? name : "?";
        throw ApiException.invalid(shown, "is not known here");
      }
    }
  }

  /** Control characters go: each would take six characters again where the value is kept. */
  private static String cut(String text, int longest) {
    String visible = CONTROL.matcher(text).replaceAll("");
    return visible.codePointCount(0, visible.length()) <= longest
        ? visible
        : visible.substring(0, visible.offsetByCodePoints(0, longest));
  }
}
