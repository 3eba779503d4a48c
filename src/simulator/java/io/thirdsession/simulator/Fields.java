package io.thirdsession.simulator;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/** The JSON body of a call to {@code /sim/*}; whatever is wrong with it is said in plain words. */
final class Fields {
  private final JsonObject body;

  private Fields(JsonObject body) {
    this.body = body;
  }

  /**
   * Reads the body; an empty one counts as {@code {}}.
   *
   * @throws IllegalArgumentException if it is no JSON object or has a field that is not allowed
   */
  static Fields read(SimulatorRequest request, String... allowed) {
    String text = request.bodyText();
    JsonObject body =
        Json.parseObject(text.isBlank() ? "{}" : text)
            .orElseThrow(() -> new IllegalArgumentException("the body must be a JSON object"));
    List<String> names = List.of(allowed);
    for (String name : body.keySet()) {
      if (!names.contains(name)) {
        throw new IllegalArgumentException(
            "unknown field \"" + name + "\"; allowed: " + String.join(", ", names));
      }
    }
    return new Fields(body);
  }

  Optional<String> text(String name) {
    return primitive(name, "a string", JsonPrimitive::isString).map(JsonPrimitive::getAsString);
  }

  Optional<Boolean> flag(String name) {
    return primitive(name, "true or false", JsonPrimitive::isBoolean)
        .map(JsonPrimitive::getAsBoolean);
  }

  OptionalLong wholeNumber(String name) {
    return primitive(name, "a whole number", Fields::isWholeNumber)
        .map(value -> OptionalLong.of(value.getAsLong()))
        .orElse(OptionalLong.empty());
  }

  Optional<JsonObject> object(String name) {
    JsonElement element = body.get(name);
    if (element != null && !element.isJsonObject()) {
      throw new IllegalArgumentException(name + " must be a JSON object");
    }
    return Optional.ofNullable(element).map(JsonElement::getAsJsonObject);
  }

  private static boolean isWholeNumber(JsonPrimitive value) {
    return value.isNumber() && value.getAsString().matches("-?[0-9]{1,15}");
  }

  private Optional<JsonPrimitive> primitive(
      String name, String expected, Predicate<JsonPrimitive> fits) {
    JsonElement element = body.get(name);
    if (element == null) {
      return Optional.empty();
    }
    if (!element.isJsonPrimitive() || !fits.test(element.getAsJsonPrimitive())) {
      throw new IllegalArgumentException(name + " must be " + expected);
    }
    return Optional.of(element.getAsJsonPrimitive());
  }
}
