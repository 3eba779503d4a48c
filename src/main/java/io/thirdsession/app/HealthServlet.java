package io.thirdsession.app;

import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.Responder;
import io.thirdsession.http.Response;
import jakarta.servlet.http.HttpServletRequest;

/** {@code GET /healthz}: the process lives. It asks nobody else. */
final class HealthServlet extends ApiServlet {
  HealthServlet(Responder responder) {
    super(responder, "GET", "HEAD");
  }

  @Override
  protected Response answer(HttpServletRequest request) {
    return Response.json(new Health("ok"));
  }

  private record Health(String status) {}
}
