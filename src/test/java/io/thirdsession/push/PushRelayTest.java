package io.thirdsession.push;

import static io.thirdsession.testing.AppServer.APP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.thirdsession.simulator.Push;
import io.thirdsession.testing.AppServer;
import io.thirdsession.testing.AppTestBase;
import io.thirdsession.testing.TestHttp.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An app has one address for its pushes, so who had them before gets them from us. */
class PushRelayTest extends AppTestBase {
  private static final String TOKEN = "CanaryPushToken";
  private static final String KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

  private static volatile int status = 200;
  private static volatile byte[] answer = "<xml>reply</xml>".getBytes(StandardCharsets.UTF_8);
  private static volatile CountDownLatch mayAnswer = new CountDownLatch(0);
  private static final List<String> received = new CopyOnWriteArrayList<>();
  private static final HttpServer before = open();

  PushRelayTest() {
    super(
        "PUSH_APPS",
        APP + ":" + TOKEN + ":" + KEY,
        "PUSH_RELAY_URL",
        "http://127.0.0.1:" + before.getAddress().getPort() + "/old/{appid}");
  }

  @AfterEach
  void answerAsUsual() {
    status = 200;
    answer = "<xml>reply</xml>".getBytes(StandardCharsets.UTF_8);
    mayAnswer.countDown();
    received.clear();
  }

  @Test
  void itGetsQueryAndBodyAsTheyCameAndWeChatItsAnswer() {
    Push push = push("user_info_modified");

    Response response = send(push);

    assertEquals(200, response.status(), response.toString());
    assertEquals("<xml>reply</xml>", response.text());
    assertTrue(response.header("Content-Type").startsWith("text/xml"));
    assertEquals(
        List.of("/old/" + APP + "?" + push.uri().getRawQuery() + " text/xml " + push.body()),
        received);
  }

  @Test
  void whatDeletesIsDoneFirstAndHandedOnToo() {
    String token = server.login("alice").token();

    Response response = send(push("user_authorization_cancellation"));

    assertEquals(200, response.status());
    assertEquals(401, server.http.check(token).status());
    assertEquals(1, received.size());
  }

  @Test
  void whatIsNotSignedIsNotHandedOn() {
    Push.Target wrong =
        new Push.Target(server.http.base().resolve("/wx/push/" + APP), APP, "no", KEY);

    send(server.weChat.push(wrong, "any", "o1", "", Push.Mode.PLAIN, Push.Format.XML));

    assertEquals(List.of(), received);
  }

  @Test
  void ifItRefusesWeChatSendsItAgain() {
    status = 500;
    Push push = push("user_info_modified");

    Response refused = send(push);
    status = 200;

    assertEquals(502, refused.status());
    assertEquals("push_relay_failed", refused.field("error"));
    assertEquals(200, send(push).status());
  }

  @Test
  void anAnswerThatIsTooLongIsNone() {
    answer = new byte[65_537];

    assertEquals(502, send(push("user_info_modified")).status());
  }

  @Test
  void whoDoesNotAnswerIsNotWaitedForLongerThanWeChatWaits() {
    mayAnswer = new CountDownLatch(1);

    assertEquals(502, send(push("user_info_modified")).status());
  }

  private Push push(String event) {
    Push.Target to =
        new Push.Target(server.http.base().resolve("/wx/push/" + APP), APP, TOKEN, KEY);
    return server.weChat.push(
        to, event, AppServer.openId("alice"), "", Push.Mode.SAFE, Push.Format.XML);
  }

  private Response send(Push push) {
    return server.http.send(
        "POST",
        push.uri().getRawPath() + "?" + push.uri().getRawQuery(),
        push.body(),
        "Content-Type",
        push.contentType());
  }

  private static HttpServer open() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            String body =
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            received.add(
                exchange.getRequestURI()
                    + " "
                    + exchange.getRequestHeaders().getFirst("Content-Type")
                    + " "
                    + body);
            try {
              mayAnswer.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            exchange.getResponseHeaders().set("Content-Type", "text/xml");
            exchange.sendResponseHeaders(status, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
          });
      server.setExecutor(java.util.concurrent.Executors.newCachedThreadPool());
      server.start();
      return server;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
