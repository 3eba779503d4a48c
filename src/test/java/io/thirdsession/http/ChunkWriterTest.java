package io.thirdsession.http;

import static io.thirdsession.testing.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.metrics.Metrics;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How a body ends that is made while it is sent, in both containers. */
class ChunkWriterTest {
  private static final Duration DEADLINE = Duration.ofSeconds(1);
  private static final String END = "\r\n0\r\n\r\n";
  private static final byte[] CHUNK = "~".repeat(100_000).getBytes(StandardCharsets.US_ASCII);

  private final TestChunks chunks = new TestChunks();
  private final HttpServlet servlet = new Streaming(chunks);
  private AutoCloseable container = () -> {};

  @AfterEach
  void stop() throws Exception {
    container.close();
  }

  @ParameterizedTest
  @EnumSource
  void sendsEveryChunkAndEndsTheBody(Which which) throws Exception {
    chunks.last = 30;

    try (Socket socket = request(which)) {
      String response = read(socket.getInputStream());

      assertTrue(response.startsWith("HTTP/1.1 200"), response.substring(0, 40));
      assertEquals(30 * CHUNK.length, response.chars().filter(c -> c == '~').count());
      assertTrue(response.endsWith(END), "the end of a chunked body");
    }
    eventually(() -> assertEquals(1, chunks.closed.get()));
  }

  @ParameterizedTest
  @EnumSource
  void asksForNoMoreThanTheClientTakesAndCutsItOffAtTheDeadline(Which which) throws Exception {
    try (Socket socket = request(which)) {
      eventually(() -> assertEquals(1, chunks.closed.get()));

      assertTrue(chunks.asked.get() < 200, "chunks of 100 kB: " + chunks.asked);
      String taken = read(socket.getInputStream());
      assertTrue(taken.length() < 200 * CHUNK.length, "taken: " + taken.length());
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothingFollowsAChunkThatCannotBeMade(Which which) throws Exception {
    chunks.failing = 20;

    try (Socket socket = request(which)) {
      String response = read(socket.getInputStream());

      assertTrue(response.chars().filter(c -> c == '~').count() <= 19 * CHUNK.length);
    }
    eventually(() -> assertEquals(1, chunks.closed.get()));
  }

  @ParameterizedTest
  @EnumSource
  void aClientThatLeavesReleasesWhatIsHeldForIt(Which which) throws Exception {
    try (Socket socket = request(which)) {
      assertEquals('H', socket.getInputStream().read());
      socket.setSoLinger(true, 0);
    }

    eventually(() -> assertEquals(1, chunks.closed.get()));
  }

  private Socket request(Which which) throws Exception {
    int port = which == Which.JETTY ? jetty() : tomcat();
    Socket socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout(20_000);
    socket
        .getOutputStream()
        .write("GET / HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  /** Returns what comes until the body or the connection ends. */
  private static String read(InputStream in) {
    StringBuilder text = new StringBuilder();
    byte[] buffer = new byte[65_536];
    try {
      int count = in.read(buffer);
      while (count >= 0) {
        text.append(new String(buffer, 0, count, StandardCharsets.US_ASCII));
        count = text.toString().endsWith(END) ? -1 : in.read(buffer);
      }
    } catch (IOException e) {
      text.append(" reset");
    }
    return text.toString();
  }

  private int jetty() throws Exception {
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler("/");
    ServletHolder holder = new ServletHolder(servlet);
    holder.setAsyncSupported(true);
    context.addServlet(holder, "/");
    server.setHandler(context);
    server.start();
    container = server::stop;
    return connector.getLocalPort();
  }

  private int tomcat() throws LifecycleException {
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir("target/tomcat/chunks");
    tomcat.setPort(0);
    tomcat.getConnector().setProperty("address", "127.0.0.1");
    Context context = tomcat.addContext("", null);
    Tomcat.addServlet(context, "streaming", servlet).setAsyncSupported(true);
    context.addServletMappingDecoded("/", "streaming");
    tomcat.start();
    container =
        () -> {
          tomcat.stop();
          tomcat.destroy();
        };
    return tomcat.getConnector().getLocalPort();
  }

  private enum Which {
    JETTY,
    TOMCAT
  }

  private static final class Streaming extends HttpServlet {
    private final TestChunks chunks;

    Streaming(TestChunks chunks) {
      this.chunks = chunks;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      request.setAttribute(
          RequestFacts.class.getName(),
          new RequestFacts(
              "1", Optional.empty(), "127.0.0.1", Optional.empty(), Locale.ENGLISH, "http://h", 0));
      new Responder(new RequestTimes(new Metrics()))
          .answer(request, response, Response.stream("text/plain", DEADLINE, chunks));
    }
  }

  /** Chunks without end, unless told otherwise. */
  private static final class TestChunks implements Chunks {
    final AtomicInteger asked = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    volatile int last = Integer.MAX_VALUE;
    volatile int failing = Integer.MAX_VALUE;

    @Override
    public Optional<byte[]> next() {
      int number = asked.incrementAndGet();
      if (number == failing) {
        throw new IllegalStateException("on purpose");
      }
      return number > last ? Optional.empty() : Optional.of(CHUNK);
    }

    @Override
    public void close() {
      closed.incrementAndGet();
    }
  }
}
