package io.thirdsession.backend;

import io.thirdsession.client.ClientAuthenticator;
import io.thirdsession.client.Scope;
import io.thirdsession.client.ServiceClient;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.FormFields;
import io.thirdsession.http.Responder;
import io.thirdsession.http.Response;
import io.thirdsession.session.CountedChecks;
import io.thirdsession.session.Session;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.UUID;

/**
 * {@code POST /api/introspect}: tells a back end whose token it has received (RFC 7662). If the
 * token is not live, or belongs to an app that the client may not see, the response says only that
 * it is not active.
 */
public final class IntrospectServlet extends ApiServlet {
  private final ClientAuthenticator clients;
  private final CountedChecks sessions;

  public IntrospectServlet(
      Responder responder, ClientAuthenticator clients, CountedChecks sessions) {
    super(responder, "POST");
    this.clients = clients;
    this.sessions = sessions;
  }

  @Override
  protected Response answer(HttpServletRequest request) {
    ServiceClient client = clients.require(request, Scope.INTROSPECT);
    String token = FormFields.of(request).required("token");
    Optional<Session> session =
        sessions.apply(token).filter(found -> client.mayKnow(found.appId()));
    return Response.json(session.isPresent() ? Active.of(session.get()) : new Inactive(false));
  }

  private record Inactive(boolean active) {}

  private record Active(
      boolean active,
      UUID sub,
      long exp,
      long iat,
      String openid,
      Optional<String> unionid,
      String appid,
      UUID sid) {
    static Active of(Session session) {
      return new Active(
          true,
          session.userId(),
          session.expiresAt().getEpochSecond(),
          session.createdAt().getEpochSecond(),
          session.openId(),
          session.unionId(),
          session.appId(),
          session.sid());
    }
  }
}
