package io.thirdsession.me;

import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.JsonFields;
import io.thirdsession.http.Responder;
import io.thirdsession.http.Response;
import io.thirdsession.limit.Limit;
import io.thirdsession.limit.RateLimits;
import io.thirdsession.profile.ProfileChange;
import io.thirdsession.session.Caller;
import io.thirdsession.session.RequestAuthenticator;
import io.thirdsession.user.ProfileService;
import io.thirdsession.user.UserResponses;
import io.thirdsession.user.UserService;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;

/**
 * {@code GET /api/me}: returns the caller's user. {@code PUT} or {@code POST}: changes the fields
 * that are sent. {@code DELETE}: erases the user; requires a fresh login.
 */
public final class MeServlet extends ApiServlet {
  private static final Set<String> CHANGING = Set.of("PUT", "POST");

  private final RequestAuthenticator authenticator;
  private final ProfileService profiles;
  private final UserService users;
  private final UserResponses responses;
  private final RateLimits limits;

  public MeServlet(
      Responder responder,
      RequestAuthenticator authenticator,
      ProfileService profiles,
      UserService users,
      UserResponses responses,
      RateLimits limits) {
    super(responder, "GET", "HEAD", "PUT", "POST", "DELETE");
    this.authenticator = authenticator;
    this.profiles = profiles;
    this.users = users;
    this.responses = responses;
    this.limits = limits;
  }

  @Override
  protected Response answer(HttpServletRequest request) {
    if (request.getMethod().equals("DELETE")) {
      return erase(request);
    }
    Caller caller = authenticator.require(request);
    String baseUrl = caller.facts().baseUrl();
    if (!CHANGING.contains(request.getMethod())) {
      return Response.json(responses.of(profiles.find(caller.userId()), baseUrl));
    }
    limits.takeOfUser(Limit.ACCOUNT_USER, caller);
    JsonFields fields = JsonFields.of(request);
    ProfileChange change = ProfileChange.sent(fields, baseUrl);
    fields.end();
    return Response.json(
        responses.of(profiles.change(caller.userId(), change, caller.session().appId()), baseUrl));
  }

  private Response erase(HttpServletRequest request) {
    Caller caller = authenticator.requireFresh(request);
    limits.takeOfUser(Limit.ACCOUNT_USER, caller);
    users.erase(caller.userId(), caller);
    return Response.noContent();
  }
}
