package io.thirdsession.compat;

import io.thirdsession.http.Answer;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.ErrorBody;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.http.Responder;
import io.thirdsession.session.Session;
import io.thirdsession.session.SessionService;
import io.thirdsession.user.ProfileService;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code /weapp/user}: who is logged in, for wafer's client SDKs. The token is in {@code
 * X-WX-Skey}; no other part of this server takes one from there, but for the login that ends it.
 */
public final class WaferUserServlet extends ApiServlet {
  private static final long serialVersionUID = 1L;

  private final transient SessionService sessions;
  private final transient ProfileService profiles;

  /** Answers through this responder. */
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
  protected Answer answer(HttpServletRequest request) {
    Session session =
        onlyHeader(request, Wafer.SKEY)
            .flatMap(sessions::find)
            .filter(found -> isNamedOrNone(request, found))
            .orElseThrow(
                () -> ApiException.of(ApiError.SESSION_INVALID, "no live session: X-WX-Skey"));
    Map<String, Object> user =
        WaferUser.of(
            session, profiles.find(session.userId()).profile(), RequestFacts.of(request).baseUrl());
    Map<String, Object> data = new LinkedHashMap<>(user); // what servers of version 2 answer
    data.put("userInfo", user); // and of version 1
    data.put("userinfo", user); // as the login has it
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("code", 0);
    body.put("message", "");
    body.put("data", data);
    return Answer.json(body);
  }

  /** Version 1 names the session beside its token: another one's id is as good as no session. */
  private static boolean isNamedOrNone(HttpServletRequest request, Session session) {
    return Collections.list(request.getHeaders(Wafer.ID)).stream()
        .allMatch(session.sid().toString()::equals);
  }

  private static Optional<String> onlyHeader(HttpServletRequest request, String name) {
    List<String> values = Collections.list(request.getHeaders(name));
    return values.size() == 1 ? Optional.of(values.get(0)) : Optional.empty();
  }
}
