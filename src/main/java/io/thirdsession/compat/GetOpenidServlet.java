package io.thirdsession.compat;

import io.thirdsession.http.Answer;
import io.thirdsession.http.ErrorBody;
import io.thirdsession.http.Responder;
import io.thirdsession.login.Apps;
import io.thirdsession.login.Login;
import io.thirdsession.login.LoginService;
import io.thirdsession.session.SessionOrigin;
import io.thirdsession.user.ReportedProfile;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code /getOpenid.html}: the page of the ThinkPHP tutorials. It answers what code2Session gives,
 * but for the session_key, which stays here; {@code third_Session} comes in its place.
 */
public final class GetOpenidServlet extends SeedLoginServlet {
  private static final long serialVersionUID = 1L;

  private static final List<String> PARAMETERS = List.of("code", "nick", "avaurl", "sex");
  private static final ErrorBody ERRORS = SeedErrors.shape("errcode", "errmsg");

  /** Answers through this responder. */
  public GetOpenidServlet(Responder responder, Apps apps, LoginService logins) {
    super(responder, apps, logins);
  }

  @Override
  protected ErrorBody errorBody() {
    return ERRORS;
  }

  @Override
  protected Answer answer(HttpServletRequest request) {
    SeedParameters parameters = SeedParameters.of(request);
    if (!PARAMETERS.stream().allMatch(parameters::has)) {
      return Answer.text("text/html", "参数错误."); // letter for letter the original's
    }
    ReportedProfile profile =
        new ReportedProfile(
            parameters.value("nick").orElse(""),
            parameters.value("avaurl").orElse(""),
            parameters.value("sex").orElse(""));
    return Answer.later(
        login(request, parameters, SessionOrigin.GET_OPENID, profile, Optional.empty())
            .thenApply(login -> Answer.json(body(login))));
  }

  private static Map<String, Object> body(Login login) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("openid", login.session().openId());
    login.session().unionId().ifPresent(unionId -> body.put("unionid", unionId));
    body.put("third_Session", login.token().text());
    return body;
  }
}
