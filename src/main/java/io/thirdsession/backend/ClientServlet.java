package io.thirdsession.backend;

import io.thirdsession.client.ClientAuthenticator;
import io.thirdsession.client.Scope;
import io.thirdsession.client.ServiceClient;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.Responder;
import io.thirdsession.http.Response;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;

/** {@code GET /api/client}: tells a service client what it may do. */
public final class ClientServlet extends ApiServlet {
  private final ClientAuthenticator clients;

  public ClientServlet(Responder responder, ClientAuthenticator clients) {
    super(responder, "GET", "HEAD");
    this.clients = clients;
  }

  @Override
  protected Response answer(HttpServletRequest request) {
    return Response.json(Rights.of(clients.require(request)));
  }

  /** What a client may do; no apps: all of them. */
  private record Rights(String id, List<String> scopes, List<String> apps) {
    static Rights of(ServiceClient client) {
      return new Rights(
          client.id(),
          client.scopes().stream().sorted().map(Scope::label).toList(),
          client.apps().stream().sorted().toList());
    }
  }
}
