package io.thirdsession.war;

import static io.thirdsession.testing.AppServer.APP;
import static io.thirdsession.testing.Eventually.eventually;
import static io.thirdsession.testing.TestHttp.bearer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.testing.TestClients;
import io.thirdsession.testing.TestHttp.Response;
import io.thirdsession.testing.TestPictures;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that come late, by hundreds, or broken. */
abstract class LateBodyContract extends HttpContract {
  private static final String JSON = "Content-Type: application/json\r\n";
  private static final String NDJSON = "Content-Type: application/x-ndjson\r\n";
  private static final String FORM = "Content-Type: multipart/form-data; boundary=x\r\n";
  private static final Pattern CONTENT_LENGTH = Pattern.compile("(?i)content-length: (\\d+)");
  private static final byte[] PNG = TestPictures.of("png", 100, 100);

  private String token;
  private int users;

  LateBodyContract(DeployedWar war) {
    super(war);
  }

  @BeforeEach
  void logIn() {
    token = http.login(weChat.loginCode()).token();
  }

  @Test
  void whoeverSendsSlowlyHoldsUpNobodyAndIsCutOff() throws Exception {
    List<String> heads = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      heads.add(head("POST /api/login", JSON + "Content-Length: 100\r\n"));
      heads.add(head("POST /nothing", JSON + "Content-Length: 100\r\n"));
      heads.add(head("GET /healthz", "Content-Length: 100\r\n"));
      heads.add(head("GET /", "Transfer-Encoding: chunked\r\n") + "64\r\n");
      heads.add(head("POST /api/me/avatar", FORM + "Content-Length: 60000\r\n"));
      heads.add(head("POST /api/gateway/../../healthz", "Content-Length: 100\r\n"));
    }
    Duration quiet = slowestCheck(100);

