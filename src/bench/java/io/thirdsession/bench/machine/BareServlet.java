package io.thirdsession.bench.machine;

import static java.nio.charset.StandardCharsets.US_ASCII;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Does nothing: what is left is what Tomcat and the network cost. */
final class BareServlet extends HttpServlet {
  private static final byte[] BODY =
      "{\"userId\":\"00000000-0000-7000-8000-000000000000\"}".getBytes(US_ASCII);

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setContentType("application/json;charset=utf-8");
    response.setContentLength(BODY.length);
    response.getOutputStream().write(BODY);
  }
}
