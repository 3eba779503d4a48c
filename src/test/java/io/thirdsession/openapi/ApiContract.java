package io.thirdsession.openapi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Holds requests and responses against openapi.json. Of those with the same names, types and error
 * code the first is looked at, since tests send tens of thousands. Thread-safe.
 */
public final class ApiContract {
  /** Pages for people, and servers that are not ours. */
  private static final Pattern OTHERS =
      Pattern.compile(
          "/|/index\\.html|/openapi\\.(json|html)|/admin|/(admin|assets|sim|dev)/.*|/favicon\\.ico");

  /** What a container may take for another path, or refuse. */
  private static final Pattern DOUBTFUL = Pattern.compile(".*([;%\\\\]|//|/\\.(?!well-known/)).*");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final ApiFile file = ApiFile.read();
  private final Schemas schemas = new Schemas();
  private final Consumer<Set<String>> seen;
  private final Set<String> held = ConcurrentHashMap.newKeySet();

  /** Tells this consumer which places of the file an exchange has shown, as JSON pointers. */
  public ApiContract(Consumer<Set<String>> seen) {
    this.seen = seen;
  }

  /**
   * Holds this exchange against the file.
   *
   * @throws AssertionError if the file does not have it
   */
  public void hold(Exchange exchange) {
    String path = exchange.pathOnly();
    if (OTHERS.matcher(path).matches() || DOUBTFUL.matcher(path).matches()) {
      return;
    }
    Optional<Node> item = file.find(path);
    if (item.isEmpty()) {
      require(exchange.status() == 404, exchange, "openapi.json has no such path");
      return;
    }
    Optional<Node> operation = ApiFile.operation(item.get(), exchange.method());
    JsonNode body = body(exchange);
    require(
        operation.isPresent() || isRefusal(exchange, body),
        exchange,
        "openapi.json has no such method");
    Node response = response(item.get(), operation, exchange);
    String key = response.pointer() + operation.map(Node::pointer) + shape(exchange, body);
    if (!held.contains(key)) {
      Set<String> places = new LinkedHashSet<>();
      holdResponse(response, exchange, body, places);
      if (operation.isPresent() && isSuccess(exchange, body)) {
        holdRequest(item.get(), operation.get(), exchange, places);
      }
      seen.accept(places);
      held.add(key);
    }
  }

  /** Returns what the file has of this status: of another method what all methods have. */
  private Node response(Node item, Optional<Node> operation, Exchange exchange) {
    String status = Integer.toString(exchange.status());
    List<Node> operations =
        operation.isPresent() ? List.of(operation.get()) : ApiFile.operations(item);
    for (Node its : operations) {
      Node responses = its.get("responses");
      Optional<Node> found = responses.find(status).or(() -> responses.find("default"));
      if (found.isPresent()) {
        return found.get();
      }
    }
    require(
        operation.isEmpty() && exchange.status() == 405,
        exchange,
        "openapi.json has no such status");
    return file.root.get("components").get("responses").get("MethodNotAllowed");
  }

  private void holdResponse(Node response, Exchange exchange, JsonNode body, Set<String> places) {
    places.add(response.pointer());
    Node headers = response.get("headers");
    for (String name : headers.names()) {
      require(
          !headers.get(name).is("required") || exchange.headers().firstValue(name).isPresent(),
          exchange,
          "no header " + name);
    }
    Node content = response.get("content");
    if (exchange.method().equals("HEAD")) {
      return;
    }
    if (content.names().isEmpty()) {
      require(exchange.body().length == 0, exchange, "a body that openapi.json does not have");
      return;
    }
    String type = mediaType(exchange.headers().firstValue("Content-Type").orElse(""));
    Node media =
        content
            .find(type)
            .orElseThrow(() -> new AssertionError(exchange + ": no such media type: " + type));
    if (type.startsWith("image/")) {
      require(exchange.body().length > 0, exchange, "no picture");
      return;
    }
    Node schema = media.get("schema");
    schemas.hold(schema, body, exchange + ": response");
    places.addAll(Fields.seen(schema, body));
    Node codes = media.get("examples");
    if (!codes.names().isEmpty()) {
      String code = body.path("error").asText();
      require(
          codes.names().contains(code), exchange, "openapi.json has no such error here: " + code);
      places.add(ApiFile.code(response, code));
    }
  }

