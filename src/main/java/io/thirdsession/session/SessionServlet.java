package io.thirdsession.session;

import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.Responder;
import io.thirdsession.http.Response;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** {@code GET /api/session}: is this session good. {@code DELETE}: log out. */
public final class SessionServlet extends ApiServlet {
  private final RequestAuthenticator authenticator;
  private final SessionService sessions;
  private final Clock clock;

  public SessionServlet(
      Responder responder,
      RequestAuthenticator authenticator,
      SessionService sessions,
      Clock clock) {
    super(responder, "GET", "HEAD", "DELETE");
    this.authenticator = authenticator;
    this.sessions = sessions;
    this.clock = clock;
  }

  @Override
  protected Response answer(HttpServletRequest request) {
    Caller caller = authenticator.require(request);
    if (request.getMethod().equals("DELETE")) {
      sessions.logOut(caller);
      return Response.noContent();
    }
    Session session = caller.session();
    return Response.json(
        new SessionResponse(
            session.userId(),
            session.appId(),
            session.sid(),
            session.createdAt(),
            session.expiresAt(),
            Duration.between(clock.instant(), session.expiresAt()).toSeconds()));
  }

  /** What a client may know of its session. */
  private record SessionResponse(
      UUID userId, String appId, UUID sid, Instant createdAt, Instant expiresAt, long expiresIn) {}
}
