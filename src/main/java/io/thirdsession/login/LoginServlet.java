package io.thirdsession.login;

import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.JsonFields;
import io.thirdsession.http.LeftOut;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.http.Responder;
import io.thirdsession.http.Response;
import io.thirdsession.json.Json;
import io.thirdsession.profile.ReportedProfile;
import io.thirdsession.session.RequestAuthenticator;
import io.thirdsession.session.SessionOrigin;
import io.thirdsession.user.UserResponse;
import io.thirdsession.user.UserResponses;
import io.thirdsession.wechat.WeChatId;
import io.thirdsession.wechat.WxResult;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/** {@code POST /api/login}: a wx.login code comes in, a third session goes out. */
public final class LoginServlet extends ApiServlet {
  private static final int MAX_DEVICE_VALUES = 32;
  private static final int MAX_DEVICE_VALUE_LENGTH = 64;

  private final AppChooser apps;
  private final LoginService logins;
  private final UserResponses users;
  private final Clock clock;

  public LoginServlet(
      Responder responder, AppChooser apps, LoginService logins, UserResponses users, Clock clock) {
    super(responder, "POST");
    this.apps = apps;
    this.logins = logins;
    this.users = users;
    this.clock = clock;
  }

  @Override
  protected Response answer(HttpServletRequest request) {
    JsonFields fields = JsonFields.ofLogin(request);
    LeftOut leftOut = new LeftOut();
    String code = fields.required("code", LoginRequest.CODE);
    Optional<String> appId = fields.optional("appId", WeChatId.PATTERN);
    Map<String, String> device =
        fields.flatObject("device", MAX_DEVICE_VALUES, MAX_DEVICE_VALUE_LENGTH, leftOut);
    Optional<String> phoneCode = fields.optionalOfAnyType("phoneCode");
    fields.readPast(WxResult.PROFILE_FIELDS);
    fields.end();
    leftOut.log(request);
    RequestFacts facts = RequestFacts.of(request);
    LoginRequest login =
        new LoginRequest(
            apps.choose(appId, Optional.ofNullable(request.getHeader("Referer")), facts),
            code,
            SessionOrigin.LOGIN,
            facts,
            Json.write(device),
            ReportedProfile.NONE,
            RequestAuthenticator.token(request),
            phoneCode);
    return Response.later(
        logins
            .login(login)
            .thenApply(
                done -> Response.json(LoginResponse.of(done, user(done, facts), clock.instant()))));
  }

  private UserResponse user(Login login, RequestFacts facts) {
    return login.boundPhone().isPresent()
        ? users.of(login.user(), login.boundPhone(), facts.baseUrl())
        : users.of(login.user(), facts.baseUrl());
  }
}
