package io.thirdsession.compat;

import io.thirdsession.http.Answer;
import io.thirdsession.http.Responder;
import io.thirdsession.session.Session;
import io.thirdsession.session.SessionService;
import io.thirdsession.user.ProfileService;
import io.thirdsession.user.ReportedProfile;
import java.util.Map;

/** {@code /setUserInfo.html}: keeps what {@code wx.getUserInfo} gave to the client. */
public final class SetUserInfoServlet extends SeedSessionServlet {
  private static final long serialVersionUID = 1L;

  private final transient ProfileService profiles;

  /** Answers through this responder. */
  public SetUserInfoServlet(Responder responder, SessionService sessions, ProfileService profiles) {
    super(responder, sessions);
    this.profiles = profiles;
  }

  @Override
  Answer answer(Session session, SeedParameters parameters, String baseUrl) {
    ReportedProfile reported = ReportedProfile.of(name -> parameters.value(name).orElse(""));
    profiles.change(session.userId(), reported.change());
    return Answer.json(Map.of("code", 0));
  }
}
