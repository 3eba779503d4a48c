package io.thirdsession.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhoneEndpointsTest extends SimulatorTestBase {

  @Test
  void logsTheDefaultUserOfTheFirstAppInWhenNothingIsSaid() throws Exception {
    JsonObject answer = postJson("/sim/login", "");

    assertEquals(APP, answer.get("appid").getAsString());
    assertEquals(simulator.defaultOpenId(APP), answer.get("openid").getAsString());
    assertTrue(exchange(answer.get("code").getAsString()).has("session_key"));
  }

  @Test
  void makesDefaultOpenIdsThatLookLikeWeChats() {
    assertTrue(simulator.defaultOpenId(APP).matches("o[A-Za-z0-9_-]{27}"));
    assertNotEquals(simulator.defaultOpenId(APP), simulator.defaultOpenId(OTHER_APP));
  }

  @Test
  void logsANewUserInWithAUnionId() throws Exception {
    String body = "{\"appid\":\"" + APP + "\",\"openid\":\"oNew\",\"unionid\":\"oUnion\"}";

    JsonObject session = exchange(postJson("/sim/login", body).get("code").getAsString());

    assertEquals("oNew", session.get("openid").getAsString());
    assertEquals("oUnion", session.get("unionid").getAsString());
  }

  @Test
  void encryptsThePhoneNumberUnderTheUsersKey() throws Exception {
    postJson("/sim/login", "");

    JsonObject event = postJson("/sim/phone", "{\"phoneNumber\":\"13800138000\"}");

    assertEquals(Set.of("code", "encryptedData", "iv", "errMsg"), event.keySet());
    assertEquals("getPhoneNumber:ok", event.get("errMsg").getAsString());
    assertEquals(
        """
        {"phoneNumber":"13800138000","purePhoneNumber":"13800138000","countryCode":"86",\
        "watermark":{"timestamp":%d,"appid":"%s"}}"""
            .formatted(START.getEpochSecond(), APP),
        decrypt(event, simulator.sessionKey(APP, simulator.defaultOpenId(APP))));
  }

  @Test
  void refusesThePhoneNumberOfAUserWhoNeverLoggedIn() throws Exception {
    HttpResponse<String> response = post("/sim/phone", "{}");

    assertEquals(400, response.statusCode());
    assertTrue(json(response).get("error").getAsString().contains("log in first"));
  }

  @Test
  void signsAndEncryptsTodaysAnonymousProfile() throws Exception {
    postJson("/sim/login", "");
    String sessionKey = simulator.sessionKey(APP, simulator.defaultOpenId(APP));

    JsonObject event = postJson("/sim/profile", "{}");

    String rawData = event.get("rawData").getAsString();
    JsonObject userInfo = event.getAsJsonObject("userInfo");
    assertEquals("微信用户", userInfo.get("nickName").getAsString());
    assertTrue(userInfo.get("is_demote").getAsBoolean());
    assertEquals(userInfo.toString(), rawData);
    assertEquals(
        WeChatCrypto.userInfoSignature(rawData, sessionKey), event.get("signature").getAsString());
    String plaintext = decrypt(event, sessionKey);
    assertTrue(plaintext.contains("\"watermark\":{\"timestamp\":"), plaintext);
    assertFalse(plaintext.contains("openId"), plaintext);
  }

  @Test
  void takesTheUserInfoThatIsGiven() throws Exception {
    postJson("/sim/login", "");

    JsonObject event = postJson("/sim/profile", "{\"userInfo\":{\"nickName\":\"小明 <&>\"}}");

    assertEquals("{\"nickName\":\"小明 <&>\"}", event.get("rawData").getAsString());
  }

  @Test
  void rotatesTheKeyAtTheNextLogin() throws Exception {
    postJson("/sim/login", "");
    String first = simulator.sessionKey(APP, simulator.defaultOpenId(APP));

    postJson("/sim/rotate", "{}");
    postJson("/sim/login", "");

    assertNotEquals(first, simulator.sessionKey(APP, simulator.defaultOpenId(APP)));
  }

  @Test
  void blocksAndUnblocksAUser() throws Exception {
    String code = postJson("/sim/login", "").get("code").getAsString();
    postJson("/sim/block", "{\"appid\":\"" + APP + "\"}");
    assertErrcode(40226, exchange(code));

    postJson("/sim/block", "{\"blocked\":false}");

    assertTrue(exchange(code).has("openid"));
  }

  @Test
  void movesTheClock() throws Exception {
    String code = simulator.loginCode(APP, ALICE);

    JsonObject answer = postJson("/sim/clock", "{\"advanceSeconds\":300}");

    assertEquals("2026-01-01T00:05:00Z", answer.get("now").getAsString());
    assertErrcode(40029, exchange(code));
  }

  @Test
  void showsCallsWithoutTheirSecrets() throws Exception {
    String sessionKey = logInAlice();
    String token = accessToken();
    postJson("/wxa/business/getuserphonenumber?access_token=" + token, "{\"code\":\"c\"}");

    String calls = get("/sim/calls").body();

    assertTrue(calls.contains("\"secret\":\"***\""), calls);
    assertTrue(calls.contains("access_token=***"), calls);
    assertFalse(calls.contains(SECRET), calls);
    assertFalse(calls.contains(token), calls);
    assertFalse(calls.contains(sessionKey), calls);
    assertFalse(calls.contains(sessionKey.replace("/", "\\\\/")), calls);
    assertTrue(simulator.calls().get(0).response().contains("session_key"));
  }

  @Test
  void doesNotShowThePhonesOwnCalls() throws Exception {
    postJson("/sim/login", "");

    assertEquals("{\"calls\":[]}", get("/sim/calls").body());
  }

  @Test
  void forgetsEverythingOnReset() throws Exception {
    String code = simulator.loginCode(APP, ALICE);
    logInAlice();
    String token = accessToken();
    simulator.faults(Fault.of(FaultMode.BUSY));
    postJson("/sim/clock", "{\"advanceSeconds\":10}");

    postJson("/sim/reset", "");

    assertEquals(START, simulator.clock().instant());
    assertTrue(simulator.calls().isEmpty());
    assertErrcode(40029, exchange(code));
    assertErrcode(40001, getJson("/wxa/checksession?access_token=" + token));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/sim/login  | [] | the body must be a JSON object",
        "/sim/login  | {'appid':'x'} | the body must be a JSON object",
        "/sim/login  | {\"appId\":\"x\"} | unknown field \"appId\"; allowed: appid, openid, unionid",
        "/sim/login  | {\"appid\":1} | appid must be a string",
        "/sim/login  | {\"appid\":\"wx00\"} | unknown appid \"wx00\"; known: "
            + APP
            + ", "
            + OTHER_APP,
        "/sim/login  | {\"openid\":\"a b\"} | openid must be 1 to 64 letters, digits, _ or - (WeChat's have 28)",
        "/sim/login  | {\"unionid\":\"\"} | unionid must be 1 to 64 letters, digits, _ or - (WeChat's have 28)",
        "/sim/phone  | {\"phoneNumber\":\"12\"} | phoneNumber must be 5 to 15 digits, with or without a leading +",
        "/sim/profile | {\"userInfo\":\"x\"} | userInfo must be a JSON object",
        "/sim/block  | {\"blocked\":\"no\"} | blocked must be true or false",
        "/sim/clock  | {} | advanceSeconds must be a whole number, 0 or more",
        "/sim/clock  | {\"advanceSeconds\":1.5} | advanceSeconds must be a whole number",
        "/sim/faults | {\"mode\":\"errcode\"} | mode errcode needs errcode, not 0",
        "/sim/faults | {\"mode\":\"raw\"} | mode raw needs body, a string",
        "/sim/faults | {\"mode\":\"ok\",\"times\":0} | times must be at least 1",
        "/sim/faults | {\"mode\":\"status\",\"status\":99} | status must be 200 to 599",
        "/sim/faults | {\"mode\":\"ok\",\"path\":\"/sim/login\"} | path must be one of WeChat's, for example /sns/jscode2session",
        "/sim/faults | {\"mode\":\"refuse\",\"times\":2} | mode refuse would close this port for good; ask the server that you start",
        "/sim/reset  | {\"x\":1} | unknown field \"x\"; allowed: ",
      })
  void explainsBadInput(String path, String body, String error) throws Exception {
    HttpResponse<String> response = post(path, body);

    assertEquals(400, response.statusCode(), response.body());
    assertEquals(error == null ? "" : error.strip(), errorOf(response).strip());
  }

  @Test
  void namesTheModesWhenAFaultHasNone() throws Exception {
    assertEquals(
        "mode must be one of ok, refuse, hang, drip, reset, truncate, status, garbage, busy, errcode,"
            + " redirect, huge, raw",
        errorOf(post("/sim/faults", "{}")));
  }

  @Test
  void namesThePathsWhenOneIsUnknown() throws Exception {
    HttpResponse<String> response = get("/sim/");

    assertEquals(404, response.statusCode());
    assertTrue(errorOf(response).contains("/sim/login"));
  }

  @Test
  void takesNothingElseWithRefusedConnections() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Fault.of(FaultMode.REFUSE).times(2));

    assertEquals(
        "mode refuse takes nothing else: the port is closed until the fault is changed",
        e.getMessage());
  }

  @Test
  void knowsWhetherAUserHasASessionKey() throws Exception {
    String alice = "{\"openid\":\"" + ALICE + "\"}";
    assertEquals("{\"valid\":false}", post("/sim/session", alice).body());

    simulator.loginCode(APP, ALICE);
    assertEquals("{\"valid\":true}", post("/sim/session", alice).body());

    simulator.reset();
    assertEquals("{\"valid\":false}", post("/sim/session", alice).body());
  }

  @Test
  void refusesAWrongMethod() throws Exception {
    HttpResponse<String> response = get("/sim/login");

    assertEquals(405, response.statusCode());
    assertEquals("/sim/login needs POST", errorOf(response));
    HttpRequest delete = request("/sim/faults").DELETE().build();
    assertEquals(
        "/sim/faults needs GET or POST", errorOf(http.send(delete, BodyHandlers.ofString())));
  }

  @Test
  void answersTheSameThroughAnotherServer() {
    byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
    SimulatorRequest request = new SimulatorRequest("POST", "/sim/login", "", Map.of(), body);

    SimulatorResponse answer = simulator.handle(request);

    assertEquals(200, answer.status());
    assertTrue(answer.contentType().startsWith("application/json"));
    assertTrue(answer.bodyText().contains("\"code\":"));
  }

  private static String errorOf(HttpResponse<String> response) {
    return json(response).get("error").getAsString();
  }

  private static String decrypt(JsonObject event, String sessionKey) throws Exception {
    Base64.Decoder base64 = Base64.getDecoder();
    Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
    cipher.init(
        Cipher.DECRYPT_MODE,
        new SecretKeySpec(base64.decode(sessionKey), "AES"),
        new IvParameterSpec(base64.decode(event.get("iv").getAsString())));
    byte[] plaintext = cipher.doFinal(base64.decode(event.get("encryptedData").getAsString()));
    return new String(plaintext, StandardCharsets.UTF_8);
  }

  @Test
  void pushesAnEventToAServerOfThisMachine() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    AtomicReference<String> received = new AtomicReference<>("");
    server.createContext(
        "/push",
        exchange -> {
          received.set(
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(200, 7);
          exchange.getResponseBody().write("success".getBytes(StandardCharsets.UTF_8));
          exchange.close();
        });
    server.start();
    try {
      String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/push";

      JsonObject answer =
          postJson(
              "/sim/push",
              "{\"event\":\"user_authorization_revoke\",\"revokeInfo\":\"8\",\"token\":\"abc\","
                  + "\"format\":\"json\",\"url\":\""
                  + url
                  + "\"}");

      assertEquals(200, answer.get("status").getAsInt());
      assertEquals("success", answer.get("body").getAsString());
      assertTrue(received.get().contains("\"RevokeInfo\":\"8\""), received.get());
    } finally {
      server.stop(0);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "http://192.168.0.1/push",
    "https://127.0.0.1/push",
    "http://127.0.0.1.evil.example/push",
    "file:///etc/passwd",
  })
  void pushesToNoOtherMachine(String url) throws Exception {
    HttpResponse<String> response =
        http.send(
            request("/sim/push")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"event\":\"e\",\"token\":\"abc\",\"url\":\"" + url + "\"}"))
                .build(),
            BodyHandlers.ofString());

    assertEquals(400, response.statusCode());
    assertTrue(response.body().contains("url must begin with"), response.body());
  }
}
