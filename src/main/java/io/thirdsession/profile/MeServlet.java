package io.thirdsession.profile;

import io.thirdsession.http.Answer;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.JsonFields;
import io.thirdsession.http.Responder;
import io.thirdsession.session.RequestAuthenticator;
import io.thirdsession.session.Session;
import io.thirdsession.user.ProfileChange;
import io.thirdsession.user.ProfileService;
import io.thirdsession.user.UserAnswer;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;

/** {@code GET /api/me}: who am I. {@code PUT}, or {@code POST}: change the fields that are sent. */
public final class MeServlet extends ApiServlet {
  private static final long serialVersionUID = 1L;
  private static final Set<String> CHANGING = Set.of("PUT", "POST");

  private final transient RequestAuthenticator authenticator;
  private final transient ProfileService profiles;

  /** Answers through this responder. */
  public MeServlet(
      Responder responder, RequestAuthenticator authenticator, ProfileService profiles) {
    super(responder, "GET", "HEAD", "PUT", "POST");
    this.authenticator = authenticator;
    this.profiles = profiles;
  }

  @Override
  protected Answer answer(HttpServletRequest request) {
    Session session = authenticator.require(request);
    if (!CHANGING.contains(request.getMethod())) {
      return Answer.json(UserAnswer.of(profiles.find(session.userId())));
    }
    JsonFields fields = JsonFields.of(request);
    ProfileChange change = ProfileChange.sent(fields);
    fields.end();
    return Answer.json(UserAnswer.of(profiles.change(session.userId(), change)));
  }
}
