package io.thirdsession.compat;

import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.ErrorBody;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.http.Responder;
import io.thirdsession.http.Response;
import io.thirdsession.json.JsonName;
import io.thirdsession.session.Session;
import io.thirdsession.session.SessionService;
import io.thirdsession.user.ProfileService;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * {@code /weapp/user}: returns the logged-in user to wafer's client SDKs. The token is in {@code
 * X-WX-Skey}; no other part of this server reads one from there, except the login that ends its
 * session.
 */
public final class WaferUserServlet extends ApiServlet {
  private final SessionService sessions;
  private final ProfileService profiles;

  public WaferUserServlet(Responder responder, SessionService sessions, ProfileService profiles) {
    super(responder, "GET", "POST");
    this.sessions = sessions;
    this.profiles = profiles;
  }

  @Override
  protected ErrorBody errorBody() {
    return Wafer.REQUEST_ERRORS;
  }

  @Override
  protected Response answer(HttpServletRequest request) {
    Session session =
        onlyHeader(request, Wafer.SKEY)
            .flatMap(sessions::find)
            .filter(found -> isNamedOrNone(request, found))
            .orElseThrow(
                () -> ApiException.of(ApiError.SESSION_INVALID, "no live session: X-WX-Skey"));
    WaferUser user =
        WaferUser.of(
            session, profiles.find(session.userId()).profile(), RequestFacts.of(request).baseUrl());
    return Response.json(new UserResponse(0, "", Data.of(user)));
  }

  /**
   * Returns whether the request names this session or none. Version 1 sends the session's id along
   * with the token; the id of another session counts as no session.
   */
  private static boolean isNamedOrNone(HttpServletRequest request, Session session) {
    return Collections.list(request.getHeaders(Wafer.ID)).stream()
        .allMatch(session.sid().toString()::equals);
  }

  private static Optional<String> onlyHeader(HttpServletRequest request, String name) {
    List<String> values = Collections.list(request.getHeaders(name));
    return values.size() == 1 ? Optional.of(values.get(0)) : Optional.empty();
  }

  private record UserResponse(int code, String message, Data data) {}

  /**
   * The user three times, for different clients.
   *
   * @param openId this and the next eight are what servers of version 2 return
   * @param userInfo what servers of version 1 return
   * @param userInfoOfLogin the same, under the name that the login response has for it
   */
  private record Data(
      String openId,
      Optional<String> unionId,
      String nickName,
      String avatarUrl,
      int gender,
      String province,
      String city,
      String country,
      String language,
      WaferUser userInfo,
      @JsonName("userinfo") WaferUser userInfoOfLogin) {
    static Data of(WaferUser user) {
      return new Data(
          user.openId(),
          user.unionId(),
          user.nickName(),
          user.avatarUrl(),
          user.gender(),
          user.province(),
          user.city(),
          user.country(),
          user.language(),
          user,
          user);
    }
  }
}
