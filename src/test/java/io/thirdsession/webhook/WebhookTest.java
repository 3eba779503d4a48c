package io.thirdsession.webhook;

import static io.thirdsession.testing.AppServer.APP;
import static io.thirdsession.testing.AppServer.openId;
import static io.thirdsession.testing.Eventually.eventually;
import static io.thirdsession.testing.TestHttp.bearer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.thirdsession.simulator.Push;
import io.thirdsession.testing.AppServer;
import io.thirdsession.testing.AppTestBase;
import io.thirdsession.testing.LogCapture;
import io.thirdsession.testing.TestClients;
import io.thirdsession.testing.TestHttp.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Other systems hear what happened, at least once and of each user in order. */
class WebhookTest extends AppTestBase {
  private static final String TOKEN = "CanaryPushToken";
  private static final String KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
  private static final String SECRET = "whsec_Y2FuYXJ5LXdlYmhvb2stc2VjcmV0LTAxMjM0NTY3ODk=";
  private static final String OTHER_SECRET =
      "whsec_Y2FuYXJ5LXdlYmhvb2stc2VjcmV0LW90aGVyLTAxMjM0NTY=";
  private static final String OLD_SECRET = "whsec_Y2FuYXJ5LXdlYmhvb2stc2VjcmV0LW9sZC0wMTIzNDU2Nzg=";

  private static final List<Delivery> received = new CopyOnWriteArrayList<>();

  /** What the receiver says to events of a user; 204 to those of others. */
  private static final Map<String, Integer> statuses = new ConcurrentHashMap<>();

  private static final HttpServer receiver = open();

  WebhookTest() {
    super(
        "SERVICE_CLIENTS",
        TestClients.entry(TestClients.ID, TestClients.SECRET, "users+manage+metrics"),
        "PUSH_APPS",
        APP + ":" + TOKEN + ":" + KEY,
        "WEBHOOKS",
        SECRET
            + "|"
            + OLD_SECRET
            + "@"
            + url("/crm")
            + ","
            + OTHER_SECRET
            + ":user.erased+consent.revoked@"
            + url("/compliance?key=a%2Cb"));
  }

  @AfterEach
  void forget() {
    received.clear();
    statuses.clear();
  }

  @Test
  void aRevokedPhoneIsGoneAndToldWithinASecondOrSo() {
    Response login = server.login("alice");
    String code = server.weChat.phone(APP, openId("alice")).code();
    server.http.post("/api/me/phone", "{\"code\":\"" + code + "\"}", bearer(login.token()));
    long begunNanos = System.nanoTime();

    Push push =
        server.weChat.push(
            new Push.Target(server.http.base().resolve("/wx/push/" + APP), APP, TOKEN, KEY),
            "user_authorization_revoke",
            openId("alice"),
            "8",
            Push.Mode.SAFE,
            Push.Format.XML);
    Response answered =
        server.http.send(
            "POST",
            push.uri().getRawPath() + "?" + push.uri().getRawQuery(),
            push.body(),
            "Content-Type",
            push.contentType());
    assertEquals(200, answered.status(), answered.toString());
    eventually(() -> assertEquals("phone.unbound", last("/crm").type()));

    long millis = Duration.ofNanos(System.nanoTime() - begunNanos).toMillis();
    assertTrue(millis < 10_000, millis + " ms"); // about 0.3 s on an idle machine
    assertEquals(0, database.number("SELECT COUNT(phone_sealed) FROM user"));
    assertEquals(
        List.of("user.created", "phone.bound", "consent.revoked", "phone.unbound"), types("/crm"));
    eventually(() -> assertEquals(List.of("consent.revoked"), types("/compliance")));
    assertEquals("phone", last("/compliance").body().get("what").getAsString());
  }

