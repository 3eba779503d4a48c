package io.thirdsession.compat;

import io.thirdsession.http.Responder;
import io.thirdsession.http.Response;
import io.thirdsession.profile.SignedProfile;
import io.thirdsession.session.Caller;
import io.thirdsession.session.Session;
import io.thirdsession.session.SessionService;
import io.thirdsession.user.ProfileService;

/** {@code /checkSignature.html}: checks whether WeChat has signed a profile, and stores nothing. */
public final class CheckSignatureServlet extends SeedSessionServlet {
  private final ProfileService profiles;

  public CheckSignatureServlet(
      Responder responder, SessionService sessions, ProfileService profiles) {
    super(responder, sessions);
    this.profiles = profiles;
  }

  @Override
  Response answer(Caller caller, SeedParameters parameters) {
    SignedProfile signed =
        new SignedProfile(parameters.required("rawData"), parameters.required("signature"));
    Session session = caller.session();
    profiles.requireSigned(session.appId(), session.openId(), signed);
    return Response.json(Done.DONE);
  }
}
