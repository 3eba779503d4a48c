package io.thirdsession.compat;

import io.thirdsession.http.ApiException;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.ErrorBody;
import io.thirdsession.http.LeftOut;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.http.Responder;
import io.thirdsession.http.Response;
import io.thirdsession.json.JsonName;
import io.thirdsession.login.AppChooser;
import io.thirdsession.login.Login;
import io.thirdsession.login.LoginRequest;
import io.thirdsession.login.LoginService;
import io.thirdsession.opendata.EncryptedFields;
import io.thirdsession.profile.ReportedProfile;
import io.thirdsession.session.Session;
import io.thirdsession.session.SessionOrigin;
import io.thirdsession.user.User;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.UUID;

/**
 * {@code /weapp/login}: the login of wafer's client SDKs. Everything is sent in headers: a code,
 * optionally the encrypted profile of {@code wx.getUserInfo}, and optionally the token used until
 * now. One response body serves both versions.
 */
public final class WaferLoginServlet extends ApiServlet {
  private final AppChooser apps;
  private final LoginService logins;
  private final EncryptedProfiles profiles;

  public WaferLoginServlet(
      Responder responder, AppChooser apps, LoginService logins, EncryptedProfiles profiles) {
    super(responder, "GET", "POST");
    this.apps = apps;
    this.logins = logins;
    this.profiles = profiles;
  }

  @Override
  protected ErrorBody errorBody() {
    return Wafer.LOGIN_ERRORS;
  }

  @Override
  protected Response answer(HttpServletRequest request) {
    RequestFacts facts = RequestFacts.of(request);
    String code =
        header(request, Wafer.CODE)
            .filter(LoginRequest.CODE.asMatchPredicate())
            .orElseThrow(() -> ApiException.invalid(Wafer.CODE, "must be a code of wx.login"));
    LeftOut leftOut = new LeftOut();
    Optional<EncryptedFields> profile =
        EncryptedProfiles.fields(
            header(request, Wafer.ENCRYPTED_DATA), header(request, Wafer.IV), leftOut::add);
    leftOut.log(request);
    LoginRequest login =
        new LoginRequest(
            apps.choose(Optional.empty(), header(request, "Referer"), facts),
            code,
            SessionOrigin.WAFER,
            facts,
            LoginRequest.NO_DEVICE,
            ReportedProfile.NONE,
            header(request, Wafer.SKEY),
            Optional.empty());
    return Response.later(
        logins
            .login(login)
            .thenCompose(
                done ->
                    profiles
                        .takeOver(done, profile, facts)
                        .thenApply(
                            user -> Response.json(LoginResponse.of(done, user, facts.baseUrl())))));
  }

  private static Optional<String> header(HttpServletRequest request, String name) {
    return Optional.ofNullable(request.getHeader(name)).filter(value -> !value.isEmpty());
  }

  /**
   * The response to a login, for both versions.
   *
   * @param session for version 1, which looks for {@code magic}
   * @param data for version 2, which looks for {@code code}
   */
  private record LoginResponse(
      @JsonName(Wafer.MAGIC) int magic, SessionOfVersion1 session, int code, DataOfVersion2 data) {
    static LoginResponse of(Login login, User user, String baseUrl) {
      Session session = login.session();
      String token = login.token().text();
      return new LoginResponse(
          1,
          new SessionOfVersion1(session.sid(), token),
          0,
          new DataOfVersion2(
              WaferUser.of(session, user.profile(), baseUrl),
              token,
              session.createdAt().getEpochSecond()));
    }
  }

  private record SessionOfVersion1(UUID id, String skey) {}

  private record DataOfVersion2(WaferUser userinfo, String skey, long time) {}
}
