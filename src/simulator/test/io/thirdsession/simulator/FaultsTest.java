package io.thirdsession.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonSyntaxException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultsTest extends SimulatorTestBase {

  @Test
  void answersErrcodeMinusOneWhenBusy() throws Exception {
    postJson("/sim/faults", "{\"mode\":\"busy\"}");

    assertErrcode(-1, exchange(simulator.loginCode(APP, ALICE)));
  }

  @Test
  void answersTheErrcodeThatIsGiven() throws Exception {
    postJson("/sim/faults", "{\"mode\":\"errcode\",\"errcode\":40243}");

    assertErrcode(40243, exchange(simulator.loginCode(APP, ALICE)));
  }

  @Test
  void doesNotSpendACodeWhoseAnswerIsReplaced() throws Exception {
    String code = simulator.loginCode(APP, ALICE);
    simulator.faults(Fault.of(FaultMode.BUSY).times(1));

    assertErrcode(-1, exchange(code));
    assertTrue(exchange(code).has("openid"));
  }

  @Test
  void countsDown() throws Exception {
    postJson("/sim/faults", "{\"mode\":\"busy\",\"times\":2}");

    assertErrcode(-1, exchange("c"));
    assertErrcode(-1, exchange("c"));
    assertErrcode(40029, exchange("c"));
  }

  @Test
  void lastsUntilItIsChanged() throws Exception {
    simulator.faults(Fault.errcode(45009));
    assertErrcode(45009, exchange("c"));
    assertErrcode(45009, exchange("c"));

    simulator.faults(Fault.of(FaultMode.OK));

    assertErrcode(40029, exchange("c"));
  }

  @Test
  void hitsOnePathOnly() throws Exception {
    postJson("/sim/faults", "{\"mode\":\"busy\",\"path\":\"/cgi-bin/stable_token\"}");

    assertErrcode(-1, stableToken(APP, SECRET));
    assertErrcode(40029, exchange("c"));
  }

  @Test
  void neverHitsThePhonesSide() throws Exception {
    simulator.faults(Fault.of(FaultMode.RESET));

    assertTrue(postJson("/sim/login", "").has("code"));
  }

  @Test
  void answersAPageInHtmlWithTheStatus() throws Exception {
    postJson("/sim/faults", "{\"mode\":\"status\",\"status\":502}");

    HttpResponse<String> response = get("/sns/jscode2session");

    assertEquals(502, response.statusCode());
    assertTrue(response.body().startsWith("<html>"));
  }

  @Test
  void answersStatus500UnlessAnotherIsGiven() throws Exception {
    simulator.faults(Fault.of(FaultMode.STATUS));

    assertEquals(500, get("/sns/jscode2session").statusCode());
  }

  @Test
  void answersSomethingThatIsNotJson() throws Exception {
    postJson("/sim/faults", "{\"mode\":\"garbage\"}");

    HttpResponse<String> response = get("/sns/jscode2session");

    assertEquals(200, response.statusCode());
    assertThrows(JsonSyntaxException.class, () -> json(response));
  }

  @Test
  void answersWithExactlyTheGivenBody() throws Exception {
    postJson("/sim/faults", "{\"mode\":\"raw\",\"body\":\"{\\\"errcode\\\":\\\"0\\\"}\"}");

    assertEquals("{\"errcode\":\"0\"}", get("/sns/jscode2session").body());
  }

  @Test
  void redirectsToAPathThatWouldBeRecorded() throws Exception {
    postJson("/sim/faults", "{\"mode\":\"redirect\",\"times\":1}");

    HttpResponse<String> response = get("/sns/jscode2session");

    assertEquals(302, response.statusCode());
    assertEquals("/elsewhere", response.headers().firstValue("location").orElseThrow());
    assertEquals(1, simulator.calls().size());
  }

  @Test
  void makesTheRealAnswerHuge() throws Exception {
    postJson("/sim/faults", "{\"mode\":\"huge\"}");

    HttpResponse<String> response = get(loginPath(APP, SECRET, simulator.loginCode(APP, ALICE)));

    assertTrue(response.body().length() > 16 * 1024);
    assertEquals(ALICE, json(response).get("openid").getAsString());
  }

  @Test
  void delaysAnyAnswer() throws Exception {
    postJson("/sim/faults", "{\"mode\":\"ok\",\"delayMs\":300}");
    long start = System.nanoTime();

    assertErrcode(40029, exchange("c"));

    assertTrue(System.nanoTime() - start >= Duration.ofMillis(300).toNanos());
  }

  @Test
  void hangsUntilTheCallerGivesUp() throws Exception {
    String code = simulator.loginCode(APP, ALICE);
    postJson("/sim/faults", "{\"mode\":\"hang\",\"times\":1}");

    assertThrows(
        HttpTimeoutException.class,
        () ->
            http.send(
                request(loginPath(APP, SECRET, code)).timeout(Duration.ofMillis(300)).build(),
                HttpResponse.BodyHandlers.ofString()));

    assertEquals(0, simulator.calls().get(0).status());
    assertTrue(exchange(code).has("openid"));
  }

  @Test
  void doesNotLetHangingCallsBlockOthers() throws Exception {
    simulator.faults(Fault.of(FaultMode.HANG).times(20));
    for (int i = 0; i < 20; i++) {
      http.sendAsync(
          request("/sns/jscode2session").build(), HttpResponse.BodyHandlers.discarding());
    }
    awaitCalls(20);

    assertErrcode(40029, exchange("c"));
  }

  @Test
  void resetsTheConnectionWithoutAByte() throws Exception {
    simulator.faults(Fault.of(FaultMode.RESET));

    try (Socket socket = send("GET /sns/jscode2session HTTP/1.1\r\nHost: x\r\n\r\n")) {
      SocketException e = assertThrows(SocketException.class, () -> socket.getInputStream().read());
      assertEquals("Connection reset", e.getMessage());
    }
  }

  @Test
  void showsAResetToAnHttpClientAsAnIoException() {
    simulator.faults(Fault.of(FaultMode.RESET));

    assertThrows(IOException.class, () -> get("/sns/jscode2session"));
  }

  @Test
  void announcesMoreThanItSendsWhenItTruncates() throws Exception {
    simulator.faults(Fault.of(FaultMode.TRUNCATE));

    try (Socket socket = send("GET /sns/jscode2session HTTP/1.1\r\nHost: x\r\n\r\n")) {
      String answer =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      String[] headAndBody = answer.split("\r\n\r\n", 2);
      int announced = Integer.parseInt(headAndBody[0].replaceAll("(?s).*Length: (\\d+).*", "$1"));
      assertEquals(announced / 2, headAndBody[1].length());
    }
  }

  @Test
  void spendsTheCodeOfATruncatedAnswer() throws Exception {
    String code = simulator.loginCode(APP, ALICE);
    simulator.faults(Fault.of(FaultMode.TRUNCATE).times(1));

    assertThrows(IOException.class, () -> exchange(code));
    assertErrcode(40163, exchange(code));
  }

  @Test
  void sendsTheHeadAtOnceAndTheBodyByteByByteWhenItDrips() throws Exception {
    simulator.faults(Fault.of(FaultMode.DRIP));

    try (Socket socket = send("GET /sns/jscode2session HTTP/1.1\r\nHost: x\r\n\r\n")) {
      socket.setSoTimeout(250);
      String head = readUntilTimeout(socket.getInputStream());
      assertTrue(head.startsWith("HTTP/1.1 200"), head);
      assertTrue(head.endsWith("\r\n\r\n"), head);

      socket.setSoTimeout(2_000);
      assertEquals('{', socket.getInputStream().read());
    }
  }

  @ParameterizedTest
  @CsvSource({"HANG", "DRIP"})
  void closesAtOnceWhateverHangsOrDrips(FaultMode mode) throws Exception {
    simulator.faults(Fault.of(mode));
    try (Socket socket = send("GET /sns/jscode2session HTTP/1.1\r\nHost: x\r\n\r\n")) {
      awaitCalls(1);
      long start = System.nanoTime();

      simulator.close();

      assertTrue(System.nanoTime() - start < Duration.ofSeconds(1).toNanos());
      socket.setSoTimeout(2_000);
      byte[] received = socket.getInputStream().readAllBytes();
      assertFalse(new String(received, StandardCharsets.ISO_8859_1).endsWith("}"));
    }
  }

  @Test
  void refusesConnectionsUntilTheFaultIsChanged() throws Exception {
    get("/sns/jscode2session"); // a connection that is kept
    simulator.faults(Fault.of(FaultMode.REFUSE));

    ConnectException refused =
        assertThrows(ConnectException.class, () -> send("GET / HTTP/1.1\r\n"));
    assertTrue(refused.getMessage().contains("refused"), refused.getMessage());
    assertThrows(IOException.class, () -> get("/sns/jscode2session"));

    simulator.faults(Fault.of(FaultMode.OK));
    assertErrcode(40029, exchange("c"));
  }

  @Test
  void listensAgainAfterAReset() throws Exception {
    simulator.faults(Fault.of(FaultMode.REFUSE));
    int port = simulator.port();

    simulator.reset();

    assertEquals(port, simulator.port());
    assertErrcode(40029, exchange("c"));
  }

  @Test
  void takesRefusalsFromAnotherServerOnly() throws Exception {
    byte[] refuse = "{\"mode\":\"refuse\"}".getBytes(StandardCharsets.UTF_8);
    SimulatorRequest request = new SimulatorRequest("POST", "/sim/faults", "", Map.of(), refuse);

    assertEquals(400, post("/sim/faults", "{\"mode\":\"refuse\"}").statusCode());
    assertErrcode(40029, exchange("c"));

    assertEquals(200, simulator.handle(request).status());
    assertThrows(ConnectException.class, () -> send("GET / HTTP/1.1\r\n"));
  }

  @Test
  void tellsWhichFaultsAreInForce() throws Exception {
    assertEquals("{\"faults\":[],\"blocked\":[]}", get("/sim/faults").body());

    simulator.faults(Fault.of(FaultMode.OK).delayed(Duration.ofSeconds(2)));
    simulator.faults(Fault.errcode(40163).on("/sns/jscode2session").times(2));
    simulator.block(APP, ALICE, true);

    assertEquals(
        "{\"faults\":[{\"mode\":\"ok\",\"delayMs\":2000},{\"mode\":\"errcode\",\"times\":2,"
            + "\"errcode\":40163,\"path\":\"/sns/jscode2session\"}],"
            + "\"blocked\":[{\"appid\":\""
            + APP
            + "\",\"openid\":\""
            + ALICE
            + "\"}]}",
        get("/sim/faults").body());

    simulator.reset();
    assertEquals("{\"faults\":[],\"blocked\":[]}", get("/sim/faults").body());
  }

  private void awaitCalls(int count) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
    while (simulator.calls().size() < count && System.nanoTime() < deadline) {
      Thread.sleep(5);
    }
    assertEquals(count, simulator.calls().size());
  }

  private Socket send(String request) throws IOException {
    Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), simulator.port());
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static String readUntilTimeout(InputStream in) throws IOException {
    StringBuilder text = new StringBuilder();
    try {
      for (int next = in.read(); next >= 0; next = in.read()) {
        text.append((char) next);
      }
    } catch (SocketTimeoutException quiet) {
      return text.toString();
    }
    throw new AssertionError("closed after: " + text);
  }
}
