package io.thirdsession.war;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.thirdsession.Deadline;
import io.thirdsession.simulator.SimulatorOptions;
import io.thirdsession.simulator.SimulatorOptions.ForeignCodes;
import io.thirdsession.simulator.WeChatSimulator;
import io.thirdsession.testing.Canaries;
import io.thirdsession.testing.TcpProxy;
import io.thirdsession.testing.TestClients;
import io.thirdsession.testing.TestDatabase;
import io.thirdsession.testing.TestHttp;
import io.thirdsession.testing.TestHttp.Answer;
import io.thirdsession.testing.TestKeys;
import io.thirdsession.war.ToyBackEnd.Received;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The documented nginx file in a real nginx, between a phone and a back end. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NginxIT {
  private static final String APP = "wx0123456789abcdef"; // the one in the documented file
  private static final String OTHER_APP = "wxfedcba9876543210";
  private static final String SECRET = "canary-app-secret-0123456789";
  private static final String OTHER_SECRET = "canary-app-secret-9876543210";
  private static final String JSON = "application/json;charset=utf-8";

  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private TcpProxy toDatabase;
  private WeChatSimulator weChat;
  private Container container;
  private ToyBackEnd shop;
  private TestHttp phone;

  @BeforeAll
  void startEverything() throws Exception {
    assumeTrue(
        Nginx.program().isPresent(),
        "nginx is not installed, so its documented file was not tested:"
            + " apt-get install nginx-light (Debian), brew install nginx (macOS)");
    TestDatabase database = TestDatabase.create();
    running.push(database);
    toDatabase = TcpProxy.to(database.url());
    running.push(toDatabase);
    Map<String, String> apps = new LinkedHashMap<>();
    apps.put(APP, SECRET);
    apps.put(OTHER_APP, OTHER_SECRET);
    weChat =
        WeChatSimulator.start(
            SimulatorOptions.defaults()
                .withPort(0)
                .withApps(apps)
                .withLoginsPerMinute(100_000)
                .withForeignCodes(ForeignCodes.REFUSE));
    running.push(weChat);
    Map<String, String> settings = new HashMap<>();
    settings.put("DB_URL", toDatabase.url());
    settings.put("DB_USER", TestDatabase.user());
    settings.put("DB_PASSWORD", TestDatabase.password());
    settings.put("WX_APPS", APP + ":" + SECRET + "," + OTHER_APP + ":" + OTHER_SECRET);
    settings.put("WX_API_URL", weChat.baseUri().toString());
    settings.put("MASTER_KEYS", TestKeys.setting("k1"));
    settings.put("SERVICE_CLIENTS", TestClients.setting());
    settings.put("RATE_LIMITS", "off"); // these tests hurry
    settings.put("TRUSTED_PROXIES", "127.0.0.1");
    container = TomcatContainer.start(settings);
    running.push(container);
    shop = ToyBackEnd.start();
    running.push(shop);
    Nginx nginx = Nginx.start(container.base(), shop.base());
    running.push(nginx);
    phone = new TestHttp(nginx.base());
  }

  @AfterAll
  void stopEverything() throws Exception {
    if (weChat != null) {
      Canaries.record(weChat, SECRET, OTHER_SECRET, TestClients.SECRET);
    }
    for (AutoCloseable part : running) {
      part.close();
    }
  }

  @BeforeEach
  void forgetWhatArrived() {
    shop.takeReceived();
  }

  @Test
  void theBackEndLearnsWhoIsCalling() {
    Answer login = login("alice", "uAlice");

    Answer answer = phone.get("/shop/orders", bearer(login.token()));

    assertEquals(200, answer.status(), answer.toString());
    assertEquals("the shop", answer.field("from"));
    Received received = onlyReceived();
    assertEquals(openId("alice"), received.header("X-WX-OPENID"));
    assertEquals(APP, received.header("X-WX-APPID"));
    assertEquals("uAlice", received.header("X-WX-UNIONID"));
    assertEquals(
        login.json().getAsJsonObject("user").get("userId").getAsString(),
        received.header("X-User-Id"));
    assertEquals("127.0.0.1", received.header("X-Forwarded-For"));
    assertFalse(received.header("X-Request-Id").isEmpty());
    assertEquals("", received.header("Authorization"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-WX-OPENID",
        "x-wx-openid",
        "X_WX_OPENID",
        "X-WX_OPENID",
        "X.WX.OPENID",
        "X-WX-APPID",
        "X-Wx-Unionid",
        "x_wx_unionid",
        "X-User-Id",
        "x-user-id",
        "X_USER_ID",
        "X-WX-FROM-OPENID",
        "x-wx-from-unionid",
        "X-WX-From-Appid",
        "X-WX-SOURCE",
        "X-WX-ENV",
        "Forwarded",
        "X-Real-IP",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Request-Id",
        "X-Gateway-App"
      })
  void whatAClientSaysOfItselfNeverArrives(String header) {
    String[] headers = {header, "forged", header, "forged-again"};
    String[] all =
        Stream.of(bearer(login("alice", "").token()), headers)
            .flatMap(Stream::of)
            .toArray(String[]::new);

    Answer answer = phone.get("/shop/orders", all);

    assertEquals(200, answer.status(), answer.toString());
    Received received = onlyReceived();
    if (!header.equals("X-Gateway-App")) { // which means nothing to the back end
      assertFalse(received.headers().values().toString().contains("forged"), header);
    }
    assertEquals(openId("alice"), received.header("X-WX-OPENID"));
    assertEquals(APP, received.header("X-WX-APPID"));
    assertEquals("", received.header("X-WX-UNIONID"));
    List<String> aboutOpenIds =
        received.headers().keySet().stream()
            .filter(name -> name.toLowerCase(Locale.ROOT).contains("openid"))
            .toList();
    assertEquals(1, aboutOpenIds.size(), aboutOpenIds.toString());
  }

  @Test
  void aBodyArrivesAtTheBackEndAndNotAtTheGateway() {
    String body = "{\"order\":\"" + "x".repeat(300_000) + "\"}";

    Answer answer = phone.post("/shop/orders", body, bearer(login("alice", "").token()));

    assertEquals(200, answer.status(), answer.toString());
    assertEquals("POST", onlyReceivedAs(body).method());
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 401, 403, 404, 500, 503})
  void whatTheBackEndAnswersReachesThePhoneAsItIs(int status) {
    Answer answer = phone.get("/shop/status/" + status, bearer(login("alice", "").token()));

    assertEquals(status, answer.status());
    assertEquals(status == 204 ? "" : "{\"from\":\"the shop\"}", answer.text());
    assertEquals(1, shop.takeReceived().size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "PUT", "DELETE", "OPTIONS"})
  void withoutASessionThePhoneGetsOurAnswerAndTheBackEndNothing(String method) {
    Answer answer =
        phone.send(method, "/shop/orders", method.equals("POST") ? "{}" : null, "X-WX-OPENID", "o");

    assertSessionInvalid(answer);
    assertEquals(List.of(), shop.takeReceived());
  }

  @Test
  void speaksTheLanguageOfThePhone() {
    assertNotEquals(
        phone.get("/shop/orders", "Accept-Language", "en").field("message"),
        phone.get("/shop/orders", "Accept-Language", "zh-CN").field("message"));
  }

  @Test
  void anEndedSessionStopsAtOnce() {
    String token = login("alice", "").token();
    assertEquals(200, phone.get("/shop/orders", bearer(token)).status());
    shop.takeReceived();

    assertEquals(204, phone.logout(token).status());

    assertSessionInvalid(phone.get("/shop/orders", bearer(token)));
    assertEquals(List.of(), shop.takeReceived());
  }

  @Test
  void aSessionOfAnotherAppIsRefused() {
    String code = weChat.loginCode(OTHER_APP, WeChatSimulator.openIdOf(OTHER_APP, "alice"));
    Answer login =
        phone.post("/api/login", "{\"code\":\"" + code + "\",\"appId\":\"" + OTHER_APP + "\"}");
    assertEquals(200, phone.check(login.token()).status());

    assertSessionInvalid(phone.get("/shop/orders", bearer(login.token())));
    assertSessionInvalid(
        phone.get(
            "/shop/orders",
            "Authorization",
            "Bearer " + login.token(),
            "X-Gateway-App",
            OTHER_APP));
    assertEquals(List.of(), shop.takeReceived());
  }

  @Test
  void whileTheDatabaseIsAwayThePhoneIsToldToTryAgain() throws Exception {
    String token = login("alice", "").token();
    toDatabase.refuse(true);
    toDatabase.cutAll();
    try {
      Answer answer = phone.get("/shop/orders", bearer(token));

      assertEquals(503, answer.status(), answer.toString());
      assertEquals("storage_unavailable", answer.field("error"));
      assertEquals("1", answer.header("Retry-After"));
      assertEquals(JSON, answer.header("Content-Type"));
      assertEquals(answer.field("requestId"), answer.header("X-Request-Id"));
      assertEquals(List.of(), answer.headers().allValues("X-WX-OPENID"));
      assertEquals(List.of(), shop.takeReceived());
    } finally {
      toDatabase.refuse(false);
    }
    Deadline soon = Deadline.in(Duration.ofSeconds(30));
    while (phone.get("/shop/orders", bearer(token)).status() != 200) {
      assertFalse(soon.passed(), "the database is back, and the gateway is not");
      Thread.sleep(100);
    }
  }

  /** The second question of the file, were the database back by then. */
  @Test
  void theQuestionForARefusalsBodyIsNeverAnsweredWithSuccess() {
    String token = login("alice", "").token();

    Answer answer =
        new TestHttp(container.base())
            .get("/api/gateway", "Authorization", "Bearer " + token, "X-Gateway-App", "-");

    assertEquals(401, answer.status());
  }

  @Test
  void whileTheLoginServerIsAwayThePhoneIsToldToTryAgain() throws Exception {
    String token = login("alice", "").token();
    URI nobody = URI.create("http://127.0.0.1:" + Ports.free());
    try (Nginx alone = Nginx.start(nobody, shop.base())) {
      Answer answer = new TestHttp(alone.base()).get("/shop/orders", bearer(token));

      assertEquals(503, answer.status(), answer.toString());
      assertEquals("overloaded", answer.field("error"));
      assertTrue(answer.json().get("retryable").getAsBoolean());
      assertEquals("1", answer.header("Retry-After"));
      assertEquals(JSON, answer.header("Content-Type"));
      assertEquals(answer.field("requestId"), answer.header("X-Request-Id"));
      assertEquals(List.of(), shop.takeReceived());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/introspect",
        "/api/introspect/",
        "/api/introspect;a=b",
        "/api;a=b/introspect",
        "/;a/api/introspect",
        "/api//introspect",
        "//api/introspect",
        "/api/./introspect",
        "/api/me/../introspect",
        "/api/me/..;/introspect",
        "/shop/../api/introspect",
        "/api/%69ntrospect",
        "/api%2Fintrospect",
        "/api/introspect?a=b",
        "/api/gateway",
        "/api/gateway/shop/orders",
        "/api/gateway;x",
        "/api/users",
        "/api/users/find",
        "/api/users/01a20387-0662-75fd-bdd7-59cd238c64f8/disable",
        "/cgi-bin/stable_token",
        "/cgi-bin;x/stable_token",
        "/cgi-bin/token",
        "/_gateway",
        "/_refused"
      })
  void whatIsForBackEndsIsNotThereForTheOutside(String path) throws Exception {
    String token = login("alice", "").token();

    for (String method : List.of("GET", "POST")) {
      List<String> headers = new ArrayList<>(List.of(TestClients.basic()));
      headers.addAll(List.of("Content-Type", "application/x-www-form-urlencoded"));
      // as it stands: a client's library would mend the path
      String answer = RawHttp.send(phone.base(), method, path, headers, "token=" + token);

      assertTrue(answer.startsWith("HTTP/1.1 404 "), answer.lines().findFirst().orElse(""));
      assertFalse(answer.contains("active"), path);
    }
  }

  @Test
  void whatIsForBackEndsIsThereForThem() {
    Answer answer =
        new TestHttp(container.base())
            .send(
                "POST",
                "/api/introspect",
                "token=" + login("alice", "").token(),
                Stream.of(
                        TestClients.basic(),
                        new String[] {"Content-Type", "application/x-www-form-urlencoded"})
                    .flatMap(Stream::of)
                    .toArray(String[]::new));

    assertEquals(openId("alice"), answer.field("openid"));
  }

  @Test
  void thePhonesCallsAndTheTutorialsPagesGoThrough() {
    Answer login = login("alice", "");
    assertEquals(32, login.header("X-Request-Id").length(), "nginx's own id is taken over");
    assertEquals(200, phone.check(login.token()).status());
    assertEquals(200, phone.get("/api/me", bearer(login.token())).status());
    assertEquals(200, phone.get("/readyz").status());
    assertEquals("not_found", phone.get("/avatars/AAAAAAAAAAAAAAAAAAAAAA").field("error"));
    assertEquals(2, phone.get("/getUserInfo.html").json().get("isLogin").getAsInt());
  }

  private Answer login(String name, String unionId) {
    String code =
        unionId.isEmpty()
            ? weChat.loginCode(APP, openId(name))
            : weChat.loginCode(APP, openId(name), unionId);
    Answer login = phone.login(code);
    assertEquals(200, login.status(), login.toString());
    return login;
  }

  private Received onlyReceived() {
    return onlyReceivedAs("");
  }

  private Received onlyReceivedAs(String body) {
    List<Received> all = shop.takeReceived();
    assertEquals(1, all.size());
    assertEquals(body, all.get(0).body());
    return all.get(0);
  }

  private static void assertSessionInvalid(Answer answer) {
    assertEquals(401, answer.status(), answer.toString());
    assertEquals("session_invalid", answer.field("error"));
    assertTrue(answer.json().get("relogin").getAsBoolean());
    assertEquals(JSON, answer.header("Content-Type"));
    assertEquals(List.of("Bearer"), answer.headers().allValues("WWW-Authenticate"));
    assertEquals(List.of(answer.field("requestId")), answer.headers().allValues("X-Request-Id"));
    assertEquals("no-store", answer.header("Cache-Control"));
    assertEquals(List.of(), answer.headers().allValues("X-WX-OPENID"));
  }

  private static String openId(String name) {
    return WeChatSimulator.openIdOf(APP, name);
  }

  private static String[] bearer(String token) {
    return new String[] {"Authorization", "Bearer " + token};
  }
}
