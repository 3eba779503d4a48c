package io.thirdsession.testing;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A real nginx that runs the file of the documentation. */
public final class Nginx implements AutoCloseable {
  private static final Path DOCUMENTATION = Path.of("src/site/markdown/operations.md");
  private static final Pattern BLOCK =
      Pattern.compile("```nginx\n(.*?auth_request .*?)```", Pattern.DOTALL);

  private final Process process;
  private final URI base;

  private Nginx(Process process, URI base) {
    this.process = process;
    this.base = base;
  }

  /** Returns the program, if there is one on this machine. */
  public static Optional<Path> program() {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.concat(Stream.of(path.split(":", -1)), Stream.of("/usr/sbin", "/usr/local/sbin"))
        .map(folder -> Path.of(folder, "nginx"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Starts it in front of these two; of the documented file only addresses and the log change. */
  public static Nginx start(URI thirdSession, URI backEnd) throws Exception {
    return start(List.of(thirdSession), backEnd);
  }

  /** Starts it in front of several nodes. */
  public static Nginx start(List<URI> nodes, URI backEnd) throws Exception {
    Path home =
        Files.createTempDirectory(Files.createDirectories(Path.of("target/nginx")), "n")
            .toAbsolutePath();
    int port = Ports.free();
    Matcher block = BLOCK.matcher(Files.readString(DOCUMENTATION));
    if (!block.find()) {
      throw new IllegalStateException(DOCUMENTATION + " has no nginx file");
    }
    String file = block.group(1);
    file = replaced(file, "listen 80;", "listen 127.0.0.1:" + port + ";");
    file =
        replaced(
            file,
            "server 127.0.0.1:8080;",
            nodes.stream()
                .map(node -> "server " + node.getAuthority() + ";")
                .collect(Collectors.joining(" ")));
    file = replaced(file, "server 127.0.0.1:3000;", "server " + backEnd.getAuthority() + ";");
    file = replaced(file, "/var/log/nginx/access.log", home + "/access.log");
    Path configuration = home.resolve("nginx.conf");
    Files.writeString(
        configuration,
        """
        daemon off;
        worker_processes 1;
        user %s;
        pid %s/pid;
        error_log %s/error.log;
        events {}
        http {
            client_body_temp_path %s/body;
            proxy_temp_path %s/proxy;
            fastcgi_temp_path %s/fastcgi;
            uwsgi_temp_path %s/uwsgi;
            scgi_temp_path %s/scgi;
        """
                .replace("user %s", "user " + System.getProperty("user.name"))
                .replace("%s", home.toString())
            + file
            + "}\n");
    Process process =
        new ProcessBuilder(
                List.of(
                    program().orElseThrow().toString(),
                    "-p",
                    home.toString(),
                    "-e",
                    home + "/error.log",
                    "-c",
                    configuration.toString()))
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("output.log").toFile())
            .start();
    Ports.awaitAnswer(port, process, "nginx: see " + home);
    return new Nginx(process, URI.create("http://127.0.0.1:" + port));
  }

  /** Returns where it listens. */
  public URI base() {
    return base;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException("nginx does not stop");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String replaced(String file, String documented, String here) {
    if (file.split(Pattern.quote(documented), -1).length != 2) {
      throw new IllegalStateException("the documented nginx file has not once: " + documented);
    }
    return file.replace(documented, here);
  }
}
