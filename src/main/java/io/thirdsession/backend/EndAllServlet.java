package io.thirdsession.backend;

import io.thirdsession.audit.Actor;
import io.thirdsession.audit.Subject;
import io.thirdsession.client.ClientAuthenticator;
import io.thirdsession.client.Scope;
import io.thirdsession.client.ServiceClient;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.JsonFields;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.http.Responder;
import io.thirdsession.http.Response;
import io.thirdsession.session.EverybodysSessions;
import io.thirdsession.wechat.WeChatApps;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/** {@code POST /api/sessions/end-all}: ends everybody's sessions, of one app or of all. */
public final class EndAllServlet extends ApiServlet {
  private static final String CONFIRM = "end all sessions";

  private final ClientAuthenticator clients;
  private final WeChatApps apps;
  private final EverybodysSessions sessions;

  public EndAllServlet(
      Responder responder,
      ClientAuthenticator clients,
      WeChatApps apps,
      EverybodysSessions sessions) {
    super(responder, "POST");
    this.clients = clients;
    this.apps = apps;
    this.sessions = sessions;
  }

  @Override
  protected Response answer(HttpServletRequest request) {
    ServiceClient client = clients.requireToChange(request, Scope.MANAGE);
    client.requireAllApps();
    JsonFields fields = JsonFields.of(request);
    Optional<String> appId = fields.optionalString("appid");
    Optional<String> confirm = fields.optionalString("confirm");
    Optional<String> next = fields.optionalString("next");
    fields.end();
    if (appId.isPresent() && apps.find(appId.get()).isEmpty()) {
      throw ApiException.invalid("appid", "must be the appid of an app in WX_APPS");
    }
    if (!confirm.equals(Optional.of(appId.orElse(CONFIRM)))) {
      throw ApiException.invalid(
          "confirm", "must be the appid, or \"" + CONFIRM + "\" without an appid");
    }
    Actor by = Actor.of(Subject.client(client.id()), RequestFacts.of(request));
    return Response.json(
        Progress.of(
            next.isPresent()
                ? sessions.endRest(rest(next.get()), appId, by)
                : sessions.end(appId, by)));
  }

  private EverybodysSessions.Rest rest(String next) {
    return sessions
        .rest(next)
        .orElseThrow(
            () -> ApiException.invalid("next", "must be the next of a response to this call"));
  }

  /** How many sessions this request has ended, and whether there are no more. */
  private record Progress(int ended, boolean done, Optional<String> next) {
    static Progress of(EverybodysSessions.Ended ended) {
      return new Progress(
          ended.count(), ended.rest().isEmpty(), ended.rest().map(EverybodysSessions.Rest::text));
    }
  }
}
