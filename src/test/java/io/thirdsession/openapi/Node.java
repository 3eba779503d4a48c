package io.thirdsession.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A place in openapi.json. References are followed, so that what is shared has one place.
 *
 * @param root the whole file
 * @param pointer where it is, as a JSON pointer
 * @param value what is there; missing if nothing is
 */
record Node(JsonNode root, String pointer, JsonNode value) {
  static Node of(JsonNode root) {
    return new Node(root, "", root);
  }

  /** Returns what has this name here. */
  Node get(String name) {
    return new Node(root, pointer + "/" + escape(name), value.path(name)).followed();
  }

  /** Returns what has this name here, if there is such. */
  Optional<Node> find(String name) {
    return value.has(name) ? Optional.of(get(name)) : Optional.empty();
  }

  /** Returns the entries of an array. */
  List<Node> entries() {
    List<Node> entries = new ArrayList<>();
    for (int i = 0; value.isArray() && i < value.size(); i++) {
      entries.add(new Node(root, pointer + "/" + i, value.get(i)).followed());
    }
    return entries;
  }

  /** Returns the names of what is here. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    value.fieldNames().forEachRemaining(names::add);
    return names;
  }

  String text(String name) {
    return value.path(name).asText("");
  }

  boolean is(String name) {
    return value.path(name).asBoolean(false);
  }

  private Node followed() {
    if (!value.has("$ref")) {
      return this;
    }
    String target = value.get("$ref").asText().substring(1);
    JsonNode there = root.at(target);
    if (there.isMissingNode()) {
      throw new AssertionError("openapi.json has nothing at " + target);
    }
    return new Node(root, target, there).followed();
  }

  private static String escape(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }
}
