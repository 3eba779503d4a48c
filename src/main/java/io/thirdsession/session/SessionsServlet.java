package io.thirdsession.session;

import io.thirdsession.Uuid7;
import io.thirdsession.audit.AuditEvent;
import io.thirdsession.audit.AuditTrail;
import io.thirdsession.http.Answer;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.JsonFields;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.http.Responder;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/sessions}: my devices. {@code DELETE /api/sessions/{sid}}: end one. {@code POST
 * /api/sessions/end}: end the others, or all.
 */
public final class SessionsServlet extends ApiServlet {
  private static final long serialVersionUID = 1L;

  private static final String END = "/end";
  private static final Pattern SID = Pattern.compile("/" + Uuid7.TEXT);
  private static final Pattern WHICH = Pattern.compile("others|all");

  private final transient RequestAuthenticator authenticator;
  private final transient SessionService sessions;
  private final transient AuditTrail audit;

  /** Answers through this responder. */
  public SessionsServlet(
      Responder responder,
      RequestAuthenticator authenticator,
      SessionService sessions,
      AuditTrail audit) {
    super(responder, "GET", "HEAD", "DELETE", "POST");
    this.authenticator = authenticator;
    this.sessions = sessions;
    this.audit = audit;
  }

  @Override
  protected List<String> methods(HttpServletRequest request) {
    @Nullable String path = request.getPathInfo();
    if (path == null) {
      return List.of("GET", "HEAD");
    }
    if (path.equals(END)) {
      return List.of("POST");
    }
    return SID.matcher(path).matches() ? List.of("DELETE") : List.of();
  }

  @Override
  protected Answer answer(HttpServletRequest request) {
    return switch (request.getMethod()) {
      case "DELETE" -> endOne(request, UUID.fromString(request.getPathInfo().substring(1)));
      case "POST" -> end(request);
      default -> list(request);
    };
  }

  private Answer list(HttpServletRequest request) {
    Session mine = authenticator.require(request);
    List<Device> devices =
        sessions.ofUser(mine.userId()).stream()
            .map(session -> Device.of(session, session.sid().equals(mine.sid())))
            .toList();
    return Answer.json(Map.of("sessions", devices));
  }

  private Answer endOne(HttpServletRequest request, UUID sid) {
    Session mine = authenticator.require(request);
    if (!sessions.endOne(mine.userId(), sid)) {
      throw ApiException.of(ApiError.NOT_FOUND, "not a live session of this user");
    }
    audit.record(
        AuditEvent.SESSION_ENDED,
        mine.subject().session(sid),
        RequestFacts.of(request),
        "by=" + mine.sid());
    return Answer.noContent();
  }

  private Answer end(HttpServletRequest request) {
    Session mine = authenticator.require(request);
    JsonFields fields = JsonFields.of(request);
    String which = fields.required("which", WHICH);
    fields.end();
    boolean others = which.equals("others");
    Optional<UUID> butFor = others ? Optional.of(mine.sid()) : Optional.empty();
    if (sessions.endAll(mine.userId(), butFor) > 0) {
      audit.record(
          AuditEvent.SESSION_ENDED, mine.subject(), RequestFacts.of(request), "which=" + which);
    }
    return Answer.noContent();
  }

  /** A session as its user sees it; nothing of the token is in it. */
  private record Device(
      UUID sid,
      boolean current,
      String appId,
      Object device,
      String address,
      String origin,
      Instant createdAt,
      Instant lastSeenAt,
      Instant expiresAt) {
    static Device of(DeviceSession session, boolean current) {
      return new Device(
          session.sid(),
          current,
          session.appId(),
          session.device(),
          session.address(),
          session.origin(),
          session.createdAt(),
          session.lastSeenAt(),
          session.expiresAt());
    }
  }
}
