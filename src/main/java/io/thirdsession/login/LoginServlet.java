package io.thirdsession.login;

import io.thirdsession.http.Answer;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.JsonFields;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.http.Responder;
import io.thirdsession.phone.PhoneService;
import io.thirdsession.session.RequestAuthenticator;
import io.thirdsession.session.SessionOrigin;
import io.thirdsession.user.ReportedProfile;
import io.thirdsession.user.UserAnswers;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code POST /api/login}: a wx.login code comes in, a third session goes out. */
public final class LoginServlet extends ApiServlet {
  private static final long serialVersionUID = 1L;

  private static final Pattern APP_ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final int MOST_DEVICE_VALUES = 32;
  private static final int LONGEST_DEVICE_VALUE = 64;

  private final transient Apps apps;
  private final transient LoginService logins;
  private final transient UserAnswers users;
  private final transient Clock clock;

  /** Answers through this responder. */
  public LoginServlet(
      Responder responder, Apps apps, LoginService logins, UserAnswers users, Clock clock) {
    super(responder, "POST");
    this.apps = apps;
    this.logins = logins;
    this.users = users;
    this.clock = clock;
  }

  @Override
  protected Answer answer(HttpServletRequest request) {
    JsonFields fields = JsonFields.of(request);
    String code = fields.required("code", LoginRequest.CODE);
    Optional<String> appId = fields.optional("appId", APP_ID);
    Map<String, String> device =
        fields.flatObject("device", MOST_DEVICE_VALUES, LONGEST_DEVICE_VALUE);
    Optional<String> phoneCode = fields.optional("phoneCode", PhoneService.CODE);
    fields.end();
    RequestFacts facts = RequestFacts.of(request);
    LoginRequest login =
        new LoginRequest(
            apps.choose(appId, Optional.ofNullable(request.getHeader("Referer"))),
            code,
            SessionOrigin.LOGIN,
            facts,
            device,
            ReportedProfile.NONE,
            RequestAuthenticator.token(request),
            phoneCode);
    return Answer.later(
        logins
            .login(login)
            .thenApply(
                done ->
                    Answer.json(
                        LoginAnswer.of(
                            done, users.of(done.user(), facts.baseUrl()), clock.instant()))));
  }
}
