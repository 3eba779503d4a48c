package io.thirdsession.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The fields that a schema names, and which of them a value has. */
final class Fields {
  private Fields() {}

  /**
   * A field that a schema names.
   *
   * @param pointer where the schema names it
   * @param followed its own schema, which may be a shared one
   */
  record Field(String pointer, String name, Node followed) {}

  /** Returns the fields that this schema names by itself. */
  static List<Field> of(Node schema) {
    Node properties = schema.get("properties");
    return properties.names().stream()
        .map(
            name -> new Field(schema.pointer() + "/properties/" + name, name, properties.get(name)))
        .toList();
  }

  /** Returns the schemas that say more of the same value, or of the entries of an array. */
  static List<Node> parts(Node schema) {
    List<Node> parts = new ArrayList<>();
    for (String keyword : List.of("allOf", "anyOf", "oneOf")) {
      parts.addAll(schema.get(keyword).entries());
    }
    schema.find("items").ifPresent(parts::add);
    return parts;
  }

  /** Returns where the schema names the fields that this value has. */
  static Set<String> seen(Node schema, JsonNode value) {
    Set<String> seen = new LinkedHashSet<>();
    collect(schema, value, seen);
    return seen;
  }

  private static void collect(Node schema, JsonNode value, Set<String> seen) {
    for (Field field : of(schema)) {
      if (value.has(field.name())) {
        seen.add(field.pointer());
        collect(field.followed(), value.get(field.name()), seen);
      }
    }
    for (String keyword : List.of("allOf", "anyOf", "oneOf")) {
      schema.get(keyword).entries().stream()
          .filter(part -> namesAll(part, value))
          .forEach(part -> collect(part, value, seen));
    }
    schema.find("items").ifPresent(items -> value.forEach(entry -> collect(items, entry, seen)));
  }

  /** Returns whether this alternative can be the one that the value keeps to. */
  private static boolean namesAll(Node schema, JsonNode value) {
    Set<String> names = Set.copyOf(schema.get("properties").names());
    List<String> present = new ArrayList<>();
    value.fieldNames().forEachRemaining(present::add);
    return names.containsAll(present);
  }
}
