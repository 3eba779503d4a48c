package io.thirdsession.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.thirdsession.simulator.SimulatorOptions.ForeignCodes;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A strict simulator with two apps and a clock that stands still, and a client to call it. */
abstract class SimulatorTestBase {
  static final String APP = "wx0123456789abcdef";
  static final String SECRET = "0123456789abcdef0123456789abcdef";
  static final String OTHER_APP = "wxfedcba9876543210";
  static final String OTHER_SECRET = "fedcba9876543210fedcba9876543210";
  static final String ALICE = WeChatSimulator.openIdOf(APP, "alice");
  static final String BOB = WeChatSimulator.openIdOf(APP, "bob");
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  final HttpClient http = HttpClient.newHttpClient();
  WeChatSimulator simulator;

  @BeforeEach
  void start() {
    simulator = WeChatSimulator.start(options());
  }

  @AfterEach
  void stop() {
    simulator.close();
  }

  SimulatorOptions options() {
    Map<String, String> apps = new LinkedHashMap<>();
    apps.put(APP, SECRET);
    apps.put(OTHER_APP, OTHER_SECRET);
    return SimulatorOptions.defaults()
        .withPort(0)
        .withApps(apps)
        .withForeignCodes(ForeignCodes.REFUSE)
        .withClock(Clock.fixed(START, ZoneOffset.UTC));
  }

  HttpResponse<String> get(String pathAndQuery) throws Exception {
    return http.send(request(pathAndQuery).build(), BodyHandlers.ofString());
  }

  HttpResponse<String> post(String pathAndQuery, String body) throws Exception {
    HttpRequest request = request(pathAndQuery).POST(BodyPublishers.ofString(body)).build();
    return http.send(request, BodyHandlers.ofString());
  }

  HttpRequest.Builder request(String pathAndQuery) {
    return HttpRequest.newBuilder(URI.create(simulator.baseUri() + pathAndQuery))
        .timeout(Duration.ofSeconds(10));
  }

  JsonObject getJson(String pathAndQuery) throws Exception {
    return json(get(pathAndQuery));
  }

  JsonObject postJson(String pathAndQuery, String body) throws Exception {
    return json(post(pathAndQuery, body));
  }

  JsonObject exchange(String code) throws Exception {
    return getJson(loginPath(APP, SECRET, code));
  }

  static String loginPath(String appId, String secret, String code) {
    return "/sns/jscode2session?appid="
        + encode(appId)
        + "&secret="
        + encode(secret)
        + "&js_code="
        + encode(code)
        + "&grant_type=authorization_code";
  }

  /** Logs Alice in and returns the session_key that her login gave. */
  String logInAlice() throws Exception {
    return exchange(simulator.loginCode(APP, ALICE)).get("session_key").getAsString();
  }

  String accessToken() throws Exception {
    return stableToken(APP, SECRET).get("access_token").getAsString();
  }

  JsonObject stableToken(String appId, String secret) throws Exception {
    return postJson("/cgi-bin/stable_token", tokenBody(appId, secret, ""));
  }

  static String tokenBody(String appId, String secret, String furtherFields) {
    return """
        {"grant_type":"client_credential","appid":"%s","secret":"%s"%s}
        """
        .formatted(appId, secret, furtherFields);
  }

  static JsonObject json(HttpResponse<String> response) {
    return JsonParser.parseString(response.body()).getAsJsonObject();
  }

  static void assertErrcode(int expected, JsonObject answer) {
    assertEquals(expected, answer.get("errcode").getAsInt(), answer.toString());
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
