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

/** A server in a JVM of its own: a WAR in a Tomcat, or an executable jar. */
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
            home.toAbsolutePath().toString());
    return start(builder, port, log, settings).awaitReady("/readyz", HttpURLConnection.HTTP_OK);
  }

  /**
   * Starts this jar of Spring Boot and returns when it answers a GET of this path with this status.
   */
  public static ServerProcess startJar(
      Path jar,
      String name,
      Path folder,
      String jvm,
      Map<String, String> settings,
      String path,
      int status)
      throws IOException {
    int port = freePort();
    ProcessBuilder builder = JavaProcess.ofJar(jvm, jar, "--server.port=" + port);
    return start(builder, port, folder.resolve(name + ".log"), settings).awaitReady(path, status);
  }

  private static ServerProcess start(
      ProcessBuilder builder, int port, Path log, Map<String, String> settings) throws IOException {
    builder.redirectOutput(log.toFile()).environment().putAll(settings);
    return new ServerProcess(JavaProcess.start(builder), port, log);
  }

  private ServerProcess awaitReady(String path, int status) throws IOException {
    long deadline = System.nanoTime() + READY.toNanos();
    while (!answers(path, status)) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        close();
        throw new IOException("the server did not become ready, see " + log);
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    return this;
  }

  private boolean answers(String path, int status) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
      return connection.getResponseCode() == status;
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
