package io.thirdsession.profile;

import io.thirdsession.audit.AuditEvent;
import io.thirdsession.audit.AuditTrail;
import io.thirdsession.http.Answer;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.JsonFields;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.http.Responder;
import io.thirdsession.session.RequestAuthenticator;
import io.thirdsession.session.Session;
import io.thirdsession.user.ProfileChange;
import io.thirdsession.user.ProfileService;
import io.thirdsession.user.UserAnswers;
import io.thirdsession.user.UserService;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;

/**
 * {@code GET /api/me}: who am I. {@code PUT}, or {@code POST}: change the fields that are sent.
 * {@code DELETE}: erase me, after a fresh login.
 */
public final class MeServlet extends ApiServlet {
  private static final long serialVersionUID = 1L;
  private static final Set<String> CHANGING = Set.of("PUT", "POST");

  private final transient RequestAuthenticator authenticator;
  private final transient ProfileService profiles;
  private final transient UserService users;
  private final transient UserAnswers answers;
  private final transient AuditTrail audit;

  /** Answers through this responder. */
  public MeServlet(
      Responder responder,
      RequestAuthenticator authenticator,
      ProfileService profiles,
      UserService users,
      UserAnswers answers,
      AuditTrail audit) {
    super(responder, "GET", "HEAD", "PUT", "POST", "DELETE");
    this.authenticator = authenticator;
    this.profiles = profiles;
    this.users = users;
    this.answers = answers;
    this.audit = audit;
  }

  @Override
  protected Answer answer(HttpServletRequest request) {
    if (request.getMethod().equals("DELETE")) {
      return erase(request);
    }
    Session session = authenticator.require(request);
    String baseUrl = RequestFacts.of(request).baseUrl();
    if (!CHANGING.contains(request.getMethod())) {
      return Answer.json(answers.of(profiles.find(session.userId()), baseUrl));
    }
    JsonFields fields = JsonFields.of(request);
    ProfileChange change = ProfileChange.sent(fields, baseUrl);
    fields.end();
    return Answer.json(answers.of(profiles.change(session.userId(), change), baseUrl));
  }

  private Answer erase(HttpServletRequest request) {
    Session session = authenticator.requireFresh(request);
    users.erase(session.userId());
    audit.record(AuditEvent.ERASED, session.subject(), RequestFacts.of(request), "");
    return Answer.noContent();
  }
}