  private void holdRequest(Node item, Node operation, Exchange exchange, Set<String> places) {
    List<Node> parameters =
        ApiFile.parameters(item, operation).stream()
            .filter(its -> its.text("in").equals("query"))
            .toList();
    boolean anyQuery =
        parameters.isEmpty()
            || parameters.stream().anyMatch(its -> ApiFile.isFreeForm(its.get("schema")));
    for (String name : Form.of(exchange.query()).keySet()) {
      Optional<Node> parameter =
          parameters.stream().filter(its -> its.text("name").equals(name)).findFirst();
      require(anyQuery || parameter.isPresent(), exchange, "openapi.json has no parameter " + name);
      parameter.ifPresent(its -> places.add(its.pointer()));
    }
    Node content = operation.get("requestBody").get("content");
    if (exchange.requestBody().length == 0 || content.names().isEmpty()) {
      return;
    }
    String type = mediaType(exchange.requestHeaders().getOrDefault("content-type", ""));
    Optional<Node> media = content.find(type).or(() -> content.find("*/*"));
    require(media.isPresent(), exchange, "openapi.json has no request body of type " + type);
    Optional<JsonNode> body = requestBody(type, exchange);
    if (body.isPresent()) {
      Node schema = media.get().get("schema");
      places.addAll(Fields.seen(schema, body.get()));
      parameters.stream() // a page that reads them from its body, too
          .filter(its -> ApiFile.isFreeForm(schema) && body.get().has(its.text("name")))
          .forEach(its -> places.add(its.pointer()));
      schemas.hold(schema, withoutLenient(schema, body.get()), exchange + ": request");
    }
  }

  /** Returns the body of a request as JSON, also that of a form; empty if it is another. */
  private static Optional<JsonNode> requestBody(String type, Exchange exchange) {
    String text = new String(exchange.requestBody(), StandardCharsets.UTF_8);
    if (type.equals("application/x-www-form-urlencoded") && !text.startsWith("{")) {
      ObjectNode form = JSON.createObjectNode();
      Form.of(text).forEach(form::put);
      return Optional.of(form);
    }
    try {
      return type.startsWith("multipart/") ? Optional.empty() : Optional.of(JSON.readTree(text));
    } catch (JsonProcessingException e) {
      return Optional.empty(); // a page that reads anything, and takes what it can
    }
  }

  /** Removes the fields that are described as they should be, and taken whatever they hold. */
  private static JsonNode withoutLenient(Node schema, JsonNode body) {
    if (!body.isObject()) {
      return body;
    }
    ObjectNode rest = body.deepCopy();
    JsonNode properties = schema.value().path("properties");
    properties
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (properties.get(name).path("x-lenient").asBoolean()) {
                rest.remove(name);
              }
            });
    return rest;
  }

  private static JsonNode body(Exchange exchange) {
    String type = mediaType(exchange.headers().firstValue("Content-Type").orElse(""));
    try {
      return type.equals("application/json") && exchange.body().length > 0
          ? JSON.readTree(exchange.body())
          : TextNode.valueOf(new String(exchange.body(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new AssertionError(exchange + ": the body is no JSON");
    }
  }

  private static boolean isSuccess(Exchange exchange, JsonNode body) {
    return exchange.status() == 204
        || (!isRefusal(exchange, body) && (!body.isTextual() || isText(exchange)));
  }

  private static boolean isText(Exchange exchange) {
    String type = exchange.headers().firstValue("Content-Type").orElse("");
    return Set.of("text/plain", "text/xml").contains(mediaType(type));
  }

  /** Older clients get errors with status 200. */
  private static boolean isRefusal(Exchange exchange, JsonNode body) {
    return exchange.status() >= 400 || body.has("error") || body.has("errcode");
  }

  /** Returns what tells exchanges apart that are worth looking at. */
  private static String shape(Exchange exchange, JsonNode body) {
    List<String> shape = new ArrayList<>();
    shape.add(exchange.method());
    shape.add(exchange.requestHeaders().getOrDefault("content-type", ""));
    shape.addAll(Form.of(exchange.query()).keySet());
    describe("", body, shape);
    shape.add(body.path("error").asText() + body.path("errcode").asText());
    if (exchange.status() < 300) {
      requestBody(mediaType(shape.get(1)), exchange)
          .ifPresent(request -> describe("request", request, shape));
    }
    return shape.toString();
  }

  private static void describe(String name, JsonNode value, List<String> shape) {
    String own = name + ":" + value.getNodeType();
    if (!shape.contains(own) && shape.size() < 200) {
      shape.add(own);
    }
    value
        .fieldNames()
        .forEachRemaining(field -> describe(name + "/" + field, value.get(field), shape));
    if (value.isArray()) {
      value.forEach(entry -> describe(name + "/*", entry, shape));
    }
  }

  private static String mediaType(String header) {
    return header.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  private static void require(boolean holds, Exchange exchange, String message) {
    if (!holds) {
      throw new AssertionError(exchange + ": " + message);
    }
  }
}
