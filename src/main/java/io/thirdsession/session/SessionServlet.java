package io.thirdsession.session;

import io.thirdsession.audit.AuditEvent;
import io.thirdsession.audit.AuditTrail;
import io.thirdsession.http.Answer;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.http.Responder;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** {@code GET /api/session}: is this session good. {@code DELETE}: log out. */
public final class SessionServlet extends ApiServlet {
  private static final long serialVersionUID = 1L;

  private final transient RequestAuthenticator authenticator;
  private final transient SessionService sessions;
  private final transient AuditTrail audit;
  private final transient Clock clock;

  /** Answers through this responder. */
  public SessionServlet(
      Responder responder,
      RequestAuthenticator authenticator,
      SessionService sessions,
      AuditTrail audit,
      Clock clock) {
    super(responder, "GET", "HEAD", "DELETE");
    this.authenticator = authenticator;
    this.sessions = sessions;
    this.audit = audit;
    this.clock = clock;
  }

  @Override
  protected Answer answer(HttpServletRequest request) {
    Session session = authenticator.require(request);
    if (request.getMethod().equals("DELETE")) {
      sessions.end(session);
      audit.record(AuditEvent.LOGOUT, session.subject(), RequestFacts.of(request), "");
      return Answer.noContent();
    }
    return Answer.json(
        new SessionAnswer(
            session.userId(),
            session.appId(),
            session.sid(),
            session.createdAt(),
            session.expiresAt(),
            Duration.between(clock.instant(), session.expiresAt()).toSeconds()));
  }

  /** What a client may know of its session. */
  private record SessionAnswer(
      UUID userId, String appId, UUID sid, Instant createdAt, Instant expiresAt, long expiresIn) {}
}
