package io.thirdsession.openapi;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is not in openapi.json fails the test that has seen it. */
class ApiContractTest {
  private static final String ALIVE = "{\"status\":\"ok\"}";
  private static final String ERROR =
      "{\"error\":\"session_invalid\",\"message\":\"m\",\"relogin\":true,\"retryable\":false,"
          + "\"requestId\":\"0123456789abcdef\"}";
  private static final Map<String, String> HEADERS =
      Map.of("Content-Type", "application/json;charset=utf-8", "X-Request-Id", "0123456789abcdef");

  private final ApiContract contract = new ApiContract(places -> {});

  @Test
  void takesWhatIsDescribed() {
    assertDoesNotThrow(() -> hold("GET", "/healthz", "", 200, HEADERS, ALIVE));
    assertDoesNotThrow(() -> hold("HEAD", "/healthz", "", 200, HEADERS, ""));
    assertDoesNotThrow(() -> hold("GET", "/nothing", "", 404, HEADERS, ERROR));
    assertDoesNotThrow(() -> hold("DELETE", "/api/session", "", 204, HEADERS, ""));
    assertDoesNotThrow(() -> hold("GET", "/", "", 200, Map.of(), "<html>"));
  }

  @Test
  void refusesAPathThatIsNotDescribed() {
    assertRefused("no such path", "GET", "/healthy", "", 200, HEADERS, ALIVE);
  }

  @Test
  void refusesAMethodThatIsNotDescribed() {
    assertRefused("no such method", "POST", "/api/session", "", 204, HEADERS, "");
  }

  @Test
  void refusesAStatusThatIsNotDescribed() {
    assertRefused("no such status", "GET", "/healthz", "", 418, HEADERS, ALIVE);
  }

  @Test
  void refusesAFieldThatIsNotDescribed() {
    String message =
        assertRefused(
            "[/x additionalProperties",
            "GET",
            "/healthz",
            "",
            200,
            HEADERS,
            "{\"status\":\"ok\",\"x\":1}");

    assertTrue(message.startsWith("GET /healthz -> 200: "), message);
  }

  @Test
  void refusesAResponseWithoutARequiredField() {
    assertRefused("/status required", "GET", "/healthz", "", 200, HEADERS, "{}");
  }

  @Test
  void refusesAnotherValueWithoutShowingIt() {
    String message =
        assertRefused(
            "/status const", "GET", "/healthz", "", 200, HEADERS, "{\"status\":\"hush\"}");

    assertFalse(message.contains("hush"), message);
  }

  @Test
  void refusesABodyThatIsNotDescribed() {
    assertRefused("a body", "DELETE", "/api/session", "", 204, HEADERS, ALIVE);
  }

  @Test
  void refusesAMediaTypeThatIsNotDescribed() {
    Map<String, String> headers = new HashMap<>(HEADERS);
    headers.put("Content-Type", "text/plain");
    assertRefused("no such media type", "GET", "/healthz", "", 200, headers, ALIVE);
  }

  @Test
  void refusesAResponseWithoutARequiredHeader() {
    Map<String, String> headers = new HashMap<>(HEADERS);
    headers.remove("X-Request-Id");
    assertRefused("no header X-Request-Id", "GET", "/healthz", "", 200, headers, ALIVE);
  }

  @Test
  void refusesAnErrorCodeThatTheResponseDoesNotHave() {
    Map<String, String> headers = new HashMap<>(HEADERS);
    headers.put("WWW-Authenticate", "Bearer");
    assertDoesNotThrow(() -> hold("GET", "/api/session", "", 401, headers, ERROR));

    assertRefused(
        "no such error here: client_invalid",
        "GET",
        "/api/session",
        "",
        401,
        headers,
        ERROR.replace("session_invalid", "client_invalid"));
  }

  @Test
  void refusesARequestFieldThatIsNotDescribedIfTheServerTakesIt() {
    assertRefused(
        "request does not keep", "POST", "/api/sessions/end", "{\"x\":1}", 204, HEADERS, "");
    assertDoesNotThrow(
        () -> hold("POST", "/api/sessions/end", "{\"which\":\"all\"}", 204, HEADERS, ""));
  }

  @Test
  void refusesAParameterThatIsNotDescribedIfTheServerTakesIt() {
    assertDoesNotThrow(
        () -> hold("GET", "/api/users?unionid=u", "", 200, HEADERS, "{\"users\":[]}"));

    assertRefused(
        "no parameter name", "GET", "/api/users?name=u", "", 200, HEADERS, "{\"users\":[]}");
  }

  @Test
  void refusesTheSameEachTime() {
    for (int i = 0; i < 2; i++) {
      assertRefused("/status required", "GET", "/healthz", "", 200, HEADERS, "{}");
    }
  }

  @Test
  void tellsWhatItHasSeen() {
    List<String> seen = new ArrayList<>();
    ApiContract telling = new ApiContract(seen::addAll);

    telling.hold(exchange("GET", "/healthz", "", 200, HEADERS, ALIVE));
    telling.hold(exchange("GET", "/healthz", "", 200, HEADERS, ALIVE));

    String response = "/paths/~1healthz/get/responses/200";
    String field = response + "/content/application~1json/schema/properties/status";
    assertEquals(List.of(response, field), seen);
    assertTrue(ApiFile.read().promises().containsAll(seen));
  }

  private String assertRefused(
      String message,
      String method,
      String path,
      String request,
      int status,
      Map<String, String> headers,
      String body) {
    String said =
        assertThrows(AssertionError.class, () -> hold(method, path, request, status, headers, body))
            .getMessage();
    assertTrue(said.contains(message), said);
    return said;
  }

  private void hold(
      String method,
      String path,
      String request,
      int status,
      Map<String, String> headers,
      String body) {
    contract.hold(exchange(method, path, request, status, headers, body));
  }

  private static Exchange exchange(
      String method,
      String path,
      String request,
      int status,
      Map<String, String> headers,
      String body) {
    Map<String, List<String>> several = new HashMap<>();
    headers.forEach((name, value) -> several.put(name, List.of(value)));
    return new Exchange(
        method,
        path,
        Map.of("content-type", "application/json"),
        request.getBytes(StandardCharsets.UTF_8),
        status,
        HttpHeaders.of(several, (name, value) -> true),
        body.getBytes(StandardCharsets.UTF_8));
  }
}
