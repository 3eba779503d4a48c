package io.thirdsession.testing;

import static io.thirdsession.testing.Eventually.within;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;

/** Ports of this machine, for programs that cannot choose one themselves. */
public final class Ports {
  private static final Duration START = Duration.ofSeconds(90);
  private static final int MILLIS = 500;

  private Ports() {}

  /** Returns one on which nobody listens at the moment. */
  public static int free() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Waits until this process listens there; ends it, and throws, where it does not. */
  public static void awaitAnswer(int port, Process process, String name) {
    try {
      within(START, () -> assertTrue(answers(port) || !process.isAlive()));
      assertTrue(process.isAlive(), "it has ended");
    } catch (AssertionError e) {
      process.destroy();
      throw new IllegalStateException("does not start: " + name, e);
    }
  }

  private static boolean answers(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
