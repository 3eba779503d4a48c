package io.thirdsession.simulator;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.util.Optional;

/** Reads JSON strictly, which gson alone does not. */
final class Json {
  private Json() {}

  /** Returns the JSON object that this text is, or empty if it is anything else. */
  static Optional<JsonObject> parseObject(String text) {
    JsonReader reader = new JsonReader(new StringReader(text));
    reader.setStrictness(Strictness.STRICT);
    try {
      JsonElement element = JsonParser.parseReader(reader);
      boolean whole = reader.peek() == JsonToken.END_DOCUMENT;
      return whole && element.isJsonObject()
          ? Optional.of(element.getAsJsonObject())
          : Optional.empty();
    } catch (IOException | JsonParseException notJson) {
      return Optional.empty();
    }
  }

  /** Returns the field's text; empty if it is missing or not a string. */
  static Optional<String> text(JsonObject object, String name) {
    JsonElement element = object.get(name);
    boolean isText =
        element != null && element.isJsonPrimitive() && element.getAsJsonPrimitive().isString();
    return isText ? Optional.of(element.getAsString()) : Optional.empty();
  }

  /** Returns the field's text, or an empty one if it is missing or not a string. */
  static String textOrEmpty(JsonObject object, String name) {
    return text(object, name).orElse("");
  }
}
