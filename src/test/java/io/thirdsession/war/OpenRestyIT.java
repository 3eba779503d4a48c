package io.thirdsession.war;

import static io.thirdsession.testing.AppServer.APP;
import static io.thirdsession.testing.AppServer.OTHER_APP;
import static io.thirdsession.testing.Eventually.eventually;
import static io.thirdsession.testing.TestHttp.bearer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.thirdsession.simulator.SimulatorOptions;
import io.thirdsession.simulator.WeChatSimulator;
import io.thirdsession.testing.Canaries;
import io.thirdsession.testing.Nginx;
import io.thirdsession.testing.Ports;
import io.thirdsession.testing.TestClients;
import io.thirdsession.testing.TestDatabase;
import io.thirdsession.testing.TestHttp;
import io.thirdsession.testing.TestHttp.Response;
import io.thirdsession.testing.TestKeys;
import io.thirdsession.war.ToyBackEnd.Received;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The documented OpenResty file, which keeps what introspection said until its {@code exp}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenRestyIT {
  private static final String APP_SECRET = "canary-app-secret-0123456789";
  private static final String OTHER_SECRET = "canary-app-secret-9876543210";
  private static final String CACHING = "canary-client-secret-that-caches";
  private static final String BELIEVING = "canary-client-secret-that-believes";
  private static final Duration CACHE = Duration.ofSeconds(4);
  private static final Duration REFUSED_AFTER = CACHE.plusSeconds(1); // exp is in whole seconds

  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private WeChatSimulator weChat;
  private Container container;
  private TestHttp login;
  private ToyBackEnd shop;
  private TestHttp phone;

  @BeforeAll
  void startEverything() throws Exception {
    assumeTrue(
        Nginx.hasLua(),
        "there is no nginx with Lua, so the documented file of OpenResty was not tested:"
            + " apt-get install nginx-light libnginx-mod-http-lua lua-cjson (Debian)");
    TestDatabase database = TestDatabase.create();
    running.push(database);
    weChat =
        WeChatSimulator.start(
            SimulatorOptions.defaults()
                .withPort(0)
                .withApps(Map.of(APP, APP_SECRET, OTHER_APP, OTHER_SECRET)));
    running.push(weChat);
    Map<String, String> settings = new HashMap<>();
    settings.put("DB_URL", database.url());
    settings.put("DB_USER", TestDatabase.user());
    settings.put("DB_PASSWORD", TestDatabase.password());
    settings.put("WX_APPS", APP + ":" + APP_SECRET + "," + OTHER_APP + ":" + OTHER_SECRET);
    settings.put("WX_API_URL", weChat.baseUri().toString());
    settings.put("MASTER_KEYS", TestKeys.setting("k1"));
    settings.put("RATE_LIMITS", "off"); // these tests hurry
    settings.put(
        "SERVICE_CLIENTS",
        TestClients.entry(
                "caching", CACHING, "introspect:" + APP + ":cache=" + CACHE.toSeconds() + "s")
            + ","
            + TestClients.entry("believing", BELIEVING, "introspect:" + APP));
    container = TomcatContainer.start(settings);
    running.push(container);
    login = new TestHttp(container.base());
    shop = ToyBackEnd.start();
    running.push(shop);
    phone = gateway(container.base(), "caching", CACHING);
  }

  @AfterAll
  void stopEverything() throws Exception {
    if (weChat != null) {
      Canaries.record(weChat, APP_SECRET, OTHER_SECRET, CACHING, BELIEVING);
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
  void aTokenThatWasLoggedOutIsRefusedWithinTheCacheOfTheClient() throws Exception {
    TestHttp believing = gateway(container.base(), "believing", BELIEVING);
    String believed = token(APP, "bob");
    assertEquals(200, orders(believing, believed).status());
    assertEquals(204, login.logout(believed).status());
    String token = token(APP, "alice");
    assertEquals(200, orders(phone, token).status());
    assertEquals(204, login.logout(token).status());
    long loggedOut = System.nanoTime();

    int letIn = 0;
    Duration lastLetIn = Duration.ZERO;
    Duration asked = Duration.ZERO;
    for (int status = 200; status == 200; ) {
      asked = Duration.ofNanos(System.nanoTime() - loggedOut);
      status = orders(phone, token).status();
      if (status == 200) {
        letIn++;
        lastLetIn = asked;
        assertTrue(asked.compareTo(REFUSED_AFTER) <= 0, "still let in after " + asked);
      } else {
        assertEquals(401, status);
      }
    }
    eventually(() -> assertTrue(System.nanoTime() - loggedOut > REFUSED_AFTER.toNanos()));

    assertTrue(letIn > 0, "was asked each time, so this has proven nothing");
    assertEquals(401, orders(phone, token).status(), "last let in after " + lastLetIn);
    assertEquals(200, orders(believing, believed).status(), "a client without cache has no bound");
  }

  @Test
  void theBackEndLearnsWhoIsCallingAndNotTheToken() {
    String token = token(APP, "alice");
    String userId = login.check(token).field("userId");

    assertEquals(200, orders(phone, token).status());

    List<Received> all = shop.takeReceived();
    assertEquals(1, all.size());
    assertEquals(WeChatSimulator.openIdOf(APP, "alice"), all.get(0).header("X-WX-OPENID"));
    assertEquals(APP, all.get(0).header("X-WX-APPID"));
    assertEquals(userId, all.get(0).header("X-User-Id"));
    assertEquals("", all.get(0).header("Authorization"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-WX-OPENID",
        "x-wx-openid",
        "X_WX_OPENID",
        "X.WX.OPENID",
        "X-WX-APPID",
        "X-WX-UNIONID",
        "X-User-Id",
        "X-External-Id",
        "X-WX-FROM-OPENID",
        "X-WX-SOURCE",
        "X-WX-ENV",
        "X-Forwarded-For",
        "X-Request-Id"
      })
  void whatAClientSaysOfItselfNeverArrives(String header) {
    String token = token(APP, "alice");

    Response response =
        phone.get("/shop/orders", bearer(token, header, "forged", header, "forged-again"));

    assertEquals(200, response.status(), response.toString());
    Received received = shop.takeReceived().get(0);
    assertFalse(received.headers().values().toString().contains("forged"), header);
    assertEquals(WeChatSimulator.openIdOf(APP, "alice"), received.header("X-WX-OPENID"));
  }

  @Test
  void anUploadIsMeasuredByWhatTheBackEndTakes() {
    String body = "x".repeat(5_000_000);

    Response response = phone.post("/shop/upload", body, bearer(token(APP, "alice")));

    assertEquals(200, response.status(), response.toString());
    assertEquals(body.length(), shop.takeReceived().get(0).body().length());
  }

  @Test
  void withoutALiveSessionOfThisAppThePhoneIsToldToLogIn() {
    String foreign = token(OTHER_APP, "alice");

    assertSessionInvalid(phone.get("/shop/orders"));
    assertSessionInvalid(phone.get("/shop/orders", "Authorization", "Basic eDp5"));
    assertSessionInvalid(orders(phone, "3rd_nonsense"));
    assertSessionInvalid(orders(phone, foreign));
    assertEquals(List.of(), shop.takeReceived());
  }

  @Test
  void whileNobodyKnowsThePhoneIsToldToTryAgain() throws Exception {
    String token = token(APP, "alice");
    URI nobody = URI.create("http://127.0.0.1:" + Ports.free());

    assertTryAgain(orders(gateway(nobody, "caching", CACHING), token));
    assertTryAgain(orders(gateway(container.base(), "caching", "wrong-wrong-wrong-wrong"), token));
    assertEquals(List.of(), shop.takeReceived());
  }

  private TestHttp gateway(URI thirdSession, String id, String secret) throws Exception {
    Nginx nginx = Nginx.startWithLua(thirdSession, shop.base(), id, secret);
    running.push(nginx);
    return TestHttp.ofAnother(nginx.base());
  }

  private static Response orders(TestHttp gateway, String token) {
    return gateway.get("/shop/orders", bearer(token));
  }

  private String token(String app, String name) {
    String code = weChat.loginCode(app, WeChatSimulator.openIdOf(app, name));
    Response response =
        login.post("/api/login", "{\"code\":\"" + code + "\",\"appId\":\"" + app + "\"}");
    assertEquals(200, response.status(), response.toString());
    return response.token();
  }

  private static void assertSessionInvalid(Response response) {
    assertEquals(401, response.status(), response.toString());
    assertEquals("session_invalid", response.field("error"));
    assertTrue(response.json().get("relogin").getAsBoolean());
    assertEquals("Bearer", response.header("WWW-Authenticate"));
    assertOurs(response);
  }

  private static void assertTryAgain(Response response) {
    assertEquals(503, response.status(), response.toString());
    assertEquals("overloaded", response.field("error"));
    assertFalse(response.json().get("relogin").getAsBoolean());
    assertTrue(response.json().get("retryable").getAsBoolean());
    assertEquals("1", response.header("Retry-After"));
    assertOurs(response);
  }

  private static void assertOurs(Response response) {
    assertEquals("application/json;charset=utf-8", response.header("Content-Type"));
    assertEquals("no-store", response.header("Cache-Control"));
    assertEquals(response.field("requestId"), response.header("X-Request-Id"));
  }
}
