package io.thirdsession.backend;

import io.thirdsession.Uuid7;
import io.thirdsession.audit.Actor;
import io.thirdsession.audit.Subject;
import io.thirdsession.backend.BackendHistory.Events;
import io.thirdsession.backend.BackendHistory.Sessions;
import io.thirdsession.client.ClientAuthenticator;
import io.thirdsession.client.Scope;
import io.thirdsession.client.ServiceClient;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.FormFields;
import io.thirdsession.http.JsonFields;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.http.Responder;
import io.thirdsession.http.Response;
import io.thirdsession.user.DirectoryEntry;
import io.thirdsession.user.ExternalId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * {@code GET /api/users/{userId}/sessions}, {@code /audit}: what is known of one user. {@code POST
 * /api/users/{userId}/disable}, {@code /enable}, {@code /end-sessions}, {@code
 * /reset-session-keys}; {@code PUT /api/users/{userId}/external-id}; {@code DELETE
 * /api/users/{userId}} and {@code DELETE /api/users/{userId}/sessions/{sid}}.
 */
public final class UserAdministrationServlet extends ApiServlet {
  private static final Pattern PATH =
      Pattern.compile(
          "/"
              + Uuid7.TEXT
              + "(|/sessions|/audit|/disable|/enable|/end-sessions|/reset-session-keys|/external-id"
              + "|/sessions/"
              + Uuid7.TEXT
              + ")");

  private static final String SESSIONS = "/sessions";
  private static final String SESSION = SESSIONS + "/";
  private static final String AUDIT = "/audit";
  private static final String EXTERNAL_ID = "/external-id";

  /** The index in the path at which the action begins, if there is one. */
  private static final int ACTION = 1 + 36;

  private final ClientAuthenticator clients;
  private final UserAdministration administration;

  public UserAdministrationServlet(
      Responder responder, ClientAuthenticator clients, UserAdministration administration) {
    super(responder, "GET", "HEAD", "POST", "PUT", "DELETE");
    this.clients = clients;
    this.administration = administration;
  }

  @Override
  protected List<String> methods(HttpServletRequest request) {
    String path = String.valueOf(request.getPathInfo());
    if (!PATH.matcher(path).matches()) {
      return List.of();
    }
    String action = path.substring(ACTION);
    if (action.equals(SESSIONS) || action.equals(AUDIT)) {
      return List.of("GET", "HEAD");
    }
    if (action.equals(EXTERNAL_ID)) {
      return List.of("PUT");
    }
    return List.of(action.isEmpty() || action.startsWith(SESSION) ? "DELETE" : "POST");
  }

  @Override
  protected Response answer(HttpServletRequest request) {
    String path = request.getPathInfo(); // matches PATH: other paths have no methods
    UUID userId = UUID.fromString(path.substring(1, ACTION));
    String action = path.substring(ACTION);
    if (action.equals(SESSIONS)) {
      ServiceClient client = clients.require(request, Scope.USERS);
      find(userId, client);
      return Response.json(Sessions.of(administration.sessions(userId, client::mayKnow)));
    }
    if (action.equals(AUDIT)) {
      ServiceClient client = clients.require(request, Scope.USERS);
      client.require(Scope.MANAGE);
      PageQuery page = PageQuery.of(FormFields.ofQuery(request));
      requireNotForeignToo(find(userId, client), client);
      return Response.json(Events.of(administration.events(userId, page.before(), page.limit())));
    }
    ServiceClient client = clients.requireToChange(request, Scope.MANAGE);
    DirectoryEntry user = find(userId, client);
    requireNotForeignToo(user, client);
    Actor actor = Actor.of(Subject.by(client.id(), userId), RequestFacts.of(request));
    if (action.equals(EXTERNAL_ID)) {
      administration.setExternalId(userId, externalId(request), actor);
      return Response.noContent();
    }
    return act(action, user, actor);
  }

  private static Optional<String> externalId(HttpServletRequest request) {
    JsonFields fields = JsonFields.of(request);
    Optional<String> externalId = fields.requiredOrNull("externalId", ExternalId.PATTERN);
    fields.end();
    return externalId;
  }

  private DirectoryEntry find(UUID userId, ServiceClient client) {
    return administration
        .find(userId, client::mayKnow)
        .orElseThrow(() -> ApiException.of(ApiError.NOT_FOUND, "no such user"));
  }

  private void requireNotForeignToo(DirectoryEntry user, ServiceClient client) {
    if (administration.isForeignToo(user, client::mayKnow)) {
      throw ApiException.of(
          ApiError.FORBIDDEN, "the user has identities in apps that are not the client's");
    }
  }

  private Response act(String action, DirectoryEntry user, Actor actor) {
    UUID userId = user.user().id();
    if (action.startsWith(SESSION)) {
      UUID sid = UUID.fromString(action.substring(SESSION.length()));
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
