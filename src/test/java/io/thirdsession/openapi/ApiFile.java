package io.thirdsession.openapi;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** {@code webapp/openapi.json}: the calls that it describes, and what it promises of them. */
final class ApiFile {
  static final Path FILE = Path.of("webapp", "openapi.json");

  private static final Set<String> METHODS =
      Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

  final Node root;
  private final Map<Pattern, Node> paths = new LinkedHashMap<>();

  private ApiFile(Node root) {
    this.root = root;
    Node described = root.get("paths");
    // a path without a parameter counts before one with
    described.names().stream()
        .sorted((a, b) -> Boolean.compare(a.contains("{"), b.contains("{")))
        .forEach(path -> add(path, described.get(path)));
  }

  static ApiFile read() {
    try {
      return new ApiFile(Node.of(new ObjectMapper().readTree(FILE.toFile())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void add(String path, Node item) {
    boolean anySegments =
        item.get("get").get("parameters").entries().stream()
            .anyMatch(parameter -> parameter.is("x-any-segments"));
    String segment = anySegments ? ".*" : "[^/]+";
    paths.put(Pattern.compile(path.replaceAll("\\{[^}]+}", segment)), item);
    item.find("x-also-at").ifPresent(at -> paths.put(Pattern.compile(at.value().asText()), item));
  }

  /** Returns the paths that are served, without the parameters' names. */
  Set<String> servedPaths() {
    Set<String> served = new LinkedHashSet<>();
    root.get("paths")
        .names()
        .forEach(
            path -> {
              served.add(path);
              root.get("paths")
                  .get(path)
                  .find("x-also-at")
                  .ifPresent(its -> served.add(its.value().asText()));
            });
    return served;
  }

  /** Returns what is described at a path, without its query. */
  Optional<Node> find(String path) {
    return paths.entrySet().stream()
        .filter(entry -> entry.getKey().matcher(path).matches())
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** Returns the operation of a method; that of GET for HEAD. */
  static Optional<Node> operation(Node item, String method) {
    if (item.is("x-any-method")) {
      return item.find("get");
    }
    return item.find(method.equals("HEAD") ? "get" : method.toLowerCase(Locale.ROOT));
  }

  static List<Node> operations(Node item) {
    return item.names().stream().filter(METHODS::contains).map(item::get).toList();
  }

  static List<Node> parameters(Node item, Node operation) {
    List<Node> all = new ArrayList<>(item.get("parameters").entries());
    all.addAll(operation.get("parameters").entries());
    return all;
  }

  /**
   * Returns everything that tests must have seen: responses, error codes, fields, parameters. What
   * stands in {@code components} is shared, and promised once.
   */
  Set<String> promises() {
    Set<String> promises = new LinkedHashSet<>();
    promise(root.get("components").get("responses").get("MethodNotAllowed"), promises);
    for (String path : root.get("paths").names()) {
      Node item = root.get("paths").get(path);
      for (Node operation : operations(item)) {
        Node responses = operation.get("responses");
        responses.names().forEach(status -> promise(responses.get(status), promises));
        parameters(item, operation).stream()
            .filter(its -> its.text("in").equals("query") && !isFreeForm(its.get("schema")))
            .forEach(its -> promises.add(its.pointer()));
        Node content = operation.get("requestBody").get("content");
        content.names().stream()
            .map(type -> content.get(type).get("schema"))
            .filter(schema -> !isFreeForm(schema))
            .forEach(schema -> promiseFields(schema, promises));
      }
    }
    return promises;
  }

  private static void promise(Node response, Set<String> promises) {
    promises.add(response.pointer());
    Node content = response.get("content");
    for (String type : content.names()) {
      content.get(type).get("examples").names().stream()
          .map(code -> code(response, code))
          .forEach(promises::add);
      promiseFields(content.get(type).get("schema"), promises);
    }
  }

  private static void promiseFields(Node schema, Set<String> promises) {
    Fields.of(schema)
        .forEach(
            field -> {
              if (!isIgnored(field) && promises.add(field.pointer())) {
                promiseFields(field.followed(), promises);
              }
            });
    Fields.parts(schema).forEach(part -> promiseFields(part, promises));
  }

  /** Returns what stands for an error code that a response documents. */
  static String code(Node response, String code) {
    return response.pointer() + " " + code;
  }

  /**
   * Returns whether a schema stands for any field or parameter. What it names beside them is not
   * promised: it is the same that the query may have.
   */
  static boolean isFreeForm(Node schema) {
    return schema.is("additionalProperties");
  }

  private static boolean isIgnored(Fields.Field field) {
    return field.followed().pointer().equals("/components/schemas/Ignored");
  }
}
