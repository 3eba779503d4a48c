package io.thirdsession.backend;

import io.thirdsession.client.ClientAuthenticator;
import io.thirdsession.client.Scope;
import io.thirdsession.client.ServiceClient;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.FormFields;
import io.thirdsession.http.Responder;
import io.thirdsession.http.Response;
import io.thirdsession.json.JsonName;
import io.thirdsession.session.CountedChecks;
import io.thirdsession.session.Session;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
  private final Optional<String> issuer;
  private final Clock clock;

  /**
   * Makes the servlet.
   *
   * @param issuer PUBLIC_URL, if it is set
   */
  public IntrospectServlet(
      Responder responder,
      ClientAuthenticator clients,
      CountedChecks sessions,
      Optional<String> issuer,
      Clock clock) {
    super(responder, "POST");
    this.clients = clients;
    this.sessions = sessions;
    this.issuer = issuer;
    this.clock = clock;
  }

  @Override
  protected Response answer(HttpServletRequest request) {
    Optional<ServiceClient> inHeader = clients.inHeader(request);
    inHeader.ifPresent(client -> client.require(Scope.INTROSPECT));
    FormFields form = FormFields.of(request);
    ServiceClient client = clients.require(request, inHeader, form);
    client.require(Scope.INTROSPECT);
    String token = form.required("token");
    Optional<Session> session =
        sessions.apply(token).filter(found -> client.mayKnow(found.appId()));
    return Response.json(session.isPresent() ? active(session.get(), client) : new Inactive(false));
  }

  private Active active(Session session, ServiceClient client) {
    Instant now = clock.instant();
    List<String> scope = new ArrayList<>();
    scope.add("app:" + session.appId());
    Instant end = session.expiresAt();
    if (session.hasProvenPhone()) {
      scope.add("phone");
    }
    if (now.isBefore(session.freshUntil())) {
      scope.add("fresh");
      end = earlier(end, session.freshUntil());
    }
    if (client.cache().isPresent()) {
      end = earlier(end, now.plus(client.cache().get()));
    }
    return new Active(
        true,
        issuer,
        session.userId(),
        session.externalId(),
        session.appId(),
        "Bearer",
        String.join(" ", scope),
        end.getEpochSecond(),
        session.createdAt().getEpochSecond(),
        session.openId(),
        session.unionId(),
        session.appId(),
        session.sid());
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private record Inactive(boolean active) {}

  /**
   * What is known of a live session, in the names of RFC 7662, section 2.2.
   *
   * @param exp until when all of it may be believed
   */
  private record Active(
      boolean active,
      Optional<String> iss,
      UUID sub,
      @JsonName("external_id") Optional<String> externalId,
      @JsonName("client_id") String clientId,
      @JsonName("token_type") String tokenType,
      String scope,
      long exp,
      long iat,
      String openid,
      Optional<String> unionid,
      String appid,
      UUID sid) {}
}
