package io.thirdsession.me;

import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.Responder;
import io.thirdsession.http.Response;
import io.thirdsession.session.Caller;
import io.thirdsession.session.RequestAuthenticator;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;

/**
 * {@code GET /api/me/export}: returns everything that is stored about the user. Requires a fresh
 * login, which a phone gets silently and somebody who stole its token cannot get.
 */
public final class ExportServlet extends ApiServlet {
  /** For a client that reads slowly. */
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  private final RequestAuthenticator authenticator;
  private final ExportService exports;

  public ExportServlet(
      Responder responder, RequestAuthenticator authenticator, ExportService exports) {
    super(responder, "GET");
    this.authenticator = authenticator;
    this.exports = exports;
  }

  @Override
  protected Response answer(HttpServletRequest request) {
    Caller caller = authenticator.requireFresh(request);
    return Response.stream("application/json", DEADLINE, exports.export(caller));
  }
}
