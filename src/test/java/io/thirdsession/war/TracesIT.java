package io.thirdsession.war;

import static io.thirdsession.testing.AppServer.APP;
import static io.thirdsession.testing.TestHttp.bearer;
import static io.thirdsession.testing.TestHttp.query;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.thirdsession.simulator.PhoneEvent;
import io.thirdsession.simulator.ProfileEvent;
import io.thirdsession.simulator.RecordedCall;
import io.thirdsession.simulator.SimulatorOptions;
import io.thirdsession.simulator.SimulatorOptions.ForeignCodes;
import io.thirdsession.simulator.WeChatSimulator;
import io.thirdsession.testing.Canaries;
import io.thirdsession.testing.TestClients;
import io.thirdsession.testing.TestDatabase;
import io.thirdsession.testing.TestHttp;
import io.thirdsession.testing.TestHttp.Response;
import io.thirdsession.testing.TestKeys;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What OpenTelemetry's Java agent sends away about the server, by itself and with otel.yaml. */
class TracesIT {
  private static final String SECRET = "canary-app-secret-0123456789";
  private static final String PHONE = "13900007777";
  private static final String OTHER_PHONE = "13900008888";

  private TestDatabase database;
  private WeChatSimulator weChat;

  /** By what they are. */
  private final Map<String, Set<String>> secrets = new LinkedHashMap<>();

  @BeforeEach
  void start() {
    database = TestDatabase.create();
    weChat =
        WeChatSimulator.start(
            SimulatorOptions.defaults()
                .withPort(0)
                .withApps(Map.of(APP, SECRET))
                .withForeignCodes(ForeignCodes.REFUSE));
    keep("AppSecret", SECRET);
    keep("client secret", TestClients.SECRET);
    keep("Authorization", TestClients.basic()[1].substring("Basic ".length()));
    keep("master key", masterKey());
    keep("phone", PHONE);
    keep("phone", OTHER_PHONE);
  }

  @AfterEach
  void stop() {
    Canaries.record(weChat, SECRET);
    weChat.close();
    database.close();
  }

  @Test
  void withoutOurConfigurationTheAgentSendsSecretsAway() throws Exception {
    String collected = collect(List.of());

    Set<String> found = found(collected);
    assertTrue(
        found.containsAll(
            Set.of("AppSecret", "code", "access_token", "token", "encryptedData", "master key")),
        "what was found: " + found);
  }

  @Test
  void withOtelYamlItSendsSpansMetricsAndLinesWithoutAnySecret() throws Exception {
    Path configuration = Path.of("src", "site", "resources", "otel.yaml").toAbsolutePath();

    String collected = collect(List.of("-Dotel.config.file=" + configuration));

    assertEquals(Set.of(), found(collected));
    for (String useful :
        List.of(
            "POST /api/login", // the span of a route
            "/getOpenid.html",
            "/sns/jscode2session?appid=" + APP,
            "/wxa/business/getuserphonenumber",
            "http.response.status_code",
            "INSERT INTO session",
            "http.server.request.duration",
            "event=login ")) {
      assertTrue(collected.contains(useful), useful + " is missing");
    }
  }

  /** Lets everybody call everything while the agent watches; returns what it has sent. */
  private String collect(List<String> options) throws Exception {
    Map<String, String> settings = War.settings(database, weChat, APP + ":" + SECRET);
    settings.put("RATE_LIMITS", "off");
    List<String> all = new ArrayList<>(options);
    all.add("-DMASTER_KEYS=" + settings.remove("MASTER_KEYS")); // system properties are allowed
    try (TracedTomcat server = TracedTomcat.start(all, settings)) {
      callEverything(server.http());
      String collected = server.collected();
      assertEquals(Set.of("/v1/traces", "/v1/metrics", "/v1/logs"), server.paths());
      keepWhatWeChatSaw();
      return collected;
    }
  }

  private void callEverything(TestHttp http) {
    String token = keptToken(ok(http.login(code("omain"))).token());
    keep("session_key", weChat.sessionKey(APP, "omain"));
    String[] bearer = bearer(token);
    ok(http.check(token));
    ok(http.get("/api/me", bearer));
    ok(http.send("PUT", "/api/me", "{\"nickName\":\"x\"}", json(bearer)));
    ProfileEvent profile = weChat.profile(APP, "omain");
    keep("signature", profile.signature());
    ok(http.post("/api/me/profile", signed(profile).toString(), bearer));
    bindPhones(http, bearer);
    ok(http.get("/api/me/export", bearer));
    ok(http.get("/api/sessions", bearer));
    callAsBackEnd(http, token);
    callAsOlderClients(http);
    assertEquals(204, http.logout(token).status());
    assertEquals(401, http.check(token).status());
    assertEquals(400, http.login(keep("code", "canary-code-of-nobody-0123456789")).status());
  }

