package io.thirdsession.openapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import io.thirdsession.http.ApiError;
import io.thirdsession.testing.SharedAppTestBase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** openapi.json is a valid file, and describes the calls that there are. */
class ApiFileTest extends SharedAppTestBase {
  /** A call in a table of api.md: a method before a path, or a path alone. */
  private static final Pattern CALL = Pattern.compile("`((?:[A-Z]+ )?/[A-Za-z0-9/_.{}-]+)`");

  /**
   * What is registered and no call: the page of errors, and what is nothing below /api, Jetty's
   * own.
   */
  private static final Set<String> NO_CALLS = Set.of("/error", "/api/*", "/");

  private final ApiFile file = ApiFile.read();

  @Test
  void isValidOpenApi() throws IOException {
    ParseOptions options = new ParseOptions();
    options.setResolve(true);

    SwaggerParseResult result =
        new OpenAPIV3Parser().readContents(Files.readString(ApiFile.FILE), null, options);

    assertEquals(List.of(), result.getMessages());
    assertNotNull(result.getOpenAPI());
    assertEquals("3.1.0", file.root.text("openapi"));
    assertEquals(file.root.get("paths").names().size(), result.getOpenAPI().getPaths().size());
  }

  @Test
  void describesEveryRouteAndNoOther() {
    Set<String> routes = new TreeSet<>(server.servletMappings());
    routes.removeAll(NO_CALLS);
    Set<String> served = new TreeSet<>(file.servedPaths());

    Set<String> undescribed = new TreeSet<>(routes);
    undescribed.removeIf(route -> served.stream().anyMatch(path -> isServed(path, route)));
    Set<String> unserved = new TreeSet<>(served);
    unserved.removeIf(path -> routes.stream().anyMatch(route -> isServed(path, route)));
    assertEquals(Set.of(), undescribed, "openapi.json lacks");
    assertEquals(Set.of(), unserved, "nothing serves");
  }

  private static boolean isServed(String path, String route) {
    return route.endsWith("/*")
        ? path.startsWith(route.substring(0, route.length() - 1))
        : path.equals(route);
  }

  @Test
  void describesEveryCallOfTheDocumentationAndNoOther() throws IOException {
    Set<String> documented = new TreeSet<>();
    List<String> page = Files.readAllLines(Path.of("src/site/markdown/api.md"));
    page.stream()
        .takeWhile(line -> !line.equals("## The WeChat simulator"))
        .filter(line -> line.startsWith("| [") || line.startsWith("| `"))
        .forEach(row -> addCalls(row, documented));
    Set<String> described = new TreeSet<>();
    for (String path : file.root.get("paths").names()) {
      Node item = file.root.get("paths").get(path);
      boolean isSeveral = item.is("x-any-method") || item.names().contains("post") && isOlder(item);
      ApiFile.operations(item).stream()
          .filter(its -> !path.equals("/api/gateway/{path}")) // "and below"
          .map(its -> isSeveral ? path : method(its) + " " + path)
          .forEach(described::add);
    }

    Set<String> missing = new TreeSet<>(described);
    missing.removeAll(documented);
    Set<String> unknown = new TreeSet<>(documented);
    unknown.removeAll(described);
    assertEquals(Set.of(), missing, "api.md lacks");
    assertEquals(Set.of(), unknown, "openapi.json lacks");
  }

  private static boolean isOlder(Node item) {
    return item.get("post").get("tags").value().get(0).asText().equals("older clients");
  }

  private static String method(Node operation) {
    String pointer = operation.pointer();
    return pointer.substring(pointer.lastIndexOf('/') + 1).toUpperCase(Locale.ROOT);
  }

  private static void addCalls(String row, Set<String> calls) {
    String cell = row.split("\\|")[1];
    for (MatchResult call : CALL.matcher(cell).results().toList()) {
      calls.add(call.group(1));
    }
  }

