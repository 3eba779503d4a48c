package io.thirdsession.backend;

import static io.thirdsession.testing.AppServer.APP;
import static io.thirdsession.testing.AppServer.OTHER_APP;
import static io.thirdsession.testing.Eventually.eventually;
import static io.thirdsession.testing.TestClients.basic;
import static io.thirdsession.testing.TestHttp.bearer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.thirdsession.testing.AppServer;
import io.thirdsession.testing.AppTestBase;
import io.thirdsession.testing.TestClients;
import io.thirdsession.testing.TestHttp.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The doors that every gateway and every OAuth library knows (RFC 7009, 7662 and 8414). */
class OAuthTest extends AppTestBase {
  private static final String ISSUER = "https://login.example.com/wx";
  private static final String FOREIGN = "canary-client-secret-of-other-app";
  private static final String NO_SCOPES = "canary-client-secret-for-metrics";
  private static final String CACHING = "canary-client-secret-that-caches";
  private static final String SECRET = "client_secret";
  private static final String[] FORM = {"Content-Type", "application/x-www-form-urlencoded"};
  private static final Duration FRESH = Duration.ofMinutes(10);

  OAuthTest() {
    super(
        "PUBLIC_URL",
        ISSUER,
        "SERVICE_CLIENTS",
        String.join(
            ",",
            TestClients.setting(),
            TestClients.entry("other", FOREIGN, "introspect:" + OTHER_APP),
            TestClients.entry("figures", NO_SCOPES, "metrics"),
            TestClients.entry("apisix", CACHING, "introspect::cache=30s")));
  }

  @Test
  void introspectionNamesIssuerClientAndKindOfToken() {
    JsonObject body = introspected(server.login("alice").token(), basic());

    assertEquals(ISSUER, body.get("iss").getAsString());
    assertEquals(APP, body.get("client_id").getAsString());
    assertEquals("Bearer", body.get("token_type").getAsString());
  }

  @Test
  void aLoginIsFreshForTenMinutesAndNoFactOutlivesTheResponse() {
    long begun = server.clock.instant().getEpochSecond();
    String token = server.login("alice").token();
    server.clock.advance(FRESH.minusMillis(1));
    JsonObject fresh = introspected(token, basic());
    server.clock.advance(Duration.ofMillis(1));
    JsonObject later = introspected(token, basic());

    assertEquals("app:" + APP + " fresh", fresh.get("scope").getAsString());
    assertEquals(begun + FRESH.toSeconds(), fresh.get("exp").getAsLong());
    assertEquals("app:" + APP, later.get("scope").getAsString());
    assertEquals(begun + Duration.ofDays(7).toSeconds(), later.get("exp").getAsLong());
  }

  @Test
  void aBoundPhoneIsAScopeUntilItIsUnbound() {
    String token = server.login("alice").token();
    server.clock.advance(FRESH);
    String code = server.weChat.phone(APP, AppServer.openId("alice")).code();
    server.http.post("/api/me/phone", "{\"code\":\"" + code + "\"}", bearer(token));
    String bound = introspected(token, basic()).get("scope").getAsString();
    server.http.send("DELETE", "/api/me/phone", null, bearer(token));
    String unbound = introspected(token, basic()).get("scope").getAsString();

    assertEquals("app:" + APP + " phone", bound);
    assertEquals("app:" + APP, unbound);
  }

  @Test
  void aNumberThatWeChatHasNotProvenIsNoScope() throws Exception {
    String token = server.login("alice").token();
    String code = server.weChat.phone(APP, AppServer.openId("alice")).code();
    server.http.post("/api/me/phone", "{\"code\":\"" + code + "\"}", bearer(token));
    database.execute("UPDATE user SET phone_source = 'import'");

    assertEquals("app:" + APP + " fresh", introspected(token, basic()).get("scope").getAsString());
  }

  @Test
  void aClientThatCachesIsToldToAskAgainSoon() {
    String token = server.login("alice").token();
    server.clock.advance(Duration.ofHours(1));
    long now = server.clock.instant().getEpochSecond();

    long exp = introspected(token, basic("apisix", CACHING)).get("exp").getAsLong();

    assertEquals(now + 30, exp);
  }

