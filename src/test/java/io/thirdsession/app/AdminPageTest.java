package io.thirdsession.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.audit.AuditEvent;
import io.thirdsession.testing.AppTestBase;
import io.thirdsession.testing.TestHttp.Response;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the operator's page is served; {@code war/AdminPageIT} has it in a browser. */
class AdminPageTest extends AppTestBase {
  AdminPageTest() {
    super("ADMIN_PAGE", "true");
  }

  @Test
  void isNotThereUnlessItIsSwitchedOn() throws Exception {
    for (String setting : new String[] {"false", ""}) {
      restart("ADMIN_PAGE", setting);
      for (String path : new String[] {"/admin", "/admin/", "/admin/index.html", "/admin/api.js"}) {
        assertEquals(404, server.http.get(path).status(), path);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/admin, text/html",
    "/admin/, text/html",
    "/admin/index.html, text/html",
    "/admin/admin.css, text/css",
    "/admin/admin.js, text/javascript",
  })
  void servesItsFiles(String path, String type) {
    Response response = server.http.get(path);

    assertEquals(200, response.status());
    assertEquals(type + ";charset=utf-8", response.header("Content-Type").toLowerCase());
    assertEquals("nosniff", response.header("X-Content-Type-Options"));
    assertEquals("no-store", response.header("Cache-Control"));
  }

  /** Those two are of service clients, not of a user. */
  @ParameterizedTest
  @EnumSource(
      value = AuditEvent.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"CLIENT_REFUSED", "IMPORTED"})
  void hasWordsForEveryEventOfAUser(AuditEvent event) {
    String words = server.http.get("/admin/words.js").text();

    assertTrue(words.contains("  " + event.label() + ": ['"), event.label());
  }

  @Test
  void mayNotBeFramedAndRunsNoScriptButItsOwn() {
    Response page = server.http.get("/admin/");

    String policy = page.header("Content-Security-Policy");
    assertTrue(policy.contains("frame-ancestors 'none'"), policy);
    assertTrue(policy.contains("default-src 'self'"), policy);
    assertFalse(policy.contains("unsafe"), policy);
    assertFalse(page.text().matches("(?s).*<script(?![^>]* src=).*"));
    assertFalse(page.text().matches("(?s).* (style|on[a-z]+)=.*"));
    assertFalse(page.text().contains("//"), "nothing comes from elsewhere");
  }

  /** Also behind a proxy that keeps a path in front of ours. */
  @ParameterizedTest
  @ValueSource(strings = {"/admin", "/admin/"})
  void findsItsFilesWithAndWithoutTheSlash(String path) {
    Matcher parts =
        Pattern.compile("(?:src|href)=\"([^\"]+)\"").matcher(server.http.get(path).text());
    int count = 0;
    while (parts.find()) {
      String part = server.http.base().resolve(path).resolve(parts.group(1)).getPath();
      if (!part.startsWith("/assets/")) { // which the container serves
        assertEquals(200, server.http.get(part).status(), part);
        count++;
      }
      assertTrue(part.startsWith("/admin/") || part.equals("/assets/icon.svg"), part);
    }
    assertEquals(2, count);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/admin/x", "/admin/admin.js/", "/admin//admin.js", "/admin/..%2fsql/V2.sql"})
  void nothingElseIsThere(String path) {
    int status = server.http.get(path).status();
    assertTrue(status == 404 || status == 400, path + " " + status);
  }

  @Test
  void isReadAlone() {
    Response response = server.http.post("/admin/", "{}");

    assertEquals(405, response.status());
    assertEquals("GET, HEAD", response.header("Allow"));
  }
}
