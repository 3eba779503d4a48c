package io.thirdsession.openapi;

import java.util.LinkedHashMap;
import java.util.Map;

/** A query or form, as far as the names of its fields matter. */
final class Form {
  private Form() {}

  /** Returns names and values, not decoded: ours have no characters that need it. */
  static Map<String, String> of(String text) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String pair : text.split("&")) {
      int equals = pair.indexOf('=');
      if (!pair.isEmpty()) {
        fields.put(
            equals < 0 ? pair : pair.substring(0, equals),
            equals < 0 ? "" : pair.substring(equals + 1));
      }
    }
    return fields;
  }
}
