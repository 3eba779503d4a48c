package io.thirdsession.login;

import static java.util.stream.Collectors.toMap;

import io.thirdsession.Deadline;
import io.thirdsession.Uuid7;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.jdbc.Jdbc;
import io.thirdsession.jdbc.StorageException;
import io.thirdsession.jdbc.Transaction;
import io.thirdsession.session.NewSession;
import io.thirdsession.session.NewSessions;
import io.thirdsession.session.Session;
import io.thirdsession.user.AppLogin;
import io.thirdsession.user.LoginRecorder;
import io.thirdsession.user.RecordedLogin;
import io.thirdsession.user.UserDisabledException;
import io.thirdsession.wechat.CodeSession;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one transaction of a login, or of several together: identity, user, keys and session, all or
 * nothing. Thread-safe.
 */
public final class LoginTransaction implements LoginBatches.Recorder {
  private static final int MAX_TRIES = 4;
  private static final Logger log = LoggerFactory.getLogger(LoginTransaction.class);

  private final Jdbc jdbc;
  private final LoginRecorder recorder;
  private final NewSessions sessions;
  private final RandomGenerator random;

  public LoginTransaction(
      Jdbc jdbc, LoginRecorder recorder, NewSessions sessions, RandomGenerator random) {
    this.jdbc = jdbc;
    this.recorder = recorder;
    this.sessions = sessions;
    this.random = random;
  }

  /**
   * Draws ids and token of a login, once: a repeated unit of work then finds its own traces.
   *
   * @param at when the code was sent to WeChat: the one time of user, keys and session
   */
  @Override
  public ConfirmedLogin confirmed(LoginRequest request, CodeSession codeSession, Instant at) {
    AppLogin appLogin =
        new AppLogin(
            request.app().appId(),
            codeSession,
            request.profile(),
            Uuid7.next(at, random),
            Uuid7.next(at, random),
            at,
            true);
    return new ConfirmedLogin(request, appLogin, sessions.mint(at));
  }

  /**
   * Records the login and returns its session.
   *
   * @throws ApiException {@code user_disabled}
   * @throws io.thirdsession.user.UnknownUserException if it would make a new user and must not
   * @throws StorageException if the database is away
   */
  @Override
  public Login record(ConfirmedLogin login, Deadline deadline) {
    try {
      return recordUntilKnown(login, deadline);
    } catch (UserDisabledException e) {
      throw ApiException.of(ApiError.USER_DISABLED, "an operator disabled this user");
    }
  }

  @Override
  public Map<ConfirmedLogin, Login> recordPlain(List<ConfirmedLogin> logins, Deadline deadline) {
    return jdbc.inTransaction(deadline, tx -> recordPlainOnce(tx, logins));
  }

  private Map<ConfirmedLogin, Login> recordPlainOnce(
      Transaction transaction, List<ConfirmedLogin> logins) {
    Map<AppLogin, RecordedLogin> plain =
        recorder.recordPlain(transaction, logins.stream().map(ConfirmedLogin::appLogin).toList());
    List<Recorded> recorded =
        logins.stream()
            .flatMap(
                login ->
                    Optional.ofNullable(plain.get(login.appLogin()))
                        .map(known -> new Recorded(login, known))
                        .stream())
            .toList();
    begin(transaction, recorded);
    return recorded.stream().collect(toMap(Recorded::confirmed, this::toLogin));
  }

  /**
   * Two first logins of one user: the quicker one wins, and to the other the user is then known;
   * unless the user was erased in between, and a third was quicker again.
   */
  private Login recordUntilKnown(ConfirmedLogin login, Deadline deadline) {
    for (int i = 1; i < MAX_TRIES; i++) {
      try {
        return jdbc.inTransaction(deadline, tx -> recordOnce(tx, login));
      } catch (StorageException.DuplicateKey e) {
        log.debug("another first login of the same user was quicker");
      }
    }
    return jdbc.inTransaction(deadline, tx -> recordOnce(tx, login));
  }

  private Login recordOnce(Transaction transaction, ConfirmedLogin login) {
    Recorded recorded = new Recorded(login, recorder.record(transaction, login.appLogin()));
    begin(transaction, List.of(recorded));
    return toLogin(recorded);
  }

  private void begin(Transaction transaction, List<Recorded> logins) {
    sessions.begin(
        transaction,
        logins.stream()
            .filter(login -> login.confirmed().request().origin().keepsSession())
            .map(LoginTransaction::newSession)
            .toList());
  }

  private Login toLogin(Recorded login) {
    NewSession newSession = newSession(login);
    Session session =
        login.confirmed().request().origin().keepsSession()
            ? sessions.begun(newSession)
            : sessions.passing(newSession);
    return new Login(
        login.confirmed().token(),
        session,
        login.recorded().user(),
        login.recorded().newUser(),
        Optional.empty(),
        Optional.empty());
  }

  private static NewSession newSession(Recorded login) {
    ConfirmedLogin confirmed = login.confirmed();
    LoginRequest request = confirmed.request();
    return new NewSession(
        confirmed.token(),
        confirmed.appLogin().at(),
        login.recorded().identity(),
        request.origin(),
        request.facts().clientAddress(),
        request.device(),
        request.replaced());
  }

  /** A login, and whose it is. */
  private record Recorded(ConfirmedLogin confirmed, RecordedLogin recorded) {}
}
