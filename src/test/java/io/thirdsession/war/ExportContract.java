package io.thirdsession.war;

import static io.thirdsession.testing.AppServer.APP;
import static io.thirdsession.testing.Eventually.eventually;
import static io.thirdsession.testing.TestHttp.bearer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import io.thirdsession.testing.LongTrail;
import io.thirdsession.testing.TestHttp.Response;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The call whose response is thousands of rows, by many and by clients that do not read. */
abstract class ExportContract extends HttpContract {
  private static final int ROWS = 10_000;

  private String token;

  ExportContract(DeployedWar war) {
    super(war);
  }

  @BeforeEach
  void giveOneUserALongHistory() {
    token = http.login(weChat.loginCode(APP, "ohistory")).token();
    String owner =
        "(SELECT user_id FROM identity WHERE openid = 'ohistory' AND appid = '" + APP + "')";
    eventually(
        () ->
            assertTrue(database.number("SELECT COUNT(*) FROM audit WHERE user_id = " + owner) > 0));
    if (database.number("SELECT COUNT(*) FROM audit WHERE user_id = " + owner) > ROWS) {
      return;
    }
    LongTrail.add(database, "ohistory", ROWS, Instant.now());
  }

  @Test
  void twentyAtOnceAreExportedWholeOrRefusedAndHoldUpNobody() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(20);
    try {
      Callable<Response> export = () -> http.get("/api/me/export", bearer(token));
      List<Future<Response>> exports = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        exports.add(threads.submit(export));
      }
      assertChecksGoOn();

      int whole = 0;
      for (Future<Response> one : exports) {
        Response response = one.get();
        if (response.status() == 200) {
          JsonArray events = response.json().getAsJsonArray("events");
          assertEquals(ROWS, events.size());
          whole++;
        } else {
          assertEquals(503, response.status(), response.toString());
          assertEquals("overloaded", response.field("error"));
        }
      }
      assertTrue(whole >= 4, "exported: " + whole);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void clientsThatDoNotReadHoldFourPlacesAndNothingElse() throws Exception {
    List<Socket> unread = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        unread.add(exportWithoutReading());
      }
      eventually(() -> assertEquals(503, http.get("/api/me/export", bearer(token)).status()));

      assertChecksGoOn();
      assertEquals(200, http.login(weChat.loginCode()).status());
      // The server's own short transactions (the login's audit row, the node's row) come and go.
      eventually(
          () -> assertEquals(0, database.transactions(), "statements or transactions under way"));
      assertEquals(503, http.get("/api/me/export", bearer(token)).status(), "places still held");
    } finally {
      for (Socket socket : unread) {
        socket.setSoLinger(true, 0);
        socket.close();
      }
    }
    eventually(() -> assertEquals(200, http.get("/api/me/export", bearer(token)).status()));
  }

  private Socket exportWithoutReading() throws Exception {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4_096);
    socket.connect(new InetSocketAddress("127.0.0.1", http.base().getPort()));
    socket
        .getOutputStream()
        .write(
            ("GET /api/me/export HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer "
                    + token
                    + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    assertEquals('H', socket.getInputStream().read());
    return socket;
  }

  private void assertChecksGoOn() {
    for (int i = 0; i < 200; i++) {
      long startedNanos = System.nanoTime();
      assertEquals(200, http.check(token).status());
      Duration lasted = Duration.ofNanos(System.nanoTime() - startedNanos);
      assertTrue(lasted.toMillis() < 3_000, lasted + " for a check");
    }
  }
}
