package io.thirdsession.compat;

import io.thirdsession.http.ApiError;
import io.thirdsession.http.ErrorBody;
import io.thirdsession.http.Responder;
import io.thirdsession.http.Response;
import io.thirdsession.json.JsonName;
import io.thirdsession.profile.Profile;
import io.thirdsession.session.Caller;
import io.thirdsession.session.SessionService;
import io.thirdsession.user.ProfileService;

/** {@code /getUserInfo.html}: returns what the tutorials' user page shows. */
public final class GetUserInfoServlet extends SeedSessionServlet {
  private static final int LOGGED_IN = 1;
  private static final int NOT_LOGGED_IN = 2;

  /** Without a session, {@code isLogin} makes the page show its logged-out half. */
  private static final ErrorBody ERRORS =
      (failure, facts) -> {
        ErrorBody.Rendered rendered = SeedErrors.CODE.render(failure, facts);
        if (failure.error() == ApiError.SESSION_INVALID) {
          rendered.body().put("isLogin", NOT_LOGGED_IN);
        }
        return rendered;
      };

  private final ProfileService profiles;

  public GetUserInfoServlet(Responder responder, SessionService sessions, ProfileService profiles) {
    super(responder, sessions);
    this.profiles = profiles;
  }

  @Override
  protected ErrorBody errorBody() {
    return ERRORS;
  }

  @Override
  Response answer(Caller caller, SeedParameters parameters) {
    Profile profile = profiles.find(caller.userId()).profile();
    return Response.json(
        new UserInfoResponse(
            0,
            LOGGED_IN,
            new DataList(
                profile.absoluteAvatarUrl(caller.facts().baseUrl()),
                profile.nickName(),
                profile.title())));
  }

  private record UserInfoResponse(int code, int isLogin, DataList dataList) {}

  private record DataList(
      @JsonName("head_photo") String headPhoto, String username, String title) {}
}
