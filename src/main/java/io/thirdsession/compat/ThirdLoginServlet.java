package io.thirdsession.compat;

import io.thirdsession.http.Answer;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.http.Responder;
import io.thirdsession.login.Apps;
import io.thirdsession.login.Login;
import io.thirdsession.login.LoginService;
import io.thirdsession.opendata.EncryptedFields;
import io.thirdsession.session.SessionOrigin;
import io.thirdsession.user.ReportedProfile;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * {@code /thirdLogin.html}: a code comes in, and perhaps the encrypted profile of {@code
 * wx.getUserInfo}, on which nothing depends.
 */
public final class ThirdLoginServlet extends SeedLoginServlet {
  private static final long serialVersionUID = 1L;

  private final transient EncryptedProfiles profiles;

  /** Answers through this responder. */
  public ThirdLoginServlet(
      Responder responder, Apps apps, LoginService logins, EncryptedProfiles profiles) {
    super(responder, apps, logins);
    this.profiles = profiles;
  }

  @Override
  protected Answer answer(HttpServletRequest request) {
    SeedParameters parameters = SeedParameters.of(request);
    RequestFacts facts = RequestFacts.of(request);
    Optional<EncryptedFields> profile =
        EncryptedProfiles.fields(parameters.value("encryptedData"), parameters.value("iv"));
    return Answer.later(
        login(
                request,
                parameters,
                SessionOrigin.THIRD_LOGIN,
                ReportedProfile.NONE,
                Optional.empty())
            .thenCompose(
                login ->
                    profiles
                        .takeOver(login, profile, facts)
                        .thenApply(user -> Answer.json(body(login)))));
  }

  /** Twice the same: one version of the tutorials' library hands over {@code data} alone. */
  private static Map<String, Object> body(Login login) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("session_id", login.token().text());
    data.put("uid", login.user().id());
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("code", 0);
    body.put("success", true);
    body.put("result_code", 0);
    body.put("message", "");
    body.putAll(data);
    body.put("data", data);
    return body;
  }
}
