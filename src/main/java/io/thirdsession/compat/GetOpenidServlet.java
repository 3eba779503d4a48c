package io.thirdsession.compat;

import io.thirdsession.http.ErrorBody;
import io.thirdsession.http.Responder;
import io.thirdsession.http.Response;
import io.thirdsession.json.JsonName;
import io.thirdsession.login.AppChooser;
import io.thirdsession.login.Login;
import io.thirdsession.login.LoginService;
import io.thirdsession.profile.ReportedProfile;
import io.thirdsession.session.Session;
import io.thirdsession.session.SessionOrigin;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code /getOpenid.html}: the page of the ThinkPHP tutorials. It returns what code2Session gives,
 * except the session_key, which stays here; {@code third_Session} takes its place.
 */
public final class GetOpenidServlet extends SeedLoginServlet {
  private static final List<String> PARAMETERS = List.of("code", "nick", "avaurl", "sex");

  /** What this page calls the fields of a profile. */
  private static final Map<String, String> NAMES =
      Map.of("nickName", "nick", "avatarUrl", "avaurl", "gender", "sex");

  private static final ErrorBody ERRORS = SeedErrors.shape("errcode", "errmsg");

  public GetOpenidServlet(Responder responder, AppChooser apps, LoginService logins) {
    super(responder, apps, logins);
  }

  @Override
  protected ErrorBody errorBody() {
    return ERRORS;
  }

  @Override
  protected Response answer(HttpServletRequest request) {
    SeedParameters parameters = SeedParameters.of(request);
    if (!PARAMETERS.stream().allMatch(parameters::has)) {
      return Response.text("text/html", "参数错误."); // letter for letter the original's
    }
    ReportedProfile profile =
        new ReportedProfile(
            parameters.value("nick").orElse(""),
            parameters.value("avaurl").orElse(""),
            parameters.value("sex").orElse(""));
    profile.unfit().forEach(name -> parameters.leaveOut(NAMES.getOrDefault(name, name)));
    return Response.later(
        login(request, parameters, SessionOrigin.GET_OPENID, profile, Optional.empty())
            .thenApply(login -> Response.json(OpenIdResponse.of(login))));
  }

  private record OpenIdResponse(
      String openid, Optional<String> unionid, @JsonName("third_Session") String thirdSession) {
    static OpenIdResponse of(Login login) {
      Session session = login.session();
      return new OpenIdResponse(session.openId(), session.unionId(), login.token().text());
    }
  }
}
