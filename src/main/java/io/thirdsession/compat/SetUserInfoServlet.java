package io.thirdsession.compat;

import io.thirdsession.http.Responder;
import io.thirdsession.http.Response;
import io.thirdsession.limit.Limit;
import io.thirdsession.limit.RateLimits;
import io.thirdsession.profile.ReportedProfile;
import io.thirdsession.session.Caller;
import io.thirdsession.session.SessionService;
import io.thirdsession.user.ProfileService;

/** {@code /setUserInfo.html}: stores the profile that {@code wx.getUserInfo} gave to the client. */
public final class SetUserInfoServlet extends SeedSessionServlet {
  private final ProfileService profiles;
  private final RateLimits limits;

  public SetUserInfoServlet(
      Responder responder, SessionService sessions, ProfileService profiles, RateLimits limits) {
    super(responder, sessions);
    this.profiles = profiles;
    this.limits = limits;
  }

  @Override
  Response answer(Caller caller, SeedParameters parameters) {
    limits.takeOfUser(Limit.ACCOUNT_USER, caller);
    ReportedProfile reported = ReportedProfile.of(name -> parameters.value(name).orElse(""));
    profiles.change(caller.userId(), reported.change(), caller.session().appId());
    return Response.json(Done.DONE);
  }
}