  @Test
  void hasEveryErrorAsTheServerGivesIt() {
    Node examples = file.root.get("components").get("examples");
    Set<String> codes = new TreeSet<>();
    for (ApiError error : ApiError.values()) {
      if (!codes.add(error.code())) {
        continue; // the same code once WeChat's code is spent: its flags are told in words
      }
      JsonNode example = examples.get(error.code()).value().path("value");
      assertEquals(error.code(), example.path("error").asText());
      assertEquals(error.relogin(), example.path("relogin").asBoolean(), error.code());
      assertEquals(error.retryable(), example.path("retryable").asBoolean(), error.code());
      assertEquals(error.tapAgain(), example.path("tapAgain").asBoolean(), error.code());
      assertEquals(
          error.retryAfter().toSeconds(), example.path("retryAfter").asLong(), error.code());
    }
    assertEquals(codes, new TreeSet<>(examples.names()));
    assertEquals(codes, errorsOf("Error"));
    for (String schema : List.of("WaferError", "GetOpenidError", "TutorialError")) {
      assertEquals(codes, errorsOf(schema), schema);
    }
  }

  private Set<String> errorsOf(String schema) {
    Set<String> codes = new TreeSet<>();
    Node error =
        file.root.get("components").get("schemas").get(schema).get("properties").get("error");
    error.get("enum").value().forEach(code -> codes.add(code.asText()));
    return codes;
  }

  @Test
  void namesEachErrorUnderItsStatus() {
    List<String> wrong = new ArrayList<>();
    for (String path : file.root.get("paths").names()) {
      for (Node operation : ApiFile.operations(file.root.get("paths").get(path))) {
        Node responses = operation.get("responses");
        for (String status : responses.names()) {
          for (String code :
              responses
                  .get(status)
                  .get("content")
                  .get("application/json")
                  .get("examples")
                  .names()) {
            boolean fits =
                Arrays.stream(ApiError.values())
                    .anyMatch(
                        error ->
                            error.code().equals(code)
                                && Integer.toString(error.status()).equals(status));
            if (!fits) {
              wrong.add(operation.pointer() + " " + status + " " + code);
            }
          }
        }
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void itsExamplesKeepToItsSchemas() {
    Schemas schemas = new Schemas();
    List<Node> examples = new ArrayList<>();
    walk(
        file.root,
        node -> {
          if (node.value().has("schema") && node.value().has("example")) {
            schemas.hold(node.get("schema"), node.value().get("example"), node.pointer());
            examples.add(node);
          }
          if (node.value().has("type") && node.value().path("examples").isArray()) {
            node.value().get("examples").forEach(its -> schemas.hold(node, its, node.pointer()));
            examples.add(node);
          }
        });
    Node error = file.root.get("components").get("schemas").get("Error");
    Node errors = file.root.get("components").get("examples");
    for (String code : errors.names()) {
      schemas.hold(error, errors.get(code).value().get("value"), code);
    }
    assertTrue(examples.size() > 30, "examples: " + examples.size());
  }

  @Test
  void eachObjectSaysWhetherItIsOpen() {
    List<String> silent = new ArrayList<>();
    walk(
        file.root,
        node -> {
          boolean isObject =
              node.value().path("type").asText().equals("object")
                  && node.value().path("properties").isObject();
          if (isObject && !node.value().has("additionalProperties")) {
            silent.add(node.pointer());
          }
        });
    assertEquals(List.of(), silent);
  }

  @Test
  void eachOperationHasItsOwnIdASummaryATagAndItsSecurity() {
    Set<String> tags = new HashSet<>();
    file.root.get("tags").entries().forEach(tag -> tags.add(tag.text("name")));
    Set<String> ids = new HashSet<>();
    for (String path : file.root.get("paths").names()) {
      for (Node operation : ApiFile.operations(file.root.get("paths").get(path))) {
        assertTrue(ids.add(operation.text("operationId")), operation.pointer());
        assertTrue(!operation.text("summary").isEmpty(), operation.pointer());
        assertTrue(operation.value().has("security"), operation.pointer());
        operation
            .get("tags")
            .value()
            .forEach(tag -> assertTrue(tags.contains(tag.asText()), operation.pointer()));
      }
    }
  }

  /** Visits what is written in the file, and follows no reference. */
  private static void walk(Node node, Consumer<Node> visit) {
    visit.accept(node);
    for (String name : node.names()) {
      if (!node.value().get(name).has("$ref")
          && !Set.of("example", "value", "const", "enum").contains(name)) {
        walk(node.get(name), visit);
      }
    }
    node.entries().forEach(entry -> walk(entry, visit));
  }
}
