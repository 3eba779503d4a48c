package io.thirdsession.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TcpProxyTest {
  private static final int ROUNDS = 200;

  private ServerSocket echo;
  private TcpProxy proxy;
  private int port;

  @BeforeEach
  void start() throws IOException {
    echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread thread = new Thread(this::serve, "echo");
    thread.setDaemon(true);
    thread.start();
    proxy = TcpProxy.to("jdbc:mysql://127.0.0.1:" + echo.getLocalPort() + "/");
    port = URI.create(proxy.url().substring("jdbc:".length())).getPort();
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    echo.close();
  }

  @Test
  void aConnectionBeingMadeDoesNotSurviveTheCut() throws IOException {
    for (int i = 0; i < ROUNDS; i++) {
      List<Socket> sockets = new ArrayList<>();
      for (int j = 0; j < 3; j++) {
        sockets.add(new Socket(InetAddress.getLoopbackAddress(), port));
      }

      proxy.cut();

      for (Socket socket : sockets) {
        assertEquals(-1, answerOf(socket), "round " + i);
      }
      proxy.restore();
    }
  }

  @Test
  void connectionsPassAgainAfterTheyWereRestored() throws IOException {
    proxy.cut();
    proxy.restore();

    assertEquals('x', answerOf(new Socket(InetAddress.getLoopbackAddress(), port)));
  }

  @Test
  void whatAFrozenConnectionWasSentPassesOnceItHasThawed() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      proxy.freeze();
      socket.getOutputStream().write('x');
      socket.setSoTimeout(200);
      assertThrows(SocketTimeoutException.class, () -> socket.getInputStream().read());

      proxy.thaw();

      socket.setSoTimeout(5000);
      assertEquals('x', socket.getInputStream().read());
    }
  }

  @Test
  void oneConnectionIsCutAfterSoManyBytesAndOthersPass() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(5000);
    proxy.cutAfter(3);
    assertFalse(proxy.hasCut());

    socket.getOutputStream().write("abcde".getBytes(US_ASCII));

    assertEquals("abc", new String(socket.getInputStream().readAllBytes(), US_ASCII));
    assertTrue(proxy.hasCut());
    assertEquals('x', answerOf(new Socket(InetAddress.getLoopbackAddress(), port)));
  }

  @Test
  void oneConnectionIsCutAfterSoManyBytesOfRequests() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(5000);
    proxy.cutRequestsAfter(3);
    socket.getOutputStream().write("abc".getBytes(US_ASCII));
    assertEquals("abc", new String(socket.getInputStream().readNBytes(3), US_ASCII));

    socket.getOutputStream().write('d');

    assertEquals(-1, socket.getInputStream().read());
    assertEquals('x', answerOf(new Socket(InetAddress.getLoopbackAddress(), port)));
  }

  @Test
  void oneConnectionIsCutBeforeThisIsHeard() throws IOException {
    proxy.cutBefore("x");

    assertEquals(-1, answerOf(new Socket(InetAddress.getLoopbackAddress(), port)));
    assertEquals('x', answerOf(new Socket(InetAddress.getLoopbackAddress(), port)));
  }

  /** Sends an x, and returns what comes back: -1 is the end. */
  private static int answerOf(Socket socket) throws IOException {
    try (socket) {
      socket.setSoTimeout(5000);
      socket.getOutputStream().write('x');
      return socket.getInputStream().read();
    } catch (SocketException e) {
      return -1; // reset
    }
  }

  private void serve() {
    while (!echo.isClosed()) {
      try {
        Socket socket = echo.accept();
        Thread thread = new Thread(() -> echo(socket), "echo");
        thread.setDaemon(true);
        thread.start();
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private static void echo(Socket socket) {
    try (socket) {
      socket.getInputStream().transferTo(socket.getOutputStream());
    } catch (IOException e) {
      // it was cut
    }
  }
}
