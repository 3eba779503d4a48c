package io.thirdsession.introspection;

import io.thirdsession.client.ClientAuthenticator;
import io.thirdsession.client.Scope;
import io.thirdsession.client.ServiceClient;
import io.thirdsession.http.Answer;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.FormFields;
import io.thirdsession.http.Responder;
import io.thirdsession.session.Session;
import io.thirdsession.session.SessionService;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code POST /api/introspect}: a back end asks who is calling (RFC 7662). Of a token that is not
 * live, or of an app that is none of its business, it learns nothing but that.
 */
public final class IntrospectServlet extends ApiServlet {
  private static final long serialVersionUID = 1L;
  private static final Map<String, Object> INACTIVE = Map.of("active", false);

  private final transient ClientAuthenticator clients;
  private final transient SessionService sessions;

  /** Answers through this responder. */
  public IntrospectServlet(
      Responder responder, ClientAuthenticator clients, SessionService sessions) {
    super(responder, "POST");
    this.clients = clients;
    this.sessions = sessions;
  }

  @Override
  protected Answer answer(HttpServletRequest request) {
    ServiceClient client = clients.require(request, Scope.INTROSPECT);
    String token = FormFields.of(request).required("token");
    return Answer.json(
        sessions
            .find(token)
            .filter(session -> client.mayKnow(session.appId()))
            .map(IntrospectServlet::active)
            .orElse(INACTIVE));
  }

  private static Map<String, Object> active(Session session) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("active", true);
    body.put("sub", session.userId());
    body.put("exp", session.expiresAt().getEpochSecond());
    body.put("iat", session.createdAt().getEpochSecond());
    body.put("openid", session.openId());
    session.unionId().ifPresent(unionId -> body.put("unionid", unionId));
    body.put("appid", session.appId());
    body.put("sid", session.sid());
    return body;
  }
}
