package io.thirdsession.war;

import static io.thirdsession.testing.Eventually.within;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.thirdsession.testing.TestHttp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The WAR in a Tomcat with OpenTelemetry's agent, and a collector that keeps every byte. */
final class TracedTomcat implements AutoCloseable {
  private static final Path AGENT = Path.of("target", "opentelemetry-javaagent.jar");
  private static final Duration START = Duration.ofSeconds(120);
  private static final long END_SECONDS = 30;

  private final HttpServer collector;
  private final Set<String> paths = new TreeSet<>();
  private final ByteArrayOutputStream collected = new ByteArrayOutputStream();
  private final Process process;
  private final TestHttp http;

  private TracedTomcat(HttpServer collector, List<String> options, Map<String, String> settings)
      throws IOException {
    this.collector = collector;
    Path folder = Files.createTempDirectory(Files.createDirectories(Path.of("target/traced")), "t");
    Path answers = folder.resolve("answers");
    Path log = folder.resolve("log");
    this.process = start(collector, options, settings, answers, log);
    within(
        START,
        () -> {
          if (!process.isAlive()) {
            throw new IllegalStateException("has ended, see " + log);
          }
          assertTrue(Files.exists(answers), "has not started, see " + log);
        });
    this.http = new TestHttp(URI.create(Files.readString(answers)));
    within(START, () -> assertEquals(200, http.get("/readyz").status(), "see " + log));
  }

  /** Starts it with these options of the JVM beside the agent, and these environment variables. */
  static TracedTomcat start(List<String> options, Map<String, String> settings) throws IOException {
    HttpServer collector =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    return new TracedTomcat(collector, options, settings);
  }

  private Process start(
      HttpServer server, List<String> options, Map<String, String> settings, Path answers, Path log)
      throws IOException {
    server.createContext("/", this::keep);
    server.start();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-javaagent:" + AGENT.toAbsolutePath());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(TomcatMain.class.getName(), answers.toString()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(settings);
    builder
        .environment()
        .put("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:" + server.getAddress().getPort());
    return builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  private void keep(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    synchronized (collected) {
      paths.add(exchange.getRequestURI().getPath());
      collected.writeBytes(body);
      collected.write('\n');
    }
    exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }

  TestHttp http() {
    return http;
  }

  /**
   * Ends the server, which sends what it still has, and returns all that was collected. Texts stand
   * in it as they are, between bytes that mean nothing here.
   */
  String collected() throws InterruptedException {
    process.destroy();
    assertTrue(process.waitFor(END_SECONDS, SECONDS), "does not stop");
    synchronized (collected) {
      return collected.toString(StandardCharsets.UTF_8);
    }
  }

  /** Returns the paths by which something came, such as {@code /v1/traces}. */
  Set<String> paths() {
    synchronized (collected) {
      return Set.copyOf(paths);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    collector.stop(0);
  }
}
