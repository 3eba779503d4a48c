package io.thirdsession.bench.machine;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** A WAR in a Tomcat in a JVM of its own. */
public final class ServerProcess implements AutoCloseable {
  private static final Duration READY = Duration.ofMinutes(2);
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Process process;
  private final int port;
  private final Path log;

  private ServerProcess(Process process, int port, Path log) {
    this.process = process;
    this.port = port;
    this.log = log;
  }

  /**
   * Starts it and returns when it is ready.
   *
   * @param name a word; its log is NAME.log in the folder
   * @param jvm options of its JVM, separated by blanks
   * @param settings as environment variables
   */
  public static ServerProcess start(
      Path war, String name, Path folder, String jvm, Map<String, String> settings)
      throws IOException {
    int port = freePort();
    Path log = folder.resolve(name + ".log");
    Path home = Files.createTempDirectory(folder, name);
    ProcessBuilder builder =
        JavaProcess.of(
                jvm,
                entry -> entry.contains("tomcat") || entry.endsWith("test-classes"),
                ServerMain.class,
                war.toAbsolutePath().toString(),
                Integer.toString(port),
                home.toAbsolutePath().toString())
            .redirectOutput(log.toFile());
    builder.environment().putAll(settings);
    ServerProcess server = new ServerProcess(JavaProcess.start(builder), port, log);
    server.awaitReady();
    return server;
  }

  private void awaitReady() throws IOException {
    long deadline = System.nanoTime() + READY.toNanos();
    while (!isReady()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        close();
        throw new IOException("the server did not become ready, see " + log);
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private boolean isReady() {
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              URI.create("http://127.0.0.1:" + port + "/readyz").toURL().openConnection();
      return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
    } catch (IOException e) {
      return false; // it does not listen yet
    }
  }

  public InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  public long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    JavaProcess.end(process);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
