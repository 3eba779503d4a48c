package io.thirdsession.war;

import static io.thirdsession.testing.AppServer.APP;
import static io.thirdsession.testing.AppServer.OTHER_APP;
import static io.thirdsession.testing.Eventually.eventually;
import static io.thirdsession.testing.TestHttp.bearer;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.thirdsession.simulator.SimulatorOptions;
import io.thirdsession.simulator.SimulatorOptions.ForeignCodes;
import io.thirdsession.simulator.WeChatSimulator;
import io.thirdsession.testing.Canaries;
import io.thirdsession.testing.Nginx;
import io.thirdsession.testing.Ports;
import io.thirdsession.testing.TcpProxy;
import io.thirdsession.testing.TestClients;
import io.thirdsession.testing.TestDatabase;
import io.thirdsession.testing.TestHttp;
import io.thirdsession.testing.TestHttp.Response;
import io.thirdsession.testing.TestKeys;
import io.thirdsession.war.ToyBackEnd.Received;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
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
    phone = TestHttp.ofAnother(nginx.base());
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
    Response login = login("alice", "uAlice");

    Response response = phone.get("/shop/orders", bearer(login.token()));

    assertEquals(200, response.status(), response.toString());
    assertEquals("the shop", response.field("from"));
    Received received = onlyReceived();
    assertEquals(openId("alice"), received.header("X-WX-OPENID"));
    assertEquals(APP, received.header("X-WX-APPID"));
    assertEquals("uAlice", received.header("X-WX-UNIONID"));
    assertEquals(login.userId(), received.header("X-User-Id"));
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
        "X-External-Id",
        "x_external_id",
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

    Response response = phone.get("/shop/orders", all);

    assertEquals(200, response.status(), response.toString());
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

    Response response = phone.post("/shop/orders", body, bearer(login("alice", "").token()));

    assertEquals(200, response.status(), response.toString());
    assertEquals("POST", onlyReceivedAs(body).method());
  }

  @Test
  void anUploadForTheBackEndIsNotMeasuredByTheSizeOfOurPictures() {
    String body = "x".repeat(5_000_000);

    Response response = phone.post("/shop/upload", body, bearer(login("alice", "").token()));

    assertEquals(200, response.status(), response.toString());
    assertEquals(body.length(), onlyReceivedAs(body).body().length());
  }

  @Test
  void anUploadWithoutASessionGetsOurResponseHoweverLargeItIs() {
    assertSessionInvalid(phone.post("/shop/upload", "x".repeat(5_000_000)));
    assertEquals(List.of(), shop.takeReceived());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/me/avatar", "/shop/upload"})
  void whatIsTooLargeForNginxIsRefusedInOurWords(String path) {
    Response response =
        phone.post(path, "x".repeat(21_000_000), bearer(login("alice", "").token()));

    assertEquals(413, response.status(), response.toString());
    assertEquals("payload_too_large", response.field("error"));
    assertFalse(response.json().get("relogin").getAsBoolean());
    assertFalse(response.json().get("retryable").getAsBoolean());
    assertEquals(JSON, response.header("Content-Type"));
    assertEquals(response.field("requestId"), response.header("X-Request-Id"));
    assertEquals(List.of(), shop.takeReceived());
  }

  @Test
  void aWebSocketGoesThroughTheGuard() throws Exception {
    String token = login("alice", "").token();
    try (UpgradingBackEnd chat = UpgradingBackEnd.start();
        Nginx before = Nginx.start(container.base(), chat.base());
        Socket socket = new Socket("127.0.0.1", before.base().getPort())) {
      socket.setSoTimeout(10_000);
      send(
          socket,
          """
          GET /shop/chat HTTP/1.1\r
          Host: localhost\r
          Upgrade: websocket\r
          Connection: Upgrade\r
          Sec-WebSocket-Version: 13\r
          Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
          Authorization: Bearer %s\r
          \r
          """
              .formatted(token));

      String head = UpgradingBackEnd.readHead(socket);

      assertTrue(head.startsWith("HTTP/1.1 101 "), head);
      send(socket, "hello");
      assertEquals("hello", new String(socket.getInputStream().readNBytes(5), US_ASCII));
      assertTrue(chat.heads().get(0).contains("X-WX-OPENID: " + openId("alice")));
    }
  }

  @Test
  void aWebSocketWithoutASessionDoesNotReachTheBackEnd() throws Exception {
    try (UpgradingBackEnd chat = UpgradingBackEnd.start();
        Nginx before = Nginx.start(container.base(), chat.base())) {
      String response =
          RawHttp.send(
              before.base(),
              "GET",
              "/shop/chat",
              List.of("Upgrade", "websocket", "Sec-WebSocket-Version", "13"),
              "");

      assertTrue(response.startsWith("HTTP/1.1 401 "), response);
      assertEquals(List.of(), chat.heads());
    }
  }

  @Test
  void theConnectionToTheBackEndIsKept() {
    String token = login("alice", "").token();
    for (int i = 0; i < 3; i++) {
      assertEquals(200, phone.get("/shop/orders", bearer(token)).status());
    }

    assertEquals(1, shop.takeReceived().stream().map(Received::from).distinct().count());
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 401, 403, 404, 500, 503})
  void whatTheBackEndAnswersReachesThePhoneAsItIs(int status) {
    Response response = phone.get("/shop/status/" + status, bearer(login("alice", "").token()));

    assertEquals(status, response.status());
    assertEquals(status == 204 ? "" : "{\"from\":\"the shop\"}", response.text());
    assertEquals(1, shop.takeReceived().size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "PUT", "DELETE", "OPTIONS"})
  void theBackEndHearsNothingOfARequestWithoutSession(String method) {
    Response response =
        phone.send(method, "/shop/orders", method.equals("POST") ? "{}" : null, "X-WX-OPENID", "o");

    assertSessionInvalid(response);
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
    Response login =
        phone.post("/api/login", "{\"code\":\"" + code + "\",\"appId\":\"" + OTHER_APP + "\"}");
    assertEquals(200, phone.check(login.token()).status());

    assertSessionInvalid(phone.get("/shop/orders", bearer(login.token())));
    assertSessionInvalid(
        phone.get("/shop/orders", bearer(login.token(), "X-Gateway-App", OTHER_APP)));
    assertEquals(List.of(), shop.takeReceived());
  }

  @Test
  void whileTheDatabaseIsAwayThePhoneIsToldToTryAgain() throws Exception {
    String token = login("alice", "").token();
    toDatabase.cut();
    try {
      Response response = phone.get("/shop/orders", bearer(token));

      assertEquals(503, response.status(), response.toString());
      assertEquals("storage_unavailable", response.field("error"));
      assertEquals("1", response.header("Retry-After"));
      assertEquals(JSON, response.header("Content-Type"));
      assertEquals(response.field("requestId"), response.header("X-Request-Id"));
      assertEquals(List.of(), response.headers().allValues("X-WX-OPENID"));
      assertEquals(List.of(), shop.takeReceived());
    } finally {
      toDatabase.restore();
    }
    eventually(() -> assertEquals(200, phone.get("/shop/orders", bearer(token)).status()));
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404, 429, 500, 503})
  void whateverTheGatewayRefusesWithReachesThePhone(int status) throws Exception {
    try (RefusingGateway gateway = RefusingGateway.start(status);
        Nginx before = Nginx.start(gateway.base(), shop.base())) {
      Response response = TestHttp.ofAnother(before.base()).get("/shop/orders", bearer("3rd_x"));

      assertEquals(status, response.status(), response.toString());
      assertEquals(RefusingGateway.BODY, response.text());
      assertEquals(JSON, response.header("Content-Type"));
      assertEquals("7", response.header("Retry-After"));
      assertEquals(List.of(), shop.takeReceived());
    }
  }

  /** The second question of the file, were the database back by then. */
  @Test
  void theQuestionForARefusalsBodyIsNeverAnsweredWithSuccess() {
    String token = login("alice", "").token();

    Response response =
        new TestHttp(container.base()).get("/api/gateway", bearer(token, "X-Gateway-App", "-"));

    assertEquals(401, response.status());
  }

  @Test
  void whileTheLoginServerIsAwayThePhoneIsToldToTryAgain() throws Exception {
    String token = login("alice", "").token();
    URI nobody = URI.create("http://127.0.0.1:" + Ports.free());
    try (Nginx alone = Nginx.start(nobody, shop.base())) {
      Response response = TestHttp.ofAnother(alone.base()).get("/shop/orders", bearer(token));

      assertEquals(503, response.status(), response.toString());
      assertEquals("overloaded", response.field("error"));
      assertTrue(response.json().get("retryable").getAsBoolean());
      assertEquals("1", response.header("Retry-After"));
      assertEquals(JSON, response.header("Content-Type"));
      assertEquals(response.field("requestId"), response.header("X-Request-Id"));
      assertEquals(List.of(), shop.takeReceived());
    }
  }

  @Test
  void aDeadNodeCostsNobodyAnything() throws Exception {
    String token = login("alice", "").token();
    URI dead = URI.create("http://127.0.0.1:" + Ports.free());
    for (int i = 0; i < 5; i++) { // each new nginx has yet to find out
      try (Nginx two = Nginx.start(List.of(dead, container.base()), shop.base())) {
        TestHttp http = TestHttp.ofAnother(two.base());
        for (int j = 0; j < 4; j++) {
          assertEquals(200, http.login(weChat.loginCode(APP, "odead" + i)).status());
          assertEquals(200, http.check(token).status());
          assertEquals(200, http.get("/shop/orders", bearer(token)).status());
        }
      }
    }
  }

  @Test
  void aLoginThatWasSentIsNotSentToAnotherNode() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Nginx two = Nginx.start(List.of(uri(silent), uri(silent)), shop.base())) {
      AtomicInteger connections = new AtomicInteger();
      Thread closing = new Thread(() -> closeAfterTheHead(silent, connections));
      closing.start();

      Response response = TestHttp.ofAnother(two.base()).login("a-code");

      assertEquals(502, response.status(), response.toString());
      assertEquals(1, connections.get());
    }
  }

  private static URI uri(ServerSocket socket) {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort());
  }

  private static void closeAfterTheHead(ServerSocket server, AtomicInteger connections) {
    try {
      while (true) {
        try (Socket socket = server.accept()) {
          connections.incrementAndGet();
          assertEquals('P', socket.getInputStream().read());
        }
      }
    } catch (IOException e) {
      // the test has ended
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/introspect",
        "/api/introspect/",
        "/api/revoke",
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
        "/metrics",
        "/metrics/",
        "/api/doctor",
        "/api/events",
        "/_gateway",
        "/_refused"
      })
  void whatIsForBackEndsIsNotThereForTheOutside(String path) throws Exception {
    String token = login("alice", "").token();

    for (String method : List.of("GET", "POST")) {
      List<String> headers = new ArrayList<>(List.of(TestClients.basic()));
      headers.addAll(List.of("Content-Type", "application/x-www-form-urlencoded"));
      // as it stands: a client's library would mend the path
      String response = RawHttp.send(phone.base(), method, path, headers, "token=" + token);

      assertTrue(response.startsWith("HTTP/1.1 404 "), response.lines().findFirst().orElse(""));
      assertFalse(response.contains("active"), path);
    }
  }

  @Test
  void whatIsForBackEndsIsThereForThem() {
    Response response =
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

    assertEquals(openId("alice"), response.field("openid"));
  }

  @Test
  void thePhonesCallsAndTheTutorialsPagesGoThrough() {
    Response login = login("alice", "");
    assertEquals(32, login.header("X-Request-Id").length(), "nginx's own id is taken over");
    assertEquals(200, phone.check(login.token()).status());
    assertEquals(200, phone.get("/api/me", bearer(login.token())).status());
    assertEquals(200, phone.get("/readyz").status());
    assertEquals("not_found", phone.get("/avatars/AAAAAAAAAAAAAAAAAAAAAA").field("error"));
    assertEquals(2, phone.get("/getUserInfo.html").json().get("isLogin").getAsInt());
  }

  private Response login(String name, String unionId) {
    String code =
        unionId.isEmpty()
            ? weChat.loginCode(APP, openId(name))
            : weChat.loginCode(APP, openId(name), unionId);
    Response login = phone.login(code);
    assertEquals(200, login.status(), login.toString());
    return login;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(US_ASCII));
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

  private static void assertSessionInvalid(Response response) {
    assertEquals(401, response.status(), response.toString());
    assertEquals("session_invalid", response.field("error"));
    assertTrue(response.json().get("relogin").getAsBoolean());
    assertEquals(JSON, response.header("Content-Type"));
    assertEquals(List.of("Bearer"), response.headers().allValues("WWW-Authenticate"));
    assertEquals(
        List.of(response.field("requestId")), response.headers().allValues("X-Request-Id"));
    assertEquals("no-store", response.header("Cache-Control"));
    assertEquals(List.of(), response.headers().allValues("X-WX-OPENID"));
  }

  private static String openId(String name) {
    return WeChatSimulator.openIdOf(APP, name);
  }
}
