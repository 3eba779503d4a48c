package io.thirdsession.me;

import io.thirdsession.http.ApiException;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.JsonFields;
import io.thirdsession.http.Responder;
import io.thirdsession.http.Response;
import io.thirdsession.limit.Limit;
import io.thirdsession.limit.RateLimits;
import io.thirdsession.profile.ReportedProfile;
import io.thirdsession.profile.SignedProfile;
import io.thirdsession.session.Caller;
import io.thirdsession.session.RequestAuthenticator;
import io.thirdsession.session.Session;
import io.thirdsession.user.ProfileService;
import io.thirdsession.user.UserResponses;
import io.thirdsession.wechat.WxResult;
import jakarta.servlet.http.HttpServletRequest;

/**
 * {@code POST /api/me/profile}: stores the profile from {@code wx.getUserInfo}, if WeChat has
 * signed it.
 */
public final class SignedProfileServlet extends ApiServlet {
  private final RequestAuthenticator authenticator;
  private final ProfileService profiles;
  private final UserResponses responses;
  private final RateLimits limits;

  public SignedProfileServlet(
      Responder responder,
      RequestAuthenticator authenticator,
      ProfileService profiles,
      UserResponses responses,
      RateLimits limits) {
    super(responder, "POST");
    this.authenticator = authenticator;
    this.profiles = profiles;
    this.responses = responses;
    this.limits = limits;
  }

  @Override
  protected Response answer(HttpServletRequest request) {
    Caller caller = authenticator.require(request);
    limits.takeOfUser(Limit.ACCOUNT_USER, caller);
    JsonFields fields = JsonFields.of(request);
    SignedProfile signed =
        new SignedProfile(required(fields, "rawData"), required(fields, "signature"));
    fields.readPast(WxResult.PROFILE_FIELDS);
    fields.end();
    Session session = caller.session();
    profiles.requireSigned(session.appId(), session.openId(), signed);
    JsonFields rawData = JsonFields.within("rawData", signed.rawData());
    ReportedProfile reported = ReportedProfile.of(rawData::shown);
    return Response.json(
        responses.of(
            profiles.change(caller.userId(), reported.change(), caller.session().appId()),
            caller.facts().baseUrl()));
  }

  private static String required(JsonFields fields, String name) {
    return fields.optionalString(name).orElseThrow(() -> ApiException.invalid(name, "is missing"));
  }
}
