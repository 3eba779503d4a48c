package io.thirdsession.compat;

import io.thirdsession.http.RequestFacts;
import io.thirdsession.http.Responder;
import io.thirdsession.http.Response;
import io.thirdsession.json.JsonName;
import io.thirdsession.login.AppChooser;
import io.thirdsession.login.Login;
import io.thirdsession.login.LoginService;
import io.thirdsession.opendata.EncryptedFields;
import io.thirdsession.profile.ReportedProfile;
import io.thirdsession.session.SessionOrigin;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.UUID;

/**
 * {@code /thirdLogin.html}: logs in with a code; an encrypted profile of {@code wx.getUserInfo} may
 * be sent too, but the login does not depend on it.
 */
public final class ThirdLoginServlet extends SeedLoginServlet {
  private final EncryptedProfiles profiles;

  public ThirdLoginServlet(
      Responder responder, AppChooser apps, LoginService logins, EncryptedProfiles profiles) {
    super(responder, apps, logins);
    this.profiles = profiles;
  }

  @Override
  protected Response answer(HttpServletRequest request) {
    SeedParameters parameters = SeedParameters.of(request);
    RequestFacts facts = RequestFacts.of(request);
    Optional<EncryptedFields> profile =
        EncryptedProfiles.fields(
            parameters.value("encryptedData"), parameters.value("iv"), parameters::leaveOut);
    return Response.later(
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
                        .thenApply(user -> Response.json(LoginResponse.of(login)))));
  }

  /**
   * Has the same values twice: one version of the tutorials' library passes on {@code data} alone.
   */
  private record LoginResponse(
      int code,
      boolean success,
      @JsonName("result_code") int resultCode,
      String message,
      @JsonName("session_id") String sessionId,
      UUID uid,
      Data data) {
    static LoginResponse of(Login login) {
      Data data = new Data(login.token().text(), login.user().id());
      return new LoginResponse(0, true, 0, "", data.sessionId, data.uid, data);
    }
  }

  private record Data(@JsonName("session_id") String sessionId, UUID uid) {}
}
