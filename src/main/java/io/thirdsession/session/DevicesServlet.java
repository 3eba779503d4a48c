package io.thirdsession.session;

import io.thirdsession.Uuid7;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.JsonFields;
import io.thirdsession.http.Responder;
import io.thirdsession.http.Response;
import io.thirdsession.limit.Limit;
import io.thirdsession.limit.RateLimits;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/sessions}: my devices. {@code DELETE /api/sessions/{sid}}: end one. {@code POST
 * /api/sessions/end}: end the others, or all.
 */
public final class DevicesServlet extends ApiServlet {
  private static final String END = "/end";
  private static final Pattern SID = Pattern.compile("/" + Uuid7.TEXT);
  private static final Pattern WHICH = Pattern.compile("others|all");

  private final RequestAuthenticator authenticator;
  private final SessionService sessions;
  private final RateLimits limits;

  public DevicesServlet(
      Responder responder,
      RequestAuthenticator authenticator,
      SessionService sessions,
      RateLimits limits) {
    super(responder, "GET", "HEAD", "DELETE", "POST");
    this.authenticator = authenticator;
    this.sessions = sessions;
    this.limits = limits;
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
  protected Response answer(HttpServletRequest request) {
    Caller caller = authenticator.require(request);
    limits.takeOfUser(Limit.ACCOUNT_USER, caller);
    return switch (request.getMethod()) {
      case "DELETE" -> endOne(caller, UUID.fromString(request.getPathInfo().substring(1)));
      case "POST" -> end(request, caller);
      default -> list(caller);
    };
  }

  private Response list(Caller caller) {
    Session mine = caller.session();
    List<Device> devices =
        sessions.ofUser(mine.userId()).stream()
            .map(session -> Device.of(session, session.sid().equals(mine.sid())))
            .toList();
    return Response.json(new Devices(devices));
  }

  private Response endOne(Caller caller, UUID sid) {
    if (!sessions.endOne(caller.userId(), sid, caller)) {
      throw ApiException.of(ApiError.NOT_FOUND, "not a live session of this user");
    }
    return Response.noContent();
  }

  private Response end(HttpServletRequest request, Caller caller) {
    JsonFields fields = JsonFields.of(request);
    String which = fields.required("which", WHICH);
    fields.end();
    if (which.equals("others")) {
      sessions.endOthers(caller);
    } else {
      sessions.endAll(caller);
    }
    return Response.noContent();
  }

  private record Devices(List<Device> sessions) {}

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
