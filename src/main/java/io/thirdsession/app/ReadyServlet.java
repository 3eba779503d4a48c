package io.thirdsession.app;

import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.Responder;
import io.thirdsession.http.Response;
import io.thirdsession.jdbc.Readiness;
import jakarta.servlet.http.HttpServletRequest;
import java.util.function.Supplier;

/**
 * {@code GET /readyz}: whether logins can be served now. WeChat is no part of it: taking every node
 * out of service because WeChat is slow would end the checks as well.
 */
final class ReadyServlet extends ApiServlet {
  private final Supplier<Readiness> readiness;

  ReadyServlet(Responder responder, Supplier<Readiness> readiness) {
    super(responder, "GET", "HEAD");
    this.readiness = readiness;
  }

  @Override
  protected Response answer(HttpServletRequest request) {
    Readiness now = readiness.get();
    return now.ready()
        ? Response.json(new Ready("ready"))
        : Response.json(
            503, new NotReady("not_ready", now.database(), now.schema(), now.configuration()));
  }

  private record Ready(String status) {}

  private record NotReady(String status, String database, String schema, String configuration) {}
}
