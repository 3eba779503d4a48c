package io.thirdsession.compat;

import io.thirdsession.http.Answer;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ErrorBody;
import io.thirdsession.http.Responder;
import io.thirdsession.session.Session;
import io.thirdsession.session.SessionService;
import io.thirdsession.user.Profile;
import io.thirdsession.user.ProfileService;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code /getUserInfo.html}: what the tutorials' page of the user shows. */
public final class GetUserInfoServlet extends SeedSessionServlet {
  private static final long serialVersionUID = 1L;

  private static final int LOGGED_IN = 1;
  private static final int NOT_LOGGED_IN = 2;

  /** The page shows its other half where there is no session. */
  private static final ErrorBody ERRORS =
      (failure, facts) -> {
        ErrorBody.Rendered rendered = SeedErrors.CODE.render(failure, facts);
        if (failure.error() == ApiError.SESSION_INVALID) {
          rendered.body().put("isLogin", NOT_LOGGED_IN);
        }
        return rendered;
      };

  private final transient ProfileService profiles;

  /** Answers through this responder. */
  public GetUserInfoServlet(Responder responder, SessionService sessions, ProfileService profiles) {
    super(responder, sessions);
    this.profiles = profiles;
  }

  @Override
  protected ErrorBody errorBody() {
    return ERRORS;
  }

  @Override
  Answer answer(Session session, SeedParameters parameters, String baseUrl) {
    Profile profile = profiles.find(session.userId()).profile();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("code", 0);
    body.put("isLogin", LOGGED_IN);
    body.put(
        "dataList",
        Map.of(
            "head_photo", profile.absoluteAvatarUrl(baseUrl),
            "username", profile.nickName(),
            "title", profile.title()));
    return Answer.json(body);
  }
}
