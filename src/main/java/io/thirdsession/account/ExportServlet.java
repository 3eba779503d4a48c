package io.thirdsession.account;

import io.thirdsession.http.Answer;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.Responder;
import io.thirdsession.session.RequestAuthenticator;
import io.thirdsession.session.Session;
import io.thirdsession.session.SessionService;
import io.thirdsession.user.ProfileService;
import io.thirdsession.user.UserAnswer;
import io.thirdsession.user.UserService;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;

/**
 * {@code GET /api/me/export}: everything that is held of the user, for the user to take along.
 * Wants a fresh login, which a phone gets silently and whoever stole its token does not.
 */
public final class ExportServlet extends ApiServlet {
  private static final long serialVersionUID = 1L;

  private final transient RequestAuthenticator authenticator;
  private final transient ProfileService profiles;
  private final transient UserService users;
  private final transient SessionService sessions;
  private final transient Clock clock;

  /** Answers through this responder. */
  public ExportServlet(
      Responder responder,
      RequestAuthenticator authenticator,
      ProfileService profiles,
      UserService users,
      SessionService sessions,
      Clock clock) {
    super(responder, "GET");
    this.authenticator = authenticator;
    this.profiles = profiles;
    this.users = users;
    this.sessions = sessions;
    this.clock = clock;
  }

  @Override
  protected Answer answer(HttpServletRequest request) {
    Session session = authenticator.requireFresh(request);
    return Answer.json(
        new Export(
            clock.instant(),
            UserAnswer.of(profiles.find(session.userId())),
            users.identities(session.userId()),
            sessions.ofUser(session.userId())));
  }
}
