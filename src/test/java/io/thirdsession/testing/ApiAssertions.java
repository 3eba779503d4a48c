package io.thirdsession.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.thirdsession.testing.TestHttp.Response;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** What all responses of the API have in common. */
public final class ApiAssertions {
  public static final String JSON = "application/json;charset=utf-8";

  private ApiAssertions() {}

  /** Asserts that it is this error, with an error's fields and headers and no others. */
  public static void assertError(
      Response response, int status, String error, boolean relogin, boolean retryable) {
    assertEquals(status, response.status(), response.toString());
    assertApiHeaders(response);
    JsonObject body = response.json();
    assertEquals(error, body.get("error").getAsString());
    assertEquals(relogin, body.get("relogin").getAsBoolean(), "relogin");
    assertEquals(retryable, body.get("retryable").getAsBoolean(), "retryable");
    assertFalse(body.get("message").getAsString().isBlank());
    Set<String> names = new TreeSet<>(body.keySet());
    names.removeAll(Set.of("field", "retryAfter"));
    assertEquals(
        new TreeSet<>(Set.of("error", "message", "relogin", "retryable", "requestId")), names);
  }

  public static void assertApiHeaders(Response response) {
    assertEquals(JSON, mediaType(response));
    assertEquals("no-store", response.header("Cache-Control"));
    assertEquals("nosniff", response.header("X-Content-Type-Options"));
    assertTrue(response.header("X-Request-Id").matches("[0-9a-f]{16}"), "X-Request-Id");
  }

  public static void assertRetryAfter(Response response, int seconds) {
    if (seconds == 0) {
      assertEquals("", response.header("Retry-After"));
      assertFalse(response.json().has("retryAfter"));
    } else {
      assertEquals("" + seconds, response.header("Retry-After"));
      assertEquals(seconds, response.json().get("retryAfter").getAsInt());
    }
  }

  public static String mediaType(Response response) {
    return response.header("Content-Type").toLowerCase(Locale.ROOT).replace("; ", ";");
  }
}