  private void bindPhones(TestHttp http, String[] bearer) {
    PhoneEvent byCode = weChat.phone(APP, "omain", PHONE);
    keep("code", byCode.code());
    ok(http.post("/api/me/phone", "{\"code\":\"" + byCode.code() + "\"}", bearer));
    for (String path : List.of("/api/me/phone", "/api/me/decrypt")) {
      PhoneEvent encrypted = weChat.phone(APP, "omain", OTHER_PHONE);
      JsonObject body = new JsonObject();
      body.addProperty("encryptedData", keep("encryptedData", encrypted.encryptedData()));
      body.addProperty("iv", encrypted.iv());
      ok(http.post(path, body.toString(), bearer));
    }
  }

  private void callAsBackEnd(TestHttp http, String token) {
    String[] client = TestClients.basic();
    String user = ok(http.introspect(token, client)).field("sub");
    ok(http.get("/api/gateway", bearer(token)));
    ok(http.get("/api/users?userId=" + user, client));
    ok(http.post("/api/users/find", "{\"phoneNumber\":\"" + OTHER_PHONE + "\"}", client));
    ok(http.get("/metrics", client));
    http.send("POST", "/api/users/" + user + "/reset-session-keys", null, client);
    JsonObject body = new JsonObject();
    body.addProperty("grant_type", "client_credential");
    body.addProperty("appid", APP);
    body.addProperty("secret", TestClients.SECRET);
    keep(
        "access_token",
        ok(http.post("/cgi-bin/stable_token", body.toString())).field("access_token"));
  }

  /** They put everything into the query. */
  private void callAsOlderClients(TestHttp http) {
    String code = code("oseed");
    Map<String, String> login =
        new LinkedHashMap<>(
            Map.of("code", code, "secret", SECRET, "avaurl", "", "nick", "", "sex", ""));
    String token = keptToken(ok(http.get("/getOpenid.html" + query(login))).field("third_Session"));
    keep("session_key", weChat.sessionKey(APP, "oseed"));
    String named = "third_Session=" + token;
    for (String page : List.of("/getUserInfo", "/getUserId")) {
      ok(http.get(page + ".html?" + named));
    }
    ok(http.get("/setUserInfo.html?nickName=x&" + named));
    ProfileEvent profile = weChat.profile(APP, "oseed");
    keep("signature", profile.signature());
    Map<String, String> check =
        Map.of(
            "third_Session", token, "rawData", profile.rawData(), "signature", profile.signature());
    ok(http.get("/checkSignature.html" + query(check)));
    keptToken(ok(http.get("/onLogin.html?code=" + code("oseed2"))).field("third_Session"));
    PhoneEvent phone = weChat.phone(APP, "oseed2", PHONE);
    for (String page : List.of("/getPhoneNumber", "/thirdLogin")) {
      Map<String, String> encrypted =
          Map.of(
              "code", code("oseed2"),
              "encryptedData", keep("encryptedData", phone.encryptedData()),
              "iv", phone.iv());
      ok(http.get(page + ".html" + query(encrypted)));
    }
    Response wafer = ok(http.get("/weapp/login", "X-WX-Code", code("owafer")));
    JsonObject session = wafer.json().getAsJsonObject("session");
    String skey = keptToken(session.get("skey").getAsString());
    ok(http.get("/weapp/user", "X-WX-Id", session.get("id").getAsString(), "X-WX-Skey", skey));
  }

  private void keepWhatWeChatSaw() {
    for (RecordedCall call : weChat.calls()) {
      if (call.query().containsKey("access_token")) {
        keep("access_token", call.query().get("access_token"));
      }
      if (call.query().containsKey("signature")) {
        keep("signature", call.query().get("signature"));
      }
    }
    keep("database password", TestDatabase.password());
  }

  /** Returns which kinds of secrets stand in this, plain or encoded. */
  private Set<String> found(String collected) {
    Set<String> found = new TreeSet<>();
    secrets.forEach(
        (kind, values) -> {
          for (String value : values) {
            if (collected.contains(value)
                || collected.contains(URLEncoder.encode(value, StandardCharsets.UTF_8))) {
              found.add(kind);
            }
          }
        });
    return found;
  }

  private String code(String openId) {
    return keep("code", weChat.loginCode(APP, openId));
  }

  private String keptToken(String token) {
    return keep("token", token);
  }

  private String keep(String kind, String secret) {
    if (!secret.isEmpty()) {
      secrets.computeIfAbsent(kind, its -> new TreeSet<>()).add(secret);
    }
    return secret;
  }

  private static String masterKey() {
    String setting = TestKeys.setting("k1");
    return setting.substring(setting.indexOf(':') + 1);
  }

  private static JsonObject signed(ProfileEvent profile) {
    JsonObject body = new JsonObject();
    body.addProperty("rawData", profile.rawData());
    body.addProperty("signature", profile.signature());
    return body;
  }

  private static String[] json(String[] headers) {
    return new String[] {headers[0], headers[1], "Content-Type", "application/json"};
  }

  private static Response ok(Response response) {
    assertEquals(200, response.status(), response.toString());
    return response;
  }
}
