package io.thirdsession.backend;

import io.thirdsession.client.ClientAuthenticator;
import io.thirdsession.client.Scope;
import io.thirdsession.client.ServiceClient;
import io.thirdsession.event.EventBody;
import io.thirdsession.event.EventPage;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.FormFields;
import io.thirdsession.http.Responder;
import io.thirdsession.http.Response;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * {@code GET /api/events?after=&limit=&wait=}: what happened to users, in an order that never
 * changes.
 */
public final class EventsServlet extends ApiServlet {
  private static final int MAX_LIMIT = 500;
  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_WAIT_SECONDS = 25;
  private static final Pattern SEQ = Pattern.compile("[0-9]{1,18}");

  private final ClientAuthenticator clients;
  private final EventReader events;

  public EventsServlet(Responder responder, ClientAuthenticator clients, EventReader events) {
    super(responder, "GET", "HEAD");
    this.clients = clients;
    this.events = events;
  }

  @Override
  protected Response answer(HttpServletRequest request) {
    ServiceClient client = clients.require(request, Scope.EVENTS);
    FormFields query = FormFields.ofQuery(request);
    query.requireOnly("after", "limit", "wait");
    OptionalLong after =
        query.names().contains("after")
            ? OptionalLong.of(Long.parseLong(query.required("after", SEQ)))
            : OptionalLong.empty();
    int limit = query.integer("limit", 1, MAX_LIMIT, DEFAULT_LIMIT);
    Duration wait = Duration.ofSeconds(query.integer("wait", 0, MAX_WAIT_SECONDS, 0));
    return Response.later(
        events.read(after, limit, wait, client).thenApply(page -> response(page, client)), wait);
  }

  private static Response response(EventPage page, ServiceClient client) {
    return Response.json(
        new Page(
            page.events().stream().map(event -> event.body(client::mayKnow)).toList(),
            page.next()));
  }

  private record Page(List<EventBody> events, long next) {}
}
