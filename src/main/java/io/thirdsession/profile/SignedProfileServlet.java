package io.thirdsession.profile;

import io.thirdsession.http.Answer;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.JsonFields;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.http.Responder;
import io.thirdsession.session.RequestAuthenticator;
import io.thirdsession.session.Session;
import io.thirdsession.user.ProfileService;
import io.thirdsession.user.ReportedProfile;
import io.thirdsession.user.SignedProfile;
import io.thirdsession.user.UserAnswers;
import jakarta.servlet.http.HttpServletRequest;

/** {@code POST /api/me/profile}: what {@code wx.getUserInfo} gave, if WeChat has signed it. */
public final class SignedProfileServlet extends ApiServlet {
  private static final long serialVersionUID = 1L;

  private final transient RequestAuthenticator authenticator;
  private final transient ProfileService profiles;
  private final transient UserAnswers answers;

  /** Answers through this responder. */
  public SignedProfileServlet(
      Responder responder,
      RequestAuthenticator authenticator,
      ProfileService profiles,
      UserAnswers answers) {
    super(responder, "POST");
    this.authenticator = authenticator;
    this.profiles = profiles;
    this.answers = answers;
  }

  @Override
  protected Answer answer(HttpServletRequest request) {
    Session session = authenticator.require(request);
    JsonFields fields = JsonFields.of(request);
    SignedProfile signed =
        new SignedProfile(required(fields, "rawData"), required(fields, "signature"));
    fields.end();
    profiles.requireSigned(session.appId(), session.openId(), signed);
    JsonFields rawData = JsonFields.within("rawData", signed.rawData());
    ReportedProfile reported = ReportedProfile.of(rawData::shown);
    return Answer.json(
        answers.of(
            profiles.change(session.userId(), reported.change()),
            RequestFacts.of(request).baseUrl()));
  }

  private static String required(JsonFields fields, String name) {
    return fields.optionalText(name).orElseThrow(() -> ApiException.invalid(name, "is missing"));
  }
}
