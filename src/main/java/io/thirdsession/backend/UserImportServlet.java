package io.thirdsession.backend;

import io.thirdsession.Timer;
import io.thirdsession.audit.Actor;
import io.thirdsession.audit.Subject;
import io.thirdsession.client.ClientAuthenticator;
import io.thirdsession.client.Scope;
import io.thirdsession.client.ServiceClient;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.RequestBody;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.http.Responder;
import io.thirdsession.http.Response;
import jakarta.servlet.http.HttpServletRequest;

/** {@code POST /api/users/import}: brings users along, a line each way for each. */
public final class UserImportServlet extends ApiServlet {
  private static final String NDJSON = "application/x-ndjson";

  private final ClientAuthenticator clients;
  private final UserImports imports;
  private final Timer timer;

  public UserImportServlet(
      Responder responder, ClientAuthenticator clients, UserImports imports, Timer timer) {
    super(responder, "POST");
    this.clients = clients;
    this.imports = imports;
    this.timer = timer;
  }

  /**
   * Returns whether the body of this request is read while it is answered. Whoever will be refused
   * for anything else than a running import has a body like any other.
   */
  public static boolean streams(HttpServletRequest request, ClientAuthenticator clients) {
    return request.getMethod().equals("POST")
        && RequestBody.isOfType(request, NDJSON)
        && clients.mayChange(request, Scope.MANAGE);
  }

  @Override
  protected Response answer(HttpServletRequest request) {
    ServiceClient client = clients.requireToChange(request, Scope.MANAGE);
    RequestBody.requireType(request, NDJSON);
    Actor by = Actor.of(Subject.client(client.id()), RequestFacts.of(request));
    return Response.lines(NDJSON, timer, imports.begin(client, by));
  }
}
