package io.thirdsession.backend;

import io.thirdsession.Uuid7;
import io.thirdsession.audit.Actor;
import io.thirdsession.audit.Subject;
import io.thirdsession.client.ClientAuthenticator;
import io.thirdsession.client.Scope;
import io.thirdsession.client.ServiceClient;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.http.Responder;
import io.thirdsession.http.Response;
import io.thirdsession.user.DirectoryEntry;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * {@code POST /api/users/{userId}/disable}, {@code /enable}, {@code /end-sessions}, {@code
 * /reset-session-keys}; {@code DELETE /api/users/{userId}} and {@code DELETE
 * /api/users/{userId}/sessions/{sid}}.
 */
public final class UserAdministrationServlet extends ApiServlet {
  private static final Pattern PATH =
      Pattern.compile(
          "/"
              + Uuid7.TEXT
              + "(|/disable|/enable|/end-sessions|/reset-session-keys|/sessions/"
              + Uuid7.TEXT
              + ")");

  private static final String SESSIONS = "/sessions/";

  /** The index in the path at which the action begins, if there is one. */
  private static final int ACTION = 1 + 36;

  private final ClientAuthenticator clients;
  private final UserAdministration administration;

  public UserAdministrationServlet(
      Responder responder, ClientAuthenticator clients, UserAdministration administration) {
    super(responder, "POST", "DELETE");
    this.clients = clients;
    this.administration = administration;
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
  protected Response answer(HttpServletRequest request) {
    ServiceClient client = clients.require(request, Scope.MANAGE);
    String path = request.getPathInfo(); // matches PATH: other paths have no methods
    UUID userId = UUID.fromString(path.substring(1, ACTION));
    DirectoryEntry user =
        administration
            .find(userId, client::mayKnow)
            .orElseThrow(() -> ApiException.of(ApiError.NOT_FOUND, "no such user"));
    if (administration.isForeignToo(user, client::mayKnow)) {
      throw ApiException.of(
          ApiError.FORBIDDEN, "the user has identities in apps that are not the client's");
    }
    Actor actor = Actor.of(Subject.by(client.id(), userId), RequestFacts.of(request));
    return act(path.substring(ACTION), user, actor);
  }

  private Response act(String action, DirectoryEntry user, Actor actor) {
    UUID userId = user.user().id();
    if (action.startsWith(SESSIONS)) {
      UUID sid = UUID.fromString(action.substring(SESSIONS.length()));
      if (!administration.endSession(userId, sid, actor)) {
        throw ApiException.of(ApiError.NOT_FOUND, "not a live session of this user");
      }
      return Response.noContent();
    }
    switch (action) {
      case "/disable" -> administration.disable(userId, actor);
      case "/enable" -> administration.enable(userId, actor);
      case "/end-sessions" -> administration.endSessions(userId, actor);
      case "/reset-session-keys" -> {
        return Response.later(
            administration
                .resetSessionKeys(user.identities(), actor)
                .thenApply(results -> Response.json(new KeyResets(results))));
      }
      default -> administration.erase(userId, actor);
    }
    return Response.noContent();
  }

  private record KeyResets(List<UserAdministration.KeyReset> identities) {}
}