  @Test
  void aCacheIsNoLongerThanTheSession() {
    String token = server.login("alice").token();
    for (int day = 6; day < 30; day += 6) {
      server.clock.advance(Duration.ofDays(6));
      introspected(token, basic());
    }
    server.clock.advance(Duration.ofDays(6).minusSeconds(10)); // 10 s before its absolute end
    long now = server.clock.instant().getEpochSecond();

    long exp = introspected(token, basic("apisix", CACHING)).get("exp").getAsLong();

    assertEquals(now + 10, exp);
  }

  @Test
  void credentialsMayStandInTheForm() {
    String token = server.login("alice").token();

    Response good = form("/api/introspect", "token", token, "client_id", "all", SECRET, secret());
    Response wrong = form("/api/introspect", "token", token, "client_id", "all", SECRET, "x");
    Response nobody = form("/api/introspect", "token", token, SECRET, secret());

    assertTrue(good.json().get("active").getAsBoolean());
    assertEquals(401, wrong.status());
    assertEquals("client_invalid", wrong.field("error"));
    assertEquals(400, nobody.status());
    assertEquals("client_id", nobody.field("field"));
  }

  /** lua-resty-openidc, and APISIX with it, repeats in the form what it says in the header. */
  @Test
  void introspectionBearsTheSameClientTwiceAndNotTwoClients() {
    String token = server.login("alice").token();
    String body = encoded("token", token, "client_id", "all", SECRET, secret());

    Response same = server.http.send("POST", "/api/introspect", body, with(basic()));
    Response two =
        server.http.send("POST", "/api/introspect", body, with(basic("apisix", CACHING)));

    assertTrue(same.json().get("active").getAsBoolean());
    assertEquals(400, two.status());
    assertEquals("client_id", two.field("field"));
  }

  @Test
  void whatIsPostedNeedsTheScopeToo() {
    String token = server.login("alice").token();

    Response response =
        form("/api/introspect", "token", token, "client_id", "figures", SECRET, NO_SCOPES);

    assertEquals(403, response.status());
  }

  @Test
  void aRevokedTokenIsRefusedAtOnceAndTheRevocationIsOnRecord() throws Exception {
    Response login = server.login("alice");
    String other = server.login("bob").token();

    Response revoked = revoke(login.token(), basic("figures", NO_SCOPES));

    assertEquals(200, revoked.status());
    assertEquals("", revoked.text());
    assertEquals(401, server.http.check(login.token()).status());
    assertEquals(200, server.http.check(other).status());
    eventually(
        () ->
            assertEquals(
                List.of("figures " + APP + " which=one"),
                database.column(
                    "SELECT CONCAT(client, ' ', appid, ' ', detail) FROM audit"
                        + " WHERE event = 'session_ended'")));
  }

  @Test
  void revocationAnswersTheSameOfAnyToken() {
    String ended = server.login("alice").token();
    server.http.logout(ended);
    String foreign = server.login("bob").token();

    assertEquals(200, revoke(ended, basic()).status());
    assertEquals(200, revoke("not a token", basic()).status());
    assertEquals(200, revoke(foreign, basic("other", FOREIGN)).status());
    assertEquals(200, server.http.check(foreign).status(), "of an app that the client may not see");
  }

  @Test
  void anUnknownHintIsIgnored() {
    String token = server.login("alice").token();

    Response response =
        form("/api/revoke", map("token", token, "token_type_hint", "refresh_token"), basic());

    assertEquals(200, response.status());
    assertEquals(401, server.http.check(token).status());
  }

  @Test
  void revocationTakesCredentialsFromTheFormButNotFromTwoPlaces() {
    String token = server.login("alice").token();
    String body = encoded("token", token, "client_id", "all", SECRET, secret());

    Response both = server.http.send("POST", "/api/revoke", body, with(basic()));
    int before = server.http.check(token).status();
    Response posted = server.http.send("POST", "/api/revoke", body, FORM);

    assertOAuthError(400, "invalid_request", both);
    assertEquals(200, before);
    assertEquals(200, posted.status());
    assertEquals(401, server.http.check(token).status());
  }

