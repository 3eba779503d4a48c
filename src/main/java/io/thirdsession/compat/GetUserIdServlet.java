package io.thirdsession.compat;

import io.thirdsession.http.Answer;
import io.thirdsession.http.Responder;
import io.thirdsession.session.Session;
import io.thirdsession.session.SessionService;
import io.thirdsession.user.ProfileService;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /getUserId.html}: the token comes in, the user's id and WeChat's userInfo go out. */
public final class GetUserIdServlet extends SeedSessionServlet {
  private static final long serialVersionUID = 1L;

  private final transient ProfileService profiles;

  /** Answers through this responder. */
  public GetUserIdServlet(Responder responder, SessionService sessions, ProfileService profiles) {
    super(responder, sessions);
    this.profiles = profiles;
  }

  @Override
  Answer answer(Session session, SeedParameters parameters, String baseUrl) {
    UserInfo userInfo = UserInfo.of(profiles.find(session.userId()).profile(), baseUrl);
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("code", 0);
    body.put("userId", session.userId());
    // null, not an empty object: the tutorials ask whether there is one
    body.put("userInfo", userInfo.equals(UserInfo.NONE) ? null : userInfo);
    return Answer.json(body);
  }
}
