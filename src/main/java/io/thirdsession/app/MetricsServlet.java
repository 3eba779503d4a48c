package io.thirdsession.app;

import io.thirdsession.client.ClientAuthenticator;
import io.thirdsession.client.Scope;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.Responder;
import io.thirdsession.http.Response;
import io.thirdsession.metrics.Metrics;
import jakarta.servlet.http.HttpServletRequest;

/** {@code GET /metrics}: what this node counts and measures, as Prometheus reads it. */
final class MetricsServlet extends ApiServlet {
  private final ClientAuthenticator clients;
  private final Metrics metrics;

  MetricsServlet(Responder responder, ClientAuthenticator clients, Metrics metrics) {
    super(responder, "GET", "HEAD");
    this.clients = clients;
    this.metrics = metrics;
  }

  @Override
  protected Response answer(HttpServletRequest request) {
    clients.require(request, Scope.METRICS).requireAllApps();
    return Response.text(Metrics.MEDIA_TYPE, metrics.text());
  }
}
