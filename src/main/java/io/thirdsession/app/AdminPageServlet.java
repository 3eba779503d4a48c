package io.thirdsession.app;

import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.Responder;
import io.thirdsession.http.Response;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code /admin/}: the operator's page. Its files are on the class path and not among the
 * container's, so that they are there only where this servlet is.
 */
final class AdminPageServlet extends ApiServlet {
  private static final String INDEX = "index.html";

  private static final Map<String, String> FILES =
      Map.of(
          INDEX,
          "text/html",
          "admin.css",
          "text/css",
          "admin.js",
          "text/javascript",
          "api.js",
          "text/javascript",
          "dialogs.js",
          "text/javascript",
          "dom.js",
          "text/javascript",
          "node.js",
          "text/javascript",
          "user.js",
          "text/javascript",
          "words.js",
          "text/javascript");

  private final Map<String, Response> responses = new HashMap<>();
  private final Response withoutSlash;

  /** Reads the files once: none is large. */
  AdminPageServlet(Responder responder) {
    super(responder, "GET", "HEAD");
    FILES.forEach((name, type) -> responses.put("/" + name, Response.text(type, text(name))));
    String index = text(INDEX);
    responses.put("/", Response.text(FILES.getOrDefault(INDEX, ""), index));
    // instead of a redirect, whose host would be a matter of proxies
    this.withoutSlash =
        Response.text("text/html", index.replace("\"./", "\"admin/").replace("\"../", "\"./"));
  }

  @Override
  protected List<String> methods(HttpServletRequest request) {
    @Nullable String path = request.getPathInfo();
    return path == null || responses.containsKey(path) ? List.of("GET", "HEAD") : List.of();
  }

  @Override
  protected Response answer(HttpServletRequest request) {
    @Nullable String path = request.getPathInfo();
    return path == null ? withoutSlash : responses.getOrDefault(path, withoutSlash);
  }

  private static String text(String name) {
    try (InputStream in = AdminPageServlet.class.getResourceAsStream("/admin/" + name)) {
      if (in == null) {
        throw new IllegalStateException("the page lacks its file " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
