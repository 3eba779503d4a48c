package io.thirdsession.login;

import io.thirdsession.Deadline;
import io.thirdsession.Uuid7;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.jdbc.Jdbc;
import io.thirdsession.jdbc.StorageException;
import io.thirdsession.jdbc.Transaction;
import io.thirdsession.json.Json;
import io.thirdsession.session.NewSession;
import io.thirdsession.session.Session;
import io.thirdsession.session.SessionService;
import io.thirdsession.session.SessionToken;
import io.thirdsession.user.AppLogin;
import io.thirdsession.user.RecordedLogin;
import io.thirdsession.user.UserDisabledException;
import io.thirdsession.user.UserService;
import io.thirdsession.wechat.CodeSession;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one transaction of a login: identity, user, keys and session, all or nothing. Thread-safe.
 */
final class LoginTransaction {
  private static final int MOST_TRIES = 4;
  private static final Logger log = LoggerFactory.getLogger(LoginTransaction.class);

  private final Jdbc jdbc;
  private final UserService users;
  private final SessionService sessions;
  private final Clock clock;
  private final RandomGenerator random;

  LoginTransaction(
      Jdbc jdbc, UserService users, SessionService sessions, Clock clock, RandomGenerator random) {
    this.jdbc = jdbc;
    this.users = users;
    this.sessions = sessions;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Records the login and returns its session.
   *
   * @throws ApiException {@code user_disabled}, or {@code storage_unavailable} with the code spent
   */
  Login run(LoginRequest request, CodeSession codeSession, Instant exchangedAt, Deadline deadline) {
    // drawn once: a repeated unit of work then finds its own traces
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    AppLogin appLogin =
        new AppLogin(
            request.app().appId(),
            codeSession,
            exchangedAt.truncatedTo(ChronoUnit.MILLIS),
            request.profile(),
            Uuid7.next(now, random),
            Uuid7.next(now, random),
            now);
    SessionToken token = sessions.mint();
    try {
      return record(request, appLogin, token, deadline);
    } catch (UserDisabledException e) {
      throw ApiException.of(ApiError.USER_DISABLED, "an operator disabled this user");
    } catch (StorageException e) {
      if (!e.isUnavailable()) {
        throw e;
      }
      throw ApiException.of(
          ApiError.STORAGE_UNAVAILABLE_CODE_SPENT, "database: " + e.getMessage(), e);
    }
  }

  /**
   * Two first logins of one user: the quicker one wins, and to the other the user is then known;
   * unless the user was erased in between, and a third was quicker again.
   */
  private Login record(
      LoginRequest request, AppLogin appLogin, SessionToken token, Deadline deadline) {
    for (int i = 1; i < MOST_TRIES; i++) {
      try {
        return jdbc.inTransaction(deadline, tx -> record(tx, request, appLogin, token));
      } catch (StorageException.DuplicateKey e) {
        log.debug("another first login of the same user was quicker");
      }
    }
    return jdbc.inTransaction(deadline, tx -> record(tx, request, appLogin, token));
  }

  private Login record(
      Transaction transaction, LoginRequest request, AppLogin appLogin, SessionToken token) {
    RecordedLogin recorded = users.recordLogin(transaction, appLogin);
    NewSession newSession =
        new NewSession(
            token,
            recorded.identity(),
            request.origin(),
            request.facts().clientAddress(),
            Json.write(request.device()),
            request.replaced());
    Session session =
        request.origin().keepsSession()
            ? sessions.begin(transaction, newSession)
            : sessions.passing(newSession);
    return new Login(token, session, recorded.user(), recorded.newUser(), Optional.empty());
  }
}
