package io.thirdsession.testing;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A real nginx that runs the file of the documentation. */
public final class Nginx implements AutoCloseable {
  private static final Path OPERATIONS = Path.of("src/site/markdown/operations.md");
  private static final Path BACK_ENDS = Path.of("src/site/markdown/backends.md");
  private static final Path MODULES = Path.of("/usr/lib/nginx/modules"); // Debian's
  private static final Pattern BLOCK = Pattern.compile("```nginx\n(.*?)```", Pattern.DOTALL);

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
    Path home = home();
    int port = Ports.free();
    String file = documented(OPERATIONS, "auth_request ");
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
    return run(home, port, "", file);
  }

  /** Returns whether it can run Lua, as OpenResty does. */
  public static boolean hasLua() {
    return program().isPresent() && modules().allMatch(Files::exists);
  }

  /**
   * Starts it as an OpenResty that asks introspection, as this service client; of the documented
   * file only addresses, the client and the log change. A stand-in is its lua-resty-openidc.
   */
  public static Nginx startWithLua(URI thirdSession, URI backEnd, String id, String secret)
      throws Exception {
    Path home = home();
    int port = Ports.free();
    String file = documented(BACK_ENDS, "access_by_lua_block ");
    file = replaced(file, "listen 80;", "listen 127.0.0.1:" + port + ";");
    file = replaced(file, "http://127.0.0.1:8080/", thirdSession + "/");
    file = replaced(file, "http://127.0.0.1:3000;", backEnd + ";");
    file = replaced(file, "\"openresty\"", "\"" + id + "\"");
    file = replaced(file, "/var/log/nginx/access.log", home + "/access.log");
    String modules =
        modules().map(module -> "load_module " + module + ";\n").collect(Collectors.joining());
    String library =
        "lua_package_path \"%s/?.lua;;\";\n"
            .formatted(Path.of("src/test/resources/openresty").toAbsolutePath());
    return run(home, port, modules + "env OPENRESTY_SECRET=" + secret + ";\n", library + file);
  }

  private static Stream<Path> modules() {
    return Stream.of("ndk_http_module.so", "ngx_http_lua_module.so").map(MODULES::resolve);
  }

  private static Path home() throws IOException {
    return Files.createTempDirectory(Files.createDirectories(Path.of("target/nginx")), "n")
        .toAbsolutePath();
  }

  private static String documented(Path page, String text) throws IOException {
    List<String> files =
        BLOCK
            .matcher(Files.readString(page))
            .results()
            .map(block -> block.group(1))
            .filter(block -> block.contains(text))
            .toList();
    if (files.size() != 1) {
      throw new IllegalStateException(page + " has not one nginx file with " + text);
    }
    return files.get(0);
  }

  /** Runs it with these lines at the top, and this file in {@code http { }}. */
  private static Nginx run(Path home, int port, String top, String file) throws IOException {
    Path configuration = home.resolve("nginx.conf");
    Files.writeString(
        configuration,
        top
            + """
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
