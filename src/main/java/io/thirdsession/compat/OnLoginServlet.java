package io.thirdsession.compat;

import io.thirdsession.http.Answer;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.ErrorBody;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.http.Responder;
import io.thirdsession.json.Json;
import io.thirdsession.login.Apps;
import io.thirdsession.login.Login;
import io.thirdsession.login.LoginRequest;
import io.thirdsession.login.LoginService;
import io.thirdsession.session.SessionOrigin;
import io.thirdsession.user.ReportedProfile;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** {@code /onLogin.html}: a code comes in, the token goes out under the tutorials' names. */
public final class OnLoginServlet extends ApiServlet {
  private static final long serialVersionUID = 1L;

  private final transient Apps apps;
  private final transient LoginService logins;

  /** Answers through this responder. */
  public OnLoginServlet(Responder responder, Apps apps, LoginService logins) {
    super(responder, "GET", "POST");
    this.apps = apps;
    this.logins = logins;
  }

  @Override
  protected ErrorBody errorBody() {
    return SeedErrors.CODE;
  }

  @Override
  protected Answer answer(HttpServletRequest request) {
    SeedParameters parameters = SeedParameters.of(request);
    String code =
        parameters
            .value("code")
            .filter(LoginRequest.CODE.asMatchPredicate())
            .orElseThrow(() -> ApiException.invalid("code", "is missing, empty or no code"));
    RequestFacts facts = RequestFacts.of(request);
    LoginRequest login =
        new LoginRequest(
            apps.choose(Optional.empty(), Optional.ofNullable(request.getHeader("Referer"))),
            code,
            SessionOrigin.ON_LOGIN,
            facts.requestId(),
            facts.clientAddress(),
            Map.of(),
            ReportedProfile.NONE,
            parameters.value("third_Session"));
    return Answer.later(logins.login(login).thenApply(done -> Answer.json(body(done))));
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
