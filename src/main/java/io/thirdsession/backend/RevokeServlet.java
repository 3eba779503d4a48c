package io.thirdsession.backend;

import io.thirdsession.audit.Actor;
import io.thirdsession.audit.Subject;
import io.thirdsession.client.ClientAuthenticator;
import io.thirdsession.client.ServiceClient;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.ErrorBody;
import io.thirdsession.http.FormFields;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.http.Responder;
import io.thirdsession.http.Response;
import io.thirdsession.session.Session;
import io.thirdsession.session.SessionService;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Optional;

/**
 * {@code POST /api/revoke}: ends the session of a token that a service has (RFC 7009). Any service
 * client may: whoever has the token could use it. The response is the same whether there was a
 * session to end, or one of an app that the client may not see.
 */
public final class RevokeServlet extends ApiServlet {
  private final ClientAuthenticator clients;
  private final SessionService sessions;

  public RevokeServlet(Responder responder, ClientAuthenticator clients, SessionService sessions) {
    super(responder, "POST");
    this.clients = clients;
    this.sessions = sessions;
  }

  @Override
  protected Response answer(HttpServletRequest request) {
    ClientAuthenticator.refuseOtherSites(request);
    Optional<ServiceClient> inHeader = clients.inHeader(request);
    FormFields form = FormFields.of(request);
    if (inHeader.isPresent() && form.names().contains(ClientAuthenticator.POSTED_SECRET)) {
      throw ApiException.invalid(
          ClientAuthenticator.POSTED_SECRET, "must not be sent beside Authorization");
    }
    ServiceClient client = clients.require(request, inHeader, form);
    sessions
        .find(form.required("token"))
        .filter(session -> client.mayKnow(session.appId()))
        .ifPresent(session -> end(session, client, RequestFacts.of(request)));
    return Response.headers(Map.of());
  }

  private void end(Session session, ServiceClient client, RequestFacts facts) {
    Subject subject = Subject.by(client.id(), session.userId()).app(session.appId());
    sessions.endOne(session.userId(), session.sid(), Actor.of(subject, facts));
  }

  @Override
  protected ErrorBody errorBody() {
    return ErrorBody.OAUTH;
  }
}
