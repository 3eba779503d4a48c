package io.thirdsession.development;

import io.thirdsession.json.Json;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The page at {@code /}, its parts below {@code /dev/}, and what it shows of this start. */
final class PageServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  private static final Map<String, String> FILES =
      Map.of(
          "/", "index.html",
          "/dev/icon.svg", "icon.svg",
          "/dev/page.css", "page.css",
          "/dev/page.js", "page.js");
  private static final Map<String, String> MEDIA_TYPES =
      Map.of(
          "html", "text/html",
          "css", "text/css",
          "js", "text/javascript",
          "svg", "image/svg+xml");

  private final transient Map<String, Object> state;

  PageServlet(Map<String, Object> state) {
    this.state = state;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String path = request.getRequestURI();
    String file = FILES.get(path);
    response.setHeader("Cache-Control", "no-cache");
    if (path.equals("/dev/state")) {
      response.setContentType("application/json;charset=utf-8");
      response.getOutputStream().write(Json.write(state).getBytes(StandardCharsets.UTF_8));
    } else if (file == null) {
      response.sendError(HttpServletResponse.SC_NOT_FOUND);
    } else {
      String type = MEDIA_TYPES.get(file.substring(file.lastIndexOf('.') + 1));
      response.setContentType(type + ";charset=utf-8");
      try (InputStream in = PageServlet.class.getResourceAsStream("/development/" + file)) {
        in.transferTo(response.getOutputStream());
      }
    }
  }
}
