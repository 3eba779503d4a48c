package io.thirdsession.development;

import io.thirdsession.json.Json;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The page at {@code /}, its parts below {@code /dev/}, the sample mini program that it runs, what
 * it shows of this start, and the decrypt clinic.
 */
final class PageServlet extends HttpServlet {
  private static final Path MINI_PROGRAM = Path.of("src", "miniprogram");

  /** A document, to be opened as a file as well: it brings its own, stricter policy. */
  private static final String CLINIC = "/dev/decrypt-clinic.html";

  private static final Path CLINIC_FILE =
      Path.of("src", "site", "resources", "decrypt-clinic.html");
  private static final Pattern PART =
      Pattern.compile("/dev/([a-z-]+\\.(?:css|js|svg)|openapi\\.html)");
  private static final Pattern SOURCE =
      Pattern.compile("/dev/miniprogram/((?:app|wx)(?:/[a-z-]+)+\\.(?:js|json|wxml|wxss))");

  private static final Map<String, String> MEDIA_TYPES =
      Map.of(
          "css", "text/css",
          "html", "text/html",
          "wxss", "text/css",
          "js", "text/javascript",
          "json", "application/json",
          "wxml", "text/plain",
          "svg", "image/svg+xml");

  private final Map<String, Object> state;

  PageServlet(Map<String, Object> state) {
    this.state = state;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String path = request.getRequestURI();
    Optional<byte[]> body = body(path);
    response.setHeader("Cache-Control", "no-cache");
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader(
        "Content-Security-Policy",
        path.equals(CLINIC)
            ? "frame-ancestors 'none'"
            : "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    if (body.isEmpty()) {
      response.sendError(HttpServletResponse.SC_NOT_FOUND);
      return;
    }
    response.setContentType(mediaType(path) + ";charset=utf-8");
    response.getOutputStream().write(body.get());
  }

  private Optional<byte[]> body(String path) throws IOException {
    if (path.equals("/")) {
      return part("index.html");
    }
    if (path.equals("/dev/state")) {
      return Optional.of(Json.write(state).getBytes(StandardCharsets.UTF_8));
    }
    if (path.equals(CLINIC)) {
      return Optional.of(Files.readAllBytes(CLINIC_FILE));
    }
    Matcher part = PART.matcher(path);
    if (part.matches()) {
      return part(part.group(1));
    }
    Matcher source = SOURCE.matcher(path);
    return source.matches() ? source(source.group(1)) : Optional.empty();
  }

  private static Optional<byte[]> part(String name) throws IOException {
    try (InputStream in = PageServlet.class.getResourceAsStream("/development/" + name)) {
      return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
    }
  }

  /** Read anew each time: who edits the sample sees it after a reload. */
  private static Optional<byte[]> source(String name) throws IOException {
    Path file = MINI_PROGRAM.resolve(name);
    if (!Files.isRegularFile(file)) {
      // a page may do without styles of its own
      return name.endsWith(".wxss") ? Optional.of(new byte[0]) : Optional.empty();
    }
    String text = Files.readString(file);
    return Optional.of(
        (name.endsWith(".js") ? asModule(text) : text).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * A mini program's module as one that browsers load. What WeChat gives each file as a global
   * comes as a parameter, so that two phones on one page do not share it. On the file's own first
   * line, since the browser's line numbers should be the file's.
   */
  private static String asModule(String text) {
    return "export default function (module, exports, require, wx, App, Component) {"
        + text
        + "\n}\n";
  }

  private static String mediaType(String path) {
    if (path.equals("/")) {
      return "text/html";
    }
    return MEDIA_TYPES.getOrDefault(path.substring(path.lastIndexOf('.') + 1), "application/json");
  }
}
