package io.thirdsession.war;

import static io.thirdsession.testing.ApiAssertions.assertError;
import static io.thirdsession.testing.TestHttp.bearer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.thirdsession.testing.LogCapture;
import io.thirdsession.testing.TestHttp.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Methods, paths and headers. */
abstract class PathContract extends HttpContract {
  PathContract(DeployedWar war) {
    super(war);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/login, POST",
    "PUT, /api/login, POST",
    "DELETE, /api/login, POST",
    "OPTIONS, /api/login, POST",
    "POST, /api/session, 'GET, HEAD, DELETE'",
    "PATCH, /api/session, 'GET, HEAD, DELETE'",
    "PATCH, /api/me, 'GET, HEAD, PUT, POST, DELETE'",
    "POST, /api/me/export, GET",
    "GET, /api/me/profile, POST",
    "POST, /healthz, 'GET, HEAD'",
    "POST, /readyz, 'GET, HEAD'",
    "DELETE, /getOpenid.html, 'GET, POST'",
    "HEAD, /getOpenid.html, 'GET, POST'",
  })
  void refusesOtherMethodsAndSaysWhichAreAllowed(String method, String path, String allowed) {
    Response response = http.send(method, path, null);

    assertEquals(allowed, response.header("Allow"));
    if (path.startsWith("/api")) {
      assertError(response, 405, "method_not_allowed", false, false);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api",
        "/api/",
        "/api/nothing",
        "/api/login/x",
        "/api/session/x",
        "/api/Login",
        "/nothing.html",
        "/error",
        "/WEB-INF/web.xml",
        "/META-INF/context.xml",
        "/sim/calls",
        "/dev/state",
      })
  void answersJsonWhereThereIsNothing(String path) {
    assertError(http.get(path), 404, "not_found", false, false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
  void answersJsonWhereThereIsNothingWhateverTheMethod(String method) {
    assertError(http.send(method, "/api/nothing", null), 404, "not_found", false, false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/login;x=1", "/api//login", "/%61pi/login", "/api/login/"})
  void givesNothingToPathsThatOnlyLookAlike(String path) {
    Response response = http.post(path, "{\"code\":\"" + weChat.loginCode() + "\"}");

    if (response.status() == 200) {
      assertTrue(response.json().has("thirdSession"), "the same servlet or none");
    } else {
      assertTrue(Set.of(400, 404, 405).contains(response.status()), response.toString());
      assertFalse(response.text().contains("3rd_"));
    }
  }

  @Test
  void answersJsonWhereTheContainerRefusesAPath() {
    Response response = http.get("/api/%2e%2e/x");

    assertTrue(response.status() == 400 || response.status() == 404, response.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/gateway/../../x%0aevent=login%20user=forged%1b%5b31m",
        "/api/gateway/../../x%0devent=login",
        "/api/gateway/../../x%c2%85event=login",
      })
  void noPathBeginsALineInTheLog(String path) throws IOException {
    try (LogCapture log = LogCapture.of("io.thirdsession.http.Responder")) {
      RawHttp.send(http.base(), "GET", path, List.of(), "");

      String lines = String.join("\n", log.lines());
      assertFalse(lines.contains("event="), lines);
      assertTrue(lines.lines().count() <= 1, lines);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Basic YTpi",
        "Bearer 3rd_AaIDd9BsehaIJsqISx28S2kaey37jxT5ERPIf8ac8ySgxBg_WSyd_arsPahTNMsfeAGqBuggt3o",
      })
  void refusesEverythingThatIsNoSessionInTheSameWords(String authorization) {
    Response none = http.get("/api/session");
    Response response =
        authorization.isEmpty() ? none : http.get("/api/session", "Authorization", authorization);

    assertError(response, 401, "session_invalid", true, false);
    assertEquals("Bearer", response.header("WWW-Authenticate"));
    assertEquals(withoutRequestId(none), withoutRequestId(response));
  }

  @Test
  void saysThatATokenMustFollowBearerWithoutRepeatingIt() {
    String token = http.login(weChat.loginCode()).token();

    Response response = http.get("/api/session", "Authorization", token);

    assertError(response, 401, "session_invalid", true, false);
    assertTrue(response.field("message").contains("Bearer"), response.toString());
    assertFalse(response.text().contains(token));
  }

  @Test
  void readsTheTokenFromNowhereButTheHeader() {
    String token = http.login(weChat.loginCode()).token();

    assertEquals(401, http.get("/api/session?token=" + token).status());
    assertEquals(401, http.get("/api/session?access_token=" + token).status());
    assertEquals(401, http.get("/api/session", "Cookie", "token=" + token).status());
    assertEquals(401, http.get("/api/session", "X-Auth-Token", token).status());
    assertEquals(401, http.get("/api/session", bearer(token, bearer(token))).status());
  }

  @Test
  void takesTheSchemeInAnyCase() {
    String token = http.login(weChat.loginCode()).token();

    assertEquals(200, http.get("/api/session", "Authorization", "bearer " + token).status());
    assertEquals(
        200, http.send("HEAD", "/api/session", null, "Authorization", "BEARER " + token).status());
  }

  @Test
  void neverSetsACookieNorTakesOne() {
    Response login =
        http.login(weChat.loginCode(), "Cookie", "JSESSIONID=abc; openid=o1; token=3rd_x");

    assertEquals(List.of(), login.headers().allValues("Set-Cookie"));
    assertEquals(List.of(), http.get("/").headers().allValues("Set-Cookie"));
  }

  @Test
  void speaksChineseUnlessAskedForEnglish() {
    assertEquals("登录状态已失效，请重新登录", http.get("/api/session").field("message"));
    assertEquals(
        "登录状态已失效，请重新登录", http.get("/api/session", "Accept-Language", "fr").field("message"));
    assertEquals(
        "Invalid session; log in",
        http.get("/api/session", "Accept-Language", "en-GB,en;q=0.9").field("message"));
  }

  @Test
  void givesEachRequestAnIdThatIsOurs() {
    Response first = http.get("/api/session", "X-Request-Id", "chosen-by-client");
    Response second = http.get("/api/session");

    assertTrue(first.header("X-Request-Id").matches("[0-9a-f]{16}"), "ours");
    assertEquals(first.header("X-Request-Id"), first.field("requestId"));
    assertNotEquals(first.header("X-Request-Id"), second.header("X-Request-Id"));
  }

  @Test
  void isAliveAndReady() {
    assertEquals("{\"status\":\"ok\"}", http.get("/healthz").text());
    assertEquals("{\"status\":\"ready\"}", http.get("/readyz").text());
  }

  @Test
  void servesThePageWithAStrictPolicy() {
    Response page = http.get("/");

    assertEquals(200, page.status());
    assertTrue(page.header("Content-Type").startsWith("text/html"));
    assertTrue(page.header("Content-Security-Policy").startsWith("default-src 'self'"));
    assertEquals("nosniff", page.header("X-Content-Type-Options"));
    assertFalse(page.text().contains("unsafe-inline"));
  }

  @Test
  void servesTheDescriptionOfAllCalls() throws IOException {
    Response file = http.get("/openapi.json");

    assertEquals(200, file.status());
    assertEquals("application/json", file.header("Content-Type").replaceAll(";.*", ""));
    assertEquals("nosniff", file.header("X-Content-Type-Options"));
    assertEquals(Files.readString(Path.of("webapp/openapi.json")), file.text());
    assertEquals("", http.send("HEAD", "/openapi.json", null).text());
  }

  private static String withoutRequestId(Response response) {
    JsonObject body = response.json();
    body.remove("requestId");
    return response.status() + body.toString();
  }
}
