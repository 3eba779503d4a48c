package io.thirdsession.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each test has a JVM of its own: the JDK reads its settings once. */
@Timeout(60)
class HttpClientsTest {
  private static final int PATIENCE_MILLIS = 20_000;

  @Test
  void idleConnectionsAreKeptForTwentySecondsWithBuffersOfFourKilobytes() throws Exception {
    try (Child child = new Child()) {
      assertEquals("20 s, 4096 bytes", child.says());
    }
  }

  @Test
  void theOperatorsOwnSettingsStand() throws Exception {
    try (Child child =
        new Child("-Djdk.httpclient.keepalive.timeout=1200", "-Djdk.httpclient.bufsize=16384")) {
      assertEquals("1200 s, 16384 bytes", child.says());
    }
  }

  @Test
  void aConnectionIsUsedAgainWhileItIsFreshAndClosedWhenItHasBeenIdle() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        Child child = new Child("-Djdk.httpclient.keepalive.timeout=3")) {
      server.setSoTimeout(PATIENCE_MILLIS);
      child.says();

      child.call(server.getLocalPort());
      try (Socket first = server.accept()) {
        first.setSoTimeout(PATIENCE_MILLIS);
        BufferedReader requests = reader(first);
        respond(requests, first);
        assertEquals("200", child.says());
        child.call(server.getLocalPort());
        respond(requests, first);
        assertEquals("200", child.says());

        assertEquals(-1, requests.read(), "the client closes it");
      }

      child.call(server.getLocalPort());
      try (Socket second = server.accept()) {
        respond(reader(second), second);
        assertEquals("200", child.says());
      }
    }
  }

  private static BufferedReader reader(Socket socket) throws IOException {
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
  }

  private static void respond(BufferedReader requests, Socket socket) throws IOException {
    assertEquals("GET / HTTP/1.1", requests.readLine());
    while (!requests.readLine().isEmpty()) {
      // a header
    }
    OutputStream out = socket.getOutputStream();
    out.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  /**
   * A JVM that makes a client, says what the JDK has read of its settings, and calls when told to.
   */
  private static final class Child implements AutoCloseable {
    private final Process process;
    private final BufferedReader words;

    Child(String... options) throws IOException {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.add("--add-opens=java.net.http/jdk.internal.net.http=ALL-UNNAMED");
      command.add("--add-opens=java.net.http/jdk.internal.net.http.common=ALL-UNNAMED");
      command.addAll(List.of(options));
      command.add(Caller.class.getName());
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
      process = builder.start();
      words = process.inputReader(StandardCharsets.UTF_8);
    }

    String says() throws IOException {
      return words.readLine();
    }

    void call(int port) throws IOException {
      OutputStream in = process.getOutputStream();
      in.write((port + "\n").getBytes(StandardCharsets.US_ASCII));
      in.flush();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  /** What the other JVM runs. */
  static final class Caller {
    public static void main(String[] args) throws Exception {
      HttpClient client = HttpClients.forWeChat(Runnable::run, Optional.empty());
      System.out.println(
          constant("jdk.internal.net.http.ConnectionPool", "KEEP_ALIVE")
              + " s, "
              + constant("jdk.internal.net.http.common.Utils", "BUFSIZE")
              + " bytes");
      BufferedReader ports = new BufferedReader(new InputStreamReader(System.in));
      for (String port = ports.readLine(); port != null; port = ports.readLine()) {
        HttpRequest request =
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port)).build();
        System.out.println(
            client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode());
      }
    }

    private static Object constant(String type, String name) throws ReflectiveOperationException {
      Field field = Class.forName(type).getDeclaredField(name);
      field.setAccessible(true);
      return field.get(null);
    }
  }
}
