package io.thirdsession.compat;

import io.thirdsession.http.Answer;
import io.thirdsession.http.Responder;
import io.thirdsession.json.Json;
import io.thirdsession.login.Apps;
import io.thirdsession.login.Login;
import io.thirdsession.login.LoginService;
import io.thirdsession.session.SessionOrigin;
import io.thirdsession.user.ReportedProfile;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** {@code /onLogin.html}: a code comes in, the token goes out under the tutorials' names. */
public final class OnLoginServlet extends SeedLoginServlet {
  private static final long serialVersionUID = 1L;

  /** Answers through this responder. */
  public OnLoginServlet(Responder responder, Apps apps, LoginService logins) {
    super(responder, apps, logins);
  }

  @Override
  protected Answer answer(HttpServletRequest request) {
    SeedParameters parameters = SeedParameters.of(request);
    Optional<String> replaced = parameters.value("third_Session");
    return Answer.later(
        login(request, parameters, SessionOrigin.ON_LOGIN, ReportedProfile.NONE, replaced)
            .thenApply(login -> Answer.json(body(login))));
  }

  private static Map<String, Object> body(Login login) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("third_Session", login.token().text());
    data.put("openid", login.session().openId());
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("code", 0);
    body.put("message", "");
    body.put("Data", Json.write(data)); // a text: one tutorial parses it, another reads beside it
    body.putAll(data);
    body.put("userId", login.user().id());
    return body;
  }
}
