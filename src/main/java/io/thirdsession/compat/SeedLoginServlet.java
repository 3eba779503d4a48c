package io.thirdsession.compat;

import io.thirdsession.http.ApiException;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.ErrorBody;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.http.Responder;
import io.thirdsession.login.Apps;
import io.thirdsession.login.Login;
import io.thirdsession.login.LoginRequest;
import io.thirdsession.login.LoginService;
import io.thirdsession.session.SessionOrigin;
import io.thirdsession.user.ReportedProfile;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A page that logs in: the parameter {@code code}, for the app that {@code appid} names, or the one
 * of the Referer, or the first.
 */
abstract class SeedLoginServlet extends ApiServlet {
  private static final long serialVersionUID = 1L;

  private final transient Apps apps;
  private final transient LoginService logins;

  SeedLoginServlet(Responder responder, Apps apps, LoginService logins) {
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
   * @param replaced the token that the client had until now, in any state
   * @throws ApiException if there is no code, or one that can be none
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
            .orElseThrow(() -> ApiException.invalid("code", "is missing, empty or no code"));
    RequestFacts facts = RequestFacts.of(request);
    return logins.login(
        new LoginRequest(
            apps.chooseLeniently(
                parameters.value("appid"), Optional.ofNullable(request.getHeader("Referer"))),
            code,
            origin,
            facts,
            Map.of(),
            profile,
            replaced,
            Optional.empty()));
  }
}
