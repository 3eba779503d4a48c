package io.thirdsession.history;

import static io.thirdsession.testing.Eventually.within;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.testing.Ports;
import io.thirdsession.testing.TestHttp;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** A node in a process of its own, which is killed and started again on the same port. */
final class NodeProcess implements AutoCloseable {
  private static final Duration READY = Duration.ofSeconds(60);
  private static final long END_SECONDS = 30;

  private final Node node;
  private final int port;
  private final Path log;
  private final Map<String, String> settings;
  private Process process;

  /** Makes a node that logs into this folder; it is started by {@link #start}. */
  NodeProcess(String name, Path folder, Map<String, String> settings) throws IOException {
    this.port = Ports.free();
    this.node = new Node(name, new TestHttp(URI.create("http://127.0.0.1:" + port)), false);
    this.log = folder.resolve(name + ".log");
    this.settings = new HashMap<>(settings);
    Files.deleteIfExists(log);
  }

  Node node() {
    return node;
  }

  /** Changes a setting, from the next start on. */
  void set(String name, String value) {
    settings.put(name, value);
  }

  void start() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            NodeMain.class.getName(),
            Integer.toString(port));
    builder.environment().putAll(settings);
    process =
        builder
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
  }

  void awaitReady() {
    within(
        READY,
        () -> {
          if (!process.isAlive()) {
            throw new IllegalStateException("the node has ended, see " + log);
          }
          assertEquals(200, ready(), "status of /readyz, see " + log);
        });
  }

  private int ready() {
    try {
      return node.http().get("/readyz").status();
    } catch (IllegalStateException e) {
      return 0; // it does not listen yet
    }
  }

  /** Ends it without any warning. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    assertTrue(process.waitFor(END_SECONDS, SECONDS), "is not to be killed");
  }

  /** Ends it in an orderly manner. */
  void stop() throws InterruptedException {
    process.destroy();
    assertTrue(process.waitFor(END_SECONDS, SECONDS), "does not stop");
  }

  /** Returns the events of the audit trail in its log. */
  Set<Trail.Event> events() throws IOException {
    try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
      return Trail.read(lines);
    }
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly();
    }
  }
}
