package io.thirdsession.http;

import static io.thirdsession.testing.TestHttp.bearer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.testing.SharedAppTestBase;
import io.thirdsession.testing.TestHttp;
import io.thirdsession.testing.TestHttp.Response;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages of other origins make the mini program's calls, if the operator allows them to. */
class CorsTest extends SharedAppTestBase {
  private static final String ORIGIN = "https://m.example.com";

  CorsTest() {
    super("CORS_ORIGINS", ORIGIN + ", http://localhost:8081");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/login", "/api/session", "/api/sessions", "/api/sessions/end", "/api/me",
        "/api/me/profile", "/api/me/phone", "/api/me/decrypt", "/api/me/export", "/api/me/avatar"
      })
  void anAllowedPageMayAskForEachCallOfTheMiniProgram(String path) {
    Response response = preflight(path, ORIGIN);

    assertEquals(204, response.status());
    assertEquals("", response.text());
    assertEquals(ORIGIN, response.header("Access-Control-Allow-Origin"));
    assertEquals("Origin", response.header("Vary"));
    assertEquals(
        List.of("GET", "POST", "PUT", "PATCH", "DELETE"),
        List.of(response.header("Access-Control-Allow-Methods").split(", ", -1)));
    assertEquals("Authorization, Content-Type", response.header("Access-Control-Allow-Headers"));
    assertTrue(response.headers().firstValue("Access-Control-Allow-Credentials").isEmpty());
  }

  @Test
  void thePageReadsSuccessesAndErrors() {
    String token = server.login("alice").token();

    Response good = server.http.get("/api/session", bearer(token, "Origin", ORIGIN));
    Response bad = server.http.get("/api/session", "Origin", "http://localhost:8081");
    Response broken = server.http.post("/api/login", "{", "Origin", ORIGIN);

    assertEquals(200, good.status());
    assertEquals(ORIGIN, good.header("Access-Control-Allow-Origin"));
    assertEquals("Retry-After, X-Request-Id", good.header("Access-Control-Expose-Headers"));
    assertEquals(401, bad.status());
    assertEquals("http://localhost:8081", bad.header("Access-Control-Allow-Origin"));
    assertEquals(400, broken.status());
    assertEquals(ORIGIN, broken.header("Access-Control-Allow-Origin"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://m.example.com.evil.com",
        "https://evil.com",
        "http://m.example.com",
        "https://m.example.com:8443",
        "https://M.example.com",
        "null",
        "*"
      })
  void anotherPageIsToldNothing(String origin) {
    assertEquals(405, preflight("/api/login", origin).status());
    Response response = server.http.get("/api/session", "Origin", origin);

    assertTrue(response.headers().firstValue("Access-Control-Allow-Origin").isEmpty());
    assertEquals("Origin", response.header("Vary"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/introspect",
        "/api/revoke",
        "/api/users",
        "/api/users/find",
        "/api/client",
        "/api/doctor",
        "/api/events",
        "/api/sessions/end-all",
        "/api/gateway",
        "/cgi-bin/stable_token",
        "/metrics",
        "/api/nothing",
        "/getOpenid.html"
      })
  void noPageMakesCallsOfServiceClientsOrOfOlderClients(String path) {
    Response response = preflight(path, ORIGIN);

    assertTrue(response.headers().firstValue("Access-Control-Allow-Origin").isEmpty());
    assertTrue(response.headers().firstValue("Access-Control-Allow-Methods").isEmpty());
  }

  @Test
  void aRequestThatIsNoQuestionForPermissionIsRefusedAsEver() {
    Response response =
        TestHttp.ofAnother(server.http.base())
            .send("OPTIONS", "/api/login", null, "Origin", ORIGIN);

    assertEquals(405, response.status());
    assertEquals(ORIGIN, response.header("Access-Control-Allow-Origin"));
  }

  private Response preflight(String path, String origin) {
    return TestHttp.ofAnother(server.http.base())
        .send("OPTIONS", path, null, "Origin", origin, "Access-Control-Request-Method", "POST");
  }
}
