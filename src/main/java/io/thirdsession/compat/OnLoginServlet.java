package io.thirdsession.compat;

import io.thirdsession.http.Responder;
import io.thirdsession.http.Response;
import io.thirdsession.json.Json;
import io.thirdsession.json.JsonName;
import io.thirdsession.login.AppChooser;
import io.thirdsession.login.Login;
import io.thirdsession.login.LoginService;
import io.thirdsession.profile.ReportedProfile;
import io.thirdsession.session.SessionOrigin;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.UUID;

/** {@code /onLogin.html}: returns a token for a code, under the tutorials' names. */
public final class OnLoginServlet extends SeedLoginServlet {
  public OnLoginServlet(Responder responder, AppChooser apps, LoginService logins) {
    super(responder, apps, logins);
  }

  @Override
  protected Response answer(HttpServletRequest request) {
    SeedParameters parameters = SeedParameters.of(request);
    Optional<String> replaced = parameters.value("third_Session");
    return Response.later(
        login(request, parameters, SessionOrigin.ON_LOGIN, ReportedProfile.NONE, replaced)
            .thenApply(login -> Response.json(LoginResponse.of(login))));
  }

  private record LoginResponse(
      int code,
      String message,
      @JsonName("Data")
          String dataAsJson, // one tutorial parses it, another reads the fields beside it
      @JsonName("third_Session") String thirdSession,
      String openid,
      UUID userId) {
    static LoginResponse of(Login login) {
      Data data = new Data(login.token().text(), login.session().openId());
      return new LoginResponse(
          0, "", Json.write(data), data.thirdSession, data.openid, login.user().id());
    }
  }

  private record Data(@JsonName("third_Session") String thirdSession, String openid) {}
}
