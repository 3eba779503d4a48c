package io.thirdsession.compat;

import io.thirdsession.http.Answer;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.ErrorBody;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.http.Responder;
import io.thirdsession.login.Apps;
import io.thirdsession.login.Login;
import io.thirdsession.login.LoginRequest;
import io.thirdsession.login.LoginService;
import io.thirdsession.opendata.EncryptedFields;
import io.thirdsession.session.Session;
import io.thirdsession.session.SessionOrigin;
import io.thirdsession.user.ReportedProfile;
import io.thirdsession.user.User;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * {@code /weapp/login}: the login of wafer's client SDKs. Everything comes in headers: a code,
 * perhaps the encrypted profile of {@code wx.getUserInfo}, perhaps the token until now. One body
 * serves both versions.
 */
public final class WaferLoginServlet extends ApiServlet {
  private static final long serialVersionUID = 1L;

  private final transient Apps apps;
  private final transient LoginService logins;
  private final transient EncryptedProfiles profiles;

  /** Answers through this responder. */
  public WaferLoginServlet(
      Responder responder, Apps apps, LoginService logins, EncryptedProfiles profiles) {
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
  protected Answer answer(HttpServletRequest request) {
    RequestFacts facts = RequestFacts.of(request);
    String code =
        header(request, Wafer.CODE)
            .filter(LoginRequest.CODE.asMatchPredicate())
            .orElseThrow(() -> ApiException.invalid(Wafer.CODE, "is missing, empty or no code"));
    Optional<EncryptedFields> profile =
        EncryptedProfiles.fields(header(request, Wafer.ENCRYPTED_DATA), header(request, Wafer.IV));
    LoginRequest login =
        new LoginRequest(
            apps.choose(Optional.empty(), header(request, "Referer")),
            code,
            SessionOrigin.WAFER,
            facts,
            Map.of(),
            ReportedProfile.NONE,
            header(request, Wafer.SKEY),
            Optional.empty());
    return Answer.later(
        logins
            .login(login)
            .thenCompose(
                done ->
                    profiles
                        .takeOver(done, profile, facts)
                        .thenApply(user -> Answer.json(body(done, user, facts.baseUrl())))));
  }

  private static Optional<String> header(HttpServletRequest request, String name) {
    return Optional.ofNullable(request.getHeader(name)).filter(value -> !value.isEmpty());
  }

  private static Map<String, Object> body(Login login, User user, String baseUrl) {
    Session session = login.session();
    String token = login.token().text();
    Map<String, Object> ofVersion1 = new LinkedHashMap<>();
    ofVersion1.put("id", session.sid());
    ofVersion1.put("skey", token);
    Map<String, Object> ofVersion2 = new LinkedHashMap<>();
    ofVersion2.put("userinfo", WaferUser.of(session, user.profile(), baseUrl));
    ofVersion2.put("skey", token);
    ofVersion2.put("time", session.createdAt().getEpochSecond());
    Map<String, Object> body = new LinkedHashMap<>();
    body.put(Wafer.MAGIC, 1);
    body.put("session", ofVersion1);
    body.put("code", 0);
    body.put("data", ofVersion2);
    return body;
  }
}