  @Test
  void eachMessageIsSignedWithEverySecret() throws Exception {
    server.login("alice");
    eventually(() -> assertEquals(1, of("/crm").size()));

    Delivery delivery = last("/crm");

    assertEquals(delivery.body().get("id").getAsString(), delivery.header("webhook-id"));
    assertEquals(
        Long.toString(server.clock.instant().getEpochSecond()),
        delivery.header("webhook-timestamp"));
    assertEquals(
        signature(SECRET, delivery) + " " + signature(OLD_SECRET, delivery),
        delivery.header("webhook-signature"));
    assertEquals("application/json; charset=utf-8", delivery.header("content-type"));
  }

  @Test
  void aUsersLaterEventsWaitForTheOneThatFailedAndThoseOfOthersDoNot() {
    String alice = server.login("alice").userId();
    eventually(() -> assertEquals(1, of("/crm").size()));
    statuses.put(alice, 500);
    String[] ofAlice = bearer(server.login("alice").token());
    server.http.post("/api/me", "{\"nickName\":\"阿丽\"}", ofAlice);
    server.http.logout(ofAlice[1].substring("Bearer ".length()));
    eventually(() -> assertEquals("profile.changed", last("/crm").type()));
    server.login("bob");
    eventually(() -> assertEquals("user.created", last("/crm").type()));
    eventually(() -> assertEquals(1, waitingToBeRepeated()));
    assertEquals(List.of("user.created", "profile.changed", "user.created"), types("/crm"));

    statuses.clear();
    server.clock.set(server.clock.instant().plusSeconds(6));
    eventually(() -> assertEquals("sessions.ended", last("/crm").type()));

    assertEquals(
        List.of(
            "user.created", "profile.changed", "user.created", "profile.changed", "sessions.ended"),
        types("/crm"));
    List<Delivery> all = of("/crm");
    assertEquals(all.get(1).header("webhook-id"), all.get(3).header("webhook-id"));
    assertNotEquals(all.get(1).header("webhook-signature"), all.get(3).header("webhook-signature"));
    assertEquals(0, database.number("SELECT COUNT(*) FROM webhook_delivery"));
  }

  @Test
  void whatFailsAgainAndAgainIsParkedUntilAnOperatorSendsItOnceMore() {
    String alice = server.login("alice").userId();
    eventually(() -> assertEquals(1, of("/crm").size()));
    statuses.put(alice, 302); // leads elsewhere: not followed
    server.http.logout(server.login("alice").token());
    try (LogCapture log = LogCapture.of("io.thirdsession.webhook")) {
      eventually(() -> assertEquals(1, waitingToBeRepeated()));
      database.execute("UPDATE webhook_delivery SET attempts = 10, due_at = 0"); // all but one
      eventually(() -> assertEquals(1, log.linesWith("webhook event parked").size()));
      String line = log.linesWith("webhook event parked").get(0);
      assertTrue(line.contains("webhook=127.0.0.1 seq=2 attempts=11"), line);
      assertTrue(line.contains("status 302"), line);
      assertFalse(line.contains("/crm"), "a path may be a secret");
    }
    assertEquals(0, of("/elsewhere").size());
    statuses.clear();
    server.http.logout(server.login("alice").token());
    eventually(() -> assertEquals(1, deliveredOf(3)));
    eventually(
        () -> {
          String metrics = server.http.get("/metrics", TestClients.basic()).text();
          assertTrue(
              metrics.contains("thirdsession_webhook_parked{webhook=\"127.0.0.1\"} 1.0"), metrics);
        });

    database.execute(
        "UPDATE webhook_delivery SET parked_at = NULL, attempts = 0, due_at = 0"
            + " WHERE parked_at IS NOT NULL");

    eventually(() -> assertEquals(0, database.number("SELECT COUNT(*) FROM webhook_delivery")));
  }

