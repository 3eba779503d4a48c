package io.thirdsession.compat;

import io.thirdsession.http.Answer;
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
  Answer answer(Session session, SeedParameters parameters, String baseUrl) {
    SignedProfile signed =
        new SignedProfile(parameters.required("rawData"), parameters.required("signature"));
    profiles.requireSigned(session.appId(), session.openId(), signed);
    return Answer.json(Map.of("code", 0));
  }
}
