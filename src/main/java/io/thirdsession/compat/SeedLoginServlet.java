package io.thirdsession.compat;

import io.thirdsession.http.ApiException;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.ErrorBody;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.http.Responder;
import io.thirdsession.login.AppChooser;
import io.thirdsession.login.Login;
import io.thirdsession.login.LoginRequest;
import io.thirdsession.login.LoginService;
import io.thirdsession.profile.ReportedProfile;
import io.thirdsession.session.SessionOrigin;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A page that logs in with the parameter {@code code}, into the app that {@code appid} names, else
 * the app in the Referer, else the first app.
 */
abstract class SeedLoginServlet extends ApiServlet {
  private final AppChooser apps;
  private final LoginService logins;

  SeedLoginServlet(Responder responder, AppChooser apps, LoginService logins) {
    super(responder, "GET", "POST");
    this.apps = apps;
    this.logins = logins;
  }

  @Override
  protected ErrorBody errorBody() {
    return SeedErrors.CODE;
  }

  /**
   * Returns the login of this request's code, as {@link LoginService#login} does.
   *
   * @param replaced the token that the client had until now, valid or not
   * @throws ApiException if the code is missing or malformed
   */
  final CompletableFuture<Login> login(
      HttpServletRequest request,
      SeedParameters parameters,
      SessionOrigin origin,
      ReportedProfile profile,
      Optional<String> replaced) {
    String code =
        parameters
            .value("code")
            .filter(LoginRequest.CODE.asMatchPredicate())
            .orElseThrow(() -> ApiException.invalid("code", "must be a code of wx.login"));
    RequestFacts facts = RequestFacts.of(request);
    Optional<String> appId = parameters.value("appid");
    parameters.logLeftOut(request);
    return logins.login(
        new LoginRequest(
            apps.chooseLeniently(appId, Optional.ofNullable(request.getHeader("Referer")), facts),
            code,
            origin,
            facts,
            LoginRequest.NO_DEVICE,
            profile,
            replaced,
            Optional.empty()));
  }
}
