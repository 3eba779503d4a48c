package io.thirdsession.compat;

import io.thirdsession.http.Answer;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.Responder;
import io.thirdsession.session.Session;
import io.thirdsession.session.SessionService;
import io.thirdsession.user.ProfileService;
import io.thirdsession.user.SignedProfile;
import java.util.Map;

/** {@code /checkSignature.html}: says whether WeChat has signed this, and stores nothing. */
public final class CheckSignatureServlet extends SeedSessionServlet {
  private static final long serialVersionUID = 1L;

  private final transient ProfileService profiles;

  /** Answers through this responder. */
  public CheckSignatureServlet(
      Responder responder, SessionService sessions, ProfileService profiles) {
    super(responder, sessions);
    this.profiles = profiles;
  }

  @Override
  Answer answer(Session session, SeedParameters parameters) {
    SignedProfile signed =
        new SignedProfile(required(parameters, "rawData"), required(parameters, "signature"));
    profiles.requireSigned(session.appId(), session.openId(), signed);
    return Answer.json(Map.of("code", 0));
  }

  private static String required(SeedParameters parameters, String name) {
    return parameters
        .value(name)
        .orElseThrow(() -> ApiException.invalid(name, "is missing or empty"));
  }
}