    try (SlowClients slow = SlowClients.start(http.base(), heads)) {
      Duration slowest = slowestCheck(500);

      Duration limit = Duration.ofMillis(Math.max(1_000, 10 * quiet.toMillis()));
      assertTrue(slowest.compareTo(limit) < 0, slowest + " for a check, usually " + quiet);
      for (SlowClients.Client client : slow.await(Duration.ofSeconds(30))) {
        assertTrue(client.lasted().toMillis() > 4_000, client.toString());
        assertTrue(client.lasted().toMillis() < 15_000, client.toString());
        assertInvalid(client.response());
      }
    }
  }

  @Test
  void aStrangersPictureIsRefusedAtTheDeadlineForTheirLackOfASession() throws Exception {
    String upload = head("POST /api/me/avatar", FORM + "Content-Length: 1000000\r\n");

    try (SlowClients slow = SlowClients.start(http.base(), List.of(upload))) {
      SlowClients.Client client = slow.await(Duration.ofSeconds(30)).get(0);

      assertTrue(client.response().startsWith("HTTP/1.1 401"), client.toString());
      assertTrue(client.lasted().toMillis() < 15_000, client.toString());
    }
  }

  /** The page is one that Tomcat itself refuses, before any filter. */
  @Test
  void whatTheContainerRefusesIsNotWaitedFor() throws Exception {
    String head = head("POST /WEB-INF/web.xml", "Content-Length: 100\r\n");

    try (SlowClients slow = SlowClients.start(http.base(), Collections.nCopies(300, head))) {
      Duration slowest = slowestCheck(200);

      assertTrue(slowest.toMillis() < 2_000, slowest + " for a check");
      for (SlowClients.Client client : slow.await(Duration.ofSeconds(30))) {
        assertTrue(client.response().startsWith("HTTP/1.1 404"), client.toString());
        assertTrue(client.lasted().toMillis() < 15_000, client.toString());
      }
    }
  }

  @Test
  void noMoreThan32LongPicturesAreOnTheirWayAtOnceAndNoneForLong() throws Exception {
    String upload =
        head(
            "POST /api/me/avatar",
            FORM + "Authorization: Bearer " + anybody() + "\r\nContent-Length: 1114112\r\n");

    // a few more than there is room for: one may be late, and a quick picture take its place
    try (SlowClients slow = SlowClients.start(http.base(), Collections.nCopies(36, upload))) {
      Duration unused = slowestCheck(50); // by then all of them have been looked at
      eventually(() -> assertEquals(503, upload(anybody()).status()));
      Response refused = upload(anybody());

      assertEquals(503, refused.status(), refused.toString());
      assertEquals("overloaded", refused.field("error"));
      assertEquals("1", refused.header("Retry-After"));
      assertEquals(401, upload("3rd_x").status());
      assertEquals(200, http.check(token).status());
      for (SlowClients.Client client : slow.await(Duration.ofSeconds(60))) {
        assertTrue(client.lasted().toMillis() > 15_000, client.toString());
        assertInvalid(client.response());
      }
    }
    assertEquals(200, upload(anybody()).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/nothing.html", "/healthz", "/api/login", "/api/nothing", "/error"})
  void keepsTheConnectionThoughTheBodyComesLate(String path) throws Exception {
    try (Socket socket = new Socket("127.0.0.1", http.base().getPort())) {
      socket.setSoTimeout(10_000);
      for (int i = 0; i < 3; i++) {
        send(socket, head("POST " + path, "Content-Length: 2\r\n") + "{");
        http.check(token); // meanwhile the head is looked at
        send(socket, "}");
        String response = readResponse(socket.getInputStream());
        assertFalse(response.toLowerCase(Locale.ROOT).contains("connection: close"), response);
      }
    }
  }

  @Test
  void keepsTheConnectionOfARefusedImportWhoseLinesComeLate() throws Exception {
    String client = String.join(": ", TestClients.basic()) + "\r\n";
    try (Socket socket = new Socket("127.0.0.1", http.base().getPort())) {
      socket.setSoTimeout(10_000);
      for (String headers :
          List.of(NDJSON, client + JSON, client + NDJSON + "Sec-Fetch-Site: cross-site\r\n")) {
        send(socket, head("POST /api/users/import", headers + "Content-Length: 2\r\n"));
        http.check(token); // meanwhile the head is looked at
        send(socket, "{}");
        String response = readResponse(socket.getInputStream());
        assertTrue(response.startsWith("HTTP/1.1 4"), response);
        assertFalse(response.toLowerCase(Locale.ROOT).contains("connection: close"), response);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/gateway/../../healthz",
        "/api/gateway/%2e%2e/%2e%2e/healthz",
        "/api/gateway/..;/..;/healthz",
        "/api/gateway/shop/..;/..;/..;/healthz",
        "/api/gateway/shop/..;x=y/../..;/../readyz",
        "/api/gateway/..%2f..%2fhealthz",
        "/api/gateway/%2e%2e;/%2e%2e;/healthz",
        "/api/gateway/../../getUserInfo.html",
        "/api/gateway/../../index.html",
        "/api/gateway/../../"
      })
  void noPathLeadsOutOfTheGatewayThoughTheBodyComesLate(String path) throws Exception {
    String response = sendLate(head("GET " + path, "Content-Length: 2\r\n"), "{}");

    assertTrue(response.startsWith("HTTP/1.1 40"), path + " -> " + response);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/login", "/api//login", "/api/./login", "/%61pi/login"})
  void aLateBodyGivesTheResponseThatOneInTimeGives(String path) throws Exception {
    String head = head("POST " + path, JSON + "Content-Length: 12\r\n");

    String late = sendLate(head, "{\"code\":\"x\"}");

    assertEquals(statusLine(sendLate(head + "{\"code\":\"x\"}", "")), statusLine(late));
  }

  @Test
  void aChunkThatIsNoneIsTheClientsFaultAndOneLineInTheLog() throws Exception {
    try (Records log = new Records()) {
      String response =
          sendLate(
              head("POST /api/login", JSON + "Transfer-Encoding: chunked\r\n"), "zz\r\n{}\r\n");

      assertInvalid(response);
      log.assertOneRefusal();
    }
  }

  @Test
  void aConnectionThatIsResetInABodyIsOneLineInTheLog() throws Exception {
    try (Records log = new Records()) {
      try (Socket socket = new Socket("127.0.0.1", http.base().getPort())) {
        send(socket, head("POST /api/login", JSON + "Content-Length: 100\r\n") + "{");
        http.check(token); // meanwhile the head is looked at
        socket.setSoLinger(true, 0);
      }

      eventually(log::assertOneRefusal);
    }
  }

  @Test
  void takesAPictureWithALongNameBesideManyFields() {
    Map<String, String> fields = new LinkedHashMap<>();
    for (int i = 0; i < 60; i++) {
      fields.put("field" + i, "x");
    }

    Response response =
        http.upload("/api/me/avatar", "图".repeat(200), PNG, fields, bearer(anybody()));

    assertEquals(200, response.status(), response.toString());
  }

  /** Returns the token of somebody who has sent no picture yet: there is a limit for each user. */
  private String anybody() {
    users++;
    return http.login(weChat.loginCode(APP, "olate" + users)).token();
  }

  private Response upload(String token) {
    return http.upload("/api/me/avatar", "file", PNG, bearer(token));
  }

  private Duration slowestCheck(int checks) {
    long slowestNanos = 0;
    for (int i = 0; i < checks; i++) {
      long startedNanos = System.nanoTime();
      assertEquals(200, http.check(token).status());
      slowestNanos = Math.max(slowestNanos, System.nanoTime() - startedNanos);
    }
    return Duration.ofNanos(slowestNanos);
  }

  /** Returns the response to a request whose body is sent when the head has been looked at. */
  private String sendLate(String head, String body) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", http.base().getPort())) {
      socket.setSoTimeout(10_000);
      send(socket, head.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
      http.check(token);
      send(socket, body);
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Reads one response, and no byte of the next, and returns it. */
  private static String readResponse(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int c = in.read();
      assertTrue(c >= 0, "the connection was closed");
      head.append((char) c);
    }
    Matcher length = CONTENT_LENGTH.matcher(head);
    assertTrue(length.find(), head.toString());
    byte[] body = in.readNBytes(Integer.parseInt(length.group(1)));
    return head + new String(body, StandardCharsets.UTF_8);
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
  }

  private static String head(String line, String headers) {
    return line + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n";
  }

  private static String statusLine(String response) {
    return response.lines().findFirst().orElse("");
  }

  private static void assertInvalid(String response) {
    assertTrue(response.startsWith("HTTP/1.1 400"), response);
    assertTrue(response.contains("\"error\":\"invalid_request\""), response);
    assertTrue(response.toLowerCase(Locale.ROOT).contains("connection: close"), response);
  }

  /** What anybody in this JVM says that an operator would see. */
  private static final class Records extends Handler implements AutoCloseable {
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();

    Records() {
      Logger.getLogger("").addHandler(this);
    }

    void assertOneRefusal() {
      List<String> lines = new ArrayList<>();
      for (LogRecord entry : records) {
        boolean refusal = entry.getMessage().startsWith("request refused");
        if (refusal || entry.getLevel() != Level.INFO || entry.getThrown() != null) {
          lines.add(entry.getLevel() + " " + entry.getMessage() + " " + entry.getThrown());
        }
      }
      assertEquals(1, lines.size(), lines.toString());
      assertTrue(
          lines.get(0).startsWith("INFO request refused error=invalid_request "), lines.get(0));
      assertTrue(lines.get(0).endsWith(" null"), lines.get(0));
    }

    @Override
    public void publish(LogRecord entry) {
      if (entry.getLevel().intValue() >= Level.INFO.intValue()) {
        records.add(entry);
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
      Logger.getLogger("").removeHandler(this);
    }
  }
}
