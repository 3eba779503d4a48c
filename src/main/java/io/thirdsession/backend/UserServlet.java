package io.thirdsession.backend;

import io.thirdsession.Uuid7;
import io.thirdsession.audit.AuditEvent;
import io.thirdsession.audit.AuditTrail;
import io.thirdsession.audit.Subject;
import io.thirdsession.client.ClientAuthenticator;
import io.thirdsession.client.Scope;
import io.thirdsession.client.ServiceClient;
import io.thirdsession.http.Answer;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.http.Responder;
import io.thirdsession.user.DirectoryEntry;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * {@code POST /api/users/{userId}/disable}, {@code /enable}, {@code /end-sessions}, {@code
 * /reset-session-keys}; {@code DELETE /api/users/{userId}}, and of one {@code /sessions/{sid}}.
 */
public final class UserServlet extends ApiServlet {
  private static final long serialVersionUID = 1L;

  private static final Pattern PATH =
      Pattern.compile(
          "/"
              + Uuid7.TEXT
              + "(|/disable|/enable|/end-sessions|/reset-session-keys|/sessions/"
              + Uuid7.TEXT
              + ")");

  private static final String SESSIONS = "/sessions/";

  /** Where in the path the action begins, if there is one. */
  private static final int ACTION = 1 + 36;

  private final transient ClientAuthenticator clients;
  private final transient UserAdministration administration;
  private final transient AuditTrail audit;

  /** Answers through this responder. */
  public UserServlet(
      Responder responder,
      ClientAuthenticator clients,
      UserAdministration administration,
      AuditTrail audit) {
    super(responder, "POST", "DELETE");
    this.clients = clients;
    this.administration = administration;
    this.audit = audit;
  }

  @Override
  protected List<String> methods(HttpServletRequest request) {
    String path = String.valueOf(request.getPathInfo());
    if (!PATH.matcher(path).matches()) {
      return List.of();
    }
    boolean ends = path.length() == ACTION || path.startsWith(SESSIONS, ACTION);
    return List.of(ends ? "DELETE" : "POST");
  }

  @Override
  protected Answer answer(HttpServletRequest request) {
    ServiceClient client = clients.require(request, Scope.MANAGE);
    String path = request.getPathInfo(); // of the form above: other addresses have no methods
    UUID userId = UUID.fromString(path.substring(1, ACTION));
    DirectoryEntry user =
        administration
            .find(userId, client::mayKnow)
            .orElseThrow(() -> ApiException.of(ApiError.NOT_FOUND, "no such user"));
    if (administration.isForeignToo(user, client::mayKnow)) {
      throw ApiException.of(
          ApiError.FORBIDDEN, "the user has identities in apps that are not the client's");
    }
    return act(
        path.substring(ACTION), user, Subject.by(client.id(), userId), RequestFacts.of(request));
  }

  private Answer act(String action, DirectoryEntry user, Subject subject, RequestFacts facts) {
    UUID userId = user.user().id();
    if (action.startsWith(SESSIONS)) {
      UUID sid = UUID.fromString(action.substring(SESSIONS.length()));
      if (!administration.endSession(userId, sid)) {
        throw ApiException.of(ApiError.NOT_FOUND, "not a live session of this user");
      }
      audit.record(AuditEvent.SESSION_ENDED, subject.session(sid), facts, "which=one");
      return Answer.noContent();
    }
    switch (action) {
      case "/disable" -> {
        administration.disable(userId);
        audit.record(AuditEvent.DISABLED, subject, facts, "");
      }
      case "/enable" -> {
        administration.enable(userId);
        audit.record(AuditEvent.ENABLED, subject, facts, "");
      }
      case "/end-sessions" -> {
        administration.endSessions(userId);
        audit.record(AuditEvent.SESSION_ENDED, subject, facts, "which=all");
      }
      case "/reset-session-keys" -> {
        return Answer.later(
            administration
                .resetSessionKeys(
                    user.identities(),
                    identity ->
                        audit.record(
                            AuditEvent.KEY_RESET, subject.app(identity.appId()), facts, ""))
                .thenApply(results -> Answer.json(Map.of("identities", results))));
      }
      default -> {
        administration.erase(userId);
        audit.record(AuditEvent.ERASED, subject, facts, "");
      }
    }
    return Answer.noContent();
  }
}