  @Test
  void whenANodeDiesAnotherDeliversWhatItLeft() throws Exception {
    server.login("alice");
    eventually(() -> assertEquals(1, of("/crm").size()));
    // as if a node had died that had just taken the lease: it is not there to renew it
    server.stopNode();
    database.execute(
        "UPDATE lease SET holder = UNHEX(REPEAT('ab', 16)),"
            + " held_until = FLOOR(UNIX_TIMESTAMP(NOW(3)) * 1000) + 3000 WHERE name = 'webhooks'");
    database.execute(
        "INSERT INTO event (id, type, at, user_id, appids)"
            + " VALUES (UNHEX(REPEAT('01', 16)), 'user.disabled', 1, UNHEX(REPEAT('02', 16)), '*')");
    long begunNanos = System.nanoTime();

    AppServer another = server.anotherNode();
    try {
      eventually(() -> assertEquals("user.disabled", last("/crm").type()));
      long millis = Duration.ofNanos(System.nanoTime() - begunNanos).toMillis();
      assertTrue(millis < 20_000, millis + " ms"); // 3 to 5 s on an idle machine
    } finally {
      another.stopNode();
    }
  }

  @Test
  void oneNodeSendsForAll() throws Exception {
    AppServer another = server.anotherNode();
    try {
      for (int i = 0; i < 20; i++) {
        (i % 2 == 0 ? server : another).login("user" + i);
      }
      eventually(() -> assertEquals(0, database.number("SELECT COUNT(*) FROM webhook_delivery")));
      eventually(
          () ->
              assertEquals(
                  20, of("/crm").stream().map(one -> one.header("webhook-id")).distinct().count()));
      // a lease that passes on in the middle may repeat one; if both sent there would be forty
      assertTrue(of("/crm").size() < 30, of("/crm").size() + " deliveries");
    } finally {
      another.stopNode();
    }
  }

  private int waitingToBeRepeated() {
    return database.number("SELECT COUNT(*) FROM webhook_delivery WHERE attempts > 0");
  }

  private static int deliveredOf(long seq) {
    return (int)
        of("/crm").stream()
            .filter(delivery -> delivery.body().get("seq").getAsLong() == seq)
            .count();
  }

  private static List<Delivery> of(String path) {
    return received.stream().filter(delivery -> delivery.path().startsWith(path)).toList();
  }

  private static List<String> types(String path) {
    return of(path).stream().map(Delivery::type).toList();
  }

  private static Delivery last(String path) {
    List<Delivery> all = of(path);
    assertFalse(all.isEmpty(), "nothing is delivered");
    return all.get(all.size() - 1);
  }

  private static String signature(String secret, Delivery delivery)
      throws NoSuchAlgorithmException, InvalidKeyException {
    Mac mac = Mac.getInstance("HmacSHA256");
    byte[] key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    String message =
        delivery.header("webhook-id")
            + "."
            + delivery.header("webhook-timestamp")
            + "."
            + delivery.text();
    return "v1,"
        + Base64.getEncoder().encodeToString(mac.doFinal(message.getBytes(StandardCharsets.UTF_8)));
  }

  private static String url(String path) {
    return "http://127.0.0.1:" + receiver.getAddress().getPort() + path;
  }

  private static HttpServer open() {
    try {
      HttpServer opened =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      opened.setExecutor(
          Executors.newCachedThreadPool(
              task -> {
                Thread thread = new Thread(task, "receiver");
                thread.setDaemon(true);
                return thread;
              }));
      opened.createContext("/", WebhookTest::receive);
      opened.start();
      return opened;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void receive(HttpExchange exchange) throws IOException {
    String text = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Delivery delivery =
        new Delivery(
            exchange.getRequestURI().toString(), text, Map.copyOf(exchange.getRequestHeaders()));
    received.add(delivery);
    int status =
        delivery.body().has("userId")
            ? statuses.getOrDefault(delivery.body().get("userId").getAsString(), 204)
            : 204;
    if (status == 302) {
      exchange.getResponseHeaders().add("Location", url("/elsewhere"));
    }
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  /** What the receiver got. */
  private record Delivery(String path, String text, Map<String, List<String>> headers) {
    JsonObject body() {
      return JsonParser.parseString(text).getAsJsonObject();
    }

    String type() {
      return body().get("type").getAsString();
    }

    String header(String name) {
      return headers.entrySet().stream()
          .filter(header -> header.getKey().equalsIgnoreCase(name))
          .map(header -> header.getValue().get(0))
          .findFirst()
          .orElse("");
    }
  }
}
