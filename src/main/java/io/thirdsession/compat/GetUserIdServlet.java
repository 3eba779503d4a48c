package io.thirdsession.compat;

import io.thirdsession.http.Responder;
import io.thirdsession.http.Response;
import io.thirdsession.session.Caller;
import io.thirdsession.session.SessionService;
import io.thirdsession.user.ProfileService;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@code /getUserId.html}: returns the user's id and WeChat's userInfo for a token. */
public final class GetUserIdServlet extends SeedSessionServlet {
  private final ProfileService profiles;

  public GetUserIdServlet(Responder responder, SessionService sessions, ProfileService profiles) {
    super(responder, sessions);
    this.profiles = profiles;
  }

  @Override
  Response answer(Caller caller, SeedParameters parameters) {
    UserInfo userInfo =
        UserInfo.of(profiles.find(caller.userId()).profile(), caller.facts().baseUrl());
    // null, not an empty object: the tutorials check whether there is one
    return Response.json(
        new UserIdResponse(0, caller.userId(), userInfo.equals(UserInfo.NONE) ? null : userInfo));
  }

  private record UserIdResponse(int code, UUID userId, @Nullable UserInfo userInfo) {}
}
