package io.thirdsession.compat;

import io.thirdsession.http.Answer;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.http.Responder;
import io.thirdsession.login.Apps;
import io.thirdsession.login.Login;
import io.thirdsession.login.LoginService;
import io.thirdsession.opendata.EncryptedFields;
import io.thirdsession.opendata.OpenDataService;
import io.thirdsession.session.SessionOrigin;
import io.thirdsession.user.ProfileService;
import io.thirdsession.user.ReportedProfile;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /thirdLogin.html}: a code comes in, and perhaps the encrypted profile of {@code
 * wx.getUserInfo}. The login rests on the code alone: a profile that does not open, or cannot be
 * kept, leaves the stored one as it was.
 */
public final class ThirdLoginServlet extends SeedLoginServlet {
  private static final long serialVersionUID = 1L;
  private static final Logger log = LoggerFactory.getLogger(ThirdLoginServlet.class);

  private final transient OpenDataService openData;
  private final transient ProfileService profiles;

  /** Answers through this responder. */
  public ThirdLoginServlet(
      Responder responder,
      Apps apps,
      LoginService logins,
      OpenDataService openData,
      ProfileService profiles) {
    super(responder, apps, logins);
    this.openData = openData;
    this.profiles = profiles;
  }

  @Override
  protected Answer answer(HttpServletRequest request) {
    SeedParameters parameters = SeedParameters.of(request);
    RequestFacts facts = RequestFacts.of(request);
    Optional<EncryptedFields> profile = encryptedProfile(parameters);
    return Answer.later(
        login(
                request,
                parameters,
                SessionOrigin.THIRD_LOGIN,
                ReportedProfile.NONE,
                Optional.empty())
            .thenCompose(
                login ->
                    profile
                        .map(fields -> keepProfile(login, fields, facts))
                        .orElseGet(() -> CompletableFuture.completedFuture(login)))
            .thenApply(login -> Answer.json(body(login))));
  }

  private static Optional<EncryptedFields> encryptedProfile(SeedParameters parameters) {
    Optional<String> encryptedData = parameters.value("encryptedData");
    Optional<String> iv = parameters.value("iv");
    if (encryptedData.isEmpty() || iv.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new EncryptedFields(encryptedData.get(), iv.get()));
    } catch (ApiException e) {
      return Optional.empty(); // too long to be one: the login rests on the code alone
    }
  }

  private CompletableFuture<Login> keepProfile(
      Login login, EncryptedFields fields, RequestFacts facts) {
    return openData
        .decrypt(login.session(), fields, data -> ReportedProfile.of(data::shown), facts)
        .thenApply(profile -> profiles.change(login.user().id(), profile.change()))
        .handle(
            (user, thrown) -> {
              if (thrown != null) {
                log.info(
                    "profile not taken over user={} reason=\"{}\"",
                    login.user().id(),
                    ApiException.of(thrown).diagnosis());
              }
              return login;
            });
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
