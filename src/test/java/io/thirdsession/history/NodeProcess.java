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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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
  private final List<String> limits = new ArrayList<>();
  private String heap = "256m";
  private ProcessBuilder.Redirect output;
  private Process process;

  /** Makes a node that logs into this folder; it is started by {@link #start}. */
  NodeProcess(String name, Path folder, Map<String, String> settings) throws IOException {
    this.port = Ports.free();
    this.node = new Node(name, new TestHttp(URI.create("http://127.0.0.1:" + port)), false);
    this.log = folder.resolve(name + ".log");
    this.settings = new HashMap<>(settings);
    this.output = ProcessBuilder.Redirect.appendTo(log.toFile());
    Files.deleteIfExists(log);
  }

  Node node() {
    return node;
  }

  /** Changes a setting, from the next start on. */
  void set(String name, String value) {
    settings.put(name, value);
  }

  /** Gives it so much memory, as in {@code 64m}, from the next start on. */
  void memory(String heap) {
    this.heap = heap;
  }

  /** Gives it so many open files and connections, from the next start on. */
  void openFiles(int max) {
    limits.clear();
    limits.addAll(List.of("/bin/sh", "-c", "ulimit -n " + max + " && exec \"$0\" \"$@\""));
  }

  /** Lets it write its log to this file, from the next start on. */
  void logTo(Path file) {
    output = ProcessBuilder.Redirect.to(file.toFile());
  }

  void start() throws IOException {
    List<String> command = new ArrayList<>(limits);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + heap);
    command.add("-XX:+ExitOnOutOfMemoryError"); // as documented
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(NodeMain.class.getName(), Integer.toString(port)));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(settings);
    process = builder.redirectErrorStream(true).redirectOutput(output).start();
  }

  /** The process that was started last. */
  ProcessHandle handle() {
    return process.toHandle();
  }

  /** Starts it again if it has ended, as its service manager would. */
  void restartIfItEnded() throws IOException {
    if (!process.isAlive()) {
      start();
      awaitReady();
    }
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