  @Test
  void revocationNamesItsErrorsAsOAuthDoes() {
    String token = server.login("alice").token();

    Response stranger = revoke(token, basic("all", "canary-client-secret-wrong"));
    Response nothing = form("/api/revoke", map("token", ""), basic());
    Response json = server.http.post("/api/revoke", "{}", basic());

    assertOAuthError(401, "invalid_client", stranger);
    assertTrue(stranger.header("WWW-Authenticate").startsWith("Basic "));
    assertOAuthError(400, "invalid_request", nothing);
    assertEquals("token", nothing.field("field"));
    assertOAuthError(415, "invalid_request", json);
    assertEquals(200, server.http.check(token).status());
  }

  @Test
  void revocationSaysWhenItMayBeTriedAgain() throws Exception {
    restart("RATE_LIMITS", "client=1/1m", "TRUSTED_PROXIES", "127.0.0.1");
    String[] wrong = basic("all", "canary-client-secret-wrong");

    Response first =
        form("/api/revoke", map("token", "x"), wrong, "X-Forwarded-For", "203.0.113.9");
    Response second =
        form("/api/revoke", map("token", "x"), wrong, "X-Forwarded-For", "203.0.113.9");

    assertOAuthError(401, "invalid_client", first);
    assertOAuthError(429, "temporarily_unavailable", second);
    assertEquals(second.header("Retry-After"), second.field("retryAfter"));
  }

  @Test
  void aPageOfAnotherSiteRevokesNothing() {
    String token = server.login("alice").token();

    Response response =
        form("/api/revoke", map("token", token), basic(), "Sec-Fetch-Site", "cross-site");

    assertOAuthError(403, "unauthorized_client", response);
    assertEquals(200, server.http.check(token).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"oauth-authorization-server", "openid-configuration"})
  void theMetadataNameThePublicUrlAndNeverTheHostOfTheRequest(String document) {
    Response response =
        server.http.get("/.well-known/" + document, "X-Forwarded-Host", "evil.example.com");

    assertEquals(200, response.status());
    assertEquals(ISSUER, response.field("issuer"));
    assertEquals(ISSUER + "/api/introspect", response.field("introspection_endpoint"));
    assertEquals(ISSUER + "/api/revoke", response.field("revocation_endpoint"));
    assertFalse(response.text().contains("evil"));
  }

  private static String secret() {
    return TestClients.SECRET;
  }

  private JsonObject introspected(String token, String... credentials) {
    Response response = server.http.introspect(token, credentials);
    assertEquals(200, response.status(), response.toString());
    return response.json();
  }

  private Response revoke(String token, String... credentials) {
    return form("/api/revoke", map("token", token), credentials);
  }

  private Response form(String path, String... fields) {
    return server.http.send("POST", path, encoded(fields), FORM);
  }

  private Response form(
      String path, Map<String, String> fields, String[] credentials, String... headers) {
    List<String> all = new ArrayList<>(List.of(with(credentials)));
    all.addAll(List.of(headers));
    String body =
        encoded(
            fields.entrySet().stream()
                .flatMap(field -> List.of(field.getKey(), field.getValue()).stream())
                .toArray(String[]::new));
    return server.http.send("POST", path, body, all.toArray(String[]::new));
  }

  private static Map<String, String> map(String... fields) {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < fields.length; i += 2) {
      map.put(fields[i], fields[i + 1]);
    }
    return map;
  }

  private static String encoded(String... fields) {
    StringBuilder body = new StringBuilder();
    map(fields)
        .forEach(
            (name, value) ->
                body.append(body.isEmpty() ? "" : "&")
                    .append(name)
                    .append('=')
                    .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return body.toString();
  }

  private static String[] with(String... credentials) {
    List<String> all = new ArrayList<>(List.of(credentials));
    all.addAll(List.of(FORM));
    return all.toArray(String[]::new);
  }

  private static void assertOAuthError(int status, String error, Response response) {
    assertEquals(status, response.status(), response.toString());
    assertEquals(error, response.field("error"));
    assertFalse(response.field("error_description").isEmpty());
  }
}
