package io.thirdsession.development;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.testing.TestClients;
import io.thirdsession.testing.TestDatabase;
import io.thirdsession.testing.TestHttp;
import io.thirdsession.testing.TestHttp.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PageServletTest {
  private static TestDatabase database;
  private static DevelopmentServer server;
  private static TestHttp http;

  @BeforeAll
  static void start() throws Exception {
    database = TestDatabase.create();
    server = DevelopmentServer.start(database);
    http = new TestHttp(server.base());
  }

  @AfterAll
  static void stop() {
    server.close();
    database.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/, text/html",
    "/dev/page.css, text/css",
    "/dev/page.js, text/javascript",
    "/dev/openapi.html, text/html",
    "/dev/openapi.js, text/javascript",
    "/dev/icon.svg, image/svg+xml",
    "/dev/state, application/json",
    "/dev/miniprogram/wx/index.js, text/javascript",
    "/dev/miniprogram/app/app.json, application/json",
    "/dev/miniprogram/app/pages/user/user.wxml, text/plain",
    "/dev/miniprogram/app/pages/user/user.wxss, text/css",
    "/dev/miniprogram/app/pages/phone/phone.wxss, text/css"
  })
  void servesThePageAndTheSample(String path, String mediaType) {
    Response response = http.get(path);

    assertEquals(200, response.status());
    assertEquals(mediaType, response.header("Content-Type").replaceFirst(";.*", ""));
    assertEquals(
        "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        response.header("Content-Security-Policy"));
  }

  @Test
  void servesTheDecryptClinicAsItIsPublishedWithItsOwnPolicy() throws IOException {
    Response response = http.get("/dev/decrypt-clinic.html");

    assertEquals(200, response.status());
    assertEquals(
        Files.readString(Path.of("src/site/resources/decrypt-clinic.html")), response.text());
    assertEquals("frame-ancestors 'none'", response.header("Content-Security-Policy"));
  }

  @Test
  void putsEachModuleIntoAFunctionWithoutMovingItsLines() {
    String module = http.get("/dev/miniprogram/app/session.js").text();

    assertTrue(
        module.startsWith(
            "export default function (module, exports, require, wx, App, Component) {"
                + "const { create } = require('./third-session/index')\n"),
        module);
    assertTrue(module.endsWith("\n}\n"), module);
  }

  @Test
  void asksTheDoctorWithoutASecretOfThePage() {
    Response said = http.get("/dev/doctor", "Accept-Language", "en");

    assertEquals(200, said.status(), said.text());
    assertTrue(said.text().contains("the database can be used"), said.text());
  }

  @Test
  void whoHasServiceClientsOfTheirOwnAsksTheDoctorAsOneOfThem() throws Exception {
    try (DevelopmentServer own =
        DevelopmentServer.start(database, "SERVICE_CLIENTS", TestClients.setting())) {
      TestHttp http = new TestHttp(own.base());

      assertTrue(http.get("/dev/state").text().contains("\"doctor\":false"));
      assertEquals(404, http.get("/dev/doctor").status());
    }
  }

  @Test
  void anErrorHasTheDiagnosisThatOtherwiseOnlyTheLogHas() {
    Response refused = http.post("/api/login", "{}");

    assertEquals("invalid_request", refused.field("error"));
    assertEquals("code is missing", refused.field("hint").replaceAll("[`'\"]|field: ", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/dev/",
        "/dev/index.html",
        "/dev/nothing.js",
        "/dev/miniprogram/app/nothing.js",
        "/dev/miniprogram/package.json",
        "/dev/miniprogram/test/login.test.js",
        "/dev/miniprogram/app/third-session/index.d.ts",
        "/dev/miniprogram/app/%2e%2e/%2e%2e/%2e%2e/pom.xml",
        "/dev/%2e%2e/logging-development.properties"
      })
  void servesNothingElse(String path) {
    int status = http.get(path).status();

    assertTrue(status == 404 || status == 400, "status: " + status);
  }
}
