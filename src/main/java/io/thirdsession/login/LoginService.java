package io.thirdsession.login;

import io.thirdsession.Deadline;
import io.thirdsession.Timer;
import io.thirdsession.audit.AuditEvent;
import io.thirdsession.audit.AuditTrail;
import io.thirdsession.audit.Subject;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.jdbc.Jdbc;
import io.thirdsession.json.Json;
import io.thirdsession.limit.Limit;
import io.thirdsession.limit.RateLimits;
import io.thirdsession.phone.PhoneService;
import io.thirdsession.session.SessionService;
import io.thirdsession.user.StoredPhone;
import io.thirdsession.user.UserService;
import io.thirdsession.wechat.CodeSession;
import io.thirdsession.wechat.WeChatClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns codes into sessions. However often one code arrives, there is one exchange for it: who
 * comes while it runs shares its outcome, and for a while after a success the same client gets the
 * same session again, because phones repeat requests by themselves. No thread and no connection is
 * held while WeChat thinks. Thread-safe.
 */
public final class LoginService {
  /** From the arrival of a request to its answer. */
  private static final Duration LOGIN = Duration.ofSeconds(5);

  /** Left for the database and the answer when WeChat is asked for a phone number. */
  private static final Duration AFTER_PHONE = Duration.ofMillis(1_500);

  /** Left for the answer when the whole phone has taken too long. */
  private static final Duration AFTER_LATE_PHONE = Duration.ofMillis(250);

  private static final int MOST_IN_FLIGHT = 2_000;
  private static final Logger log = LoggerFactory.getLogger(LoginService.class);

  private final WeChatClient weChat;
  private final LoginTransaction transaction;
  private final SessionService sessions;
  private final PhoneService phones;
  private final RateLimits limits;
  private final AuditTrail audit;
  private final Executor databaseExecutor;
  private final Timer timer;
  private final Clock clock;
  private final Semaphore inFlight = new Semaphore(MOST_IN_FLIGHT);
  private final LoginFlights flights;

  /**
   * Uses these parts.
   *
   * @param databaseExecutor runs transactions; rejects when too many wait
   */
  public LoginService(
      WeChatClient weChat,
      Jdbc jdbc,
      UserService users,
      SessionService sessions,
      PhoneService phones,
      RateLimits limits,
      AuditTrail audit,
      Executor databaseExecutor,
      Timer timer,
      Clock clock,
      RandomGenerator random) {
    this.weChat = weChat;
    this.transaction = new LoginTransaction(jdbc, users, sessions, clock, random);
    this.sessions = sessions;
    this.phones = phones;
    this.limits = limits;
    this.audit = audit;
    this.databaseExecutor = databaseExecutor;
    this.timer = timer;
    this.flights = new LoginFlights(timer);
    this.clock = clock;
  }

  /**
   * Returns the login of this code. The future ends within 5 seconds, the exchange goes on if that
   * is too early for it; it fails with an {@link ApiException}, a {@code WeChatException} or a
   * {@code StorageException}.
   */
  public CompletableFuture<Login> login(LoginRequest request) {
    limits.takeOfAddress(Limit.LOGIN, request.facts());
    return login(request, Deadline.in(LOGIN));
  }

  private CompletableFuture<Login> login(LoginRequest request, Deadline deadline) {
    LoginFlight.Key key =
        new LoginFlight.Key(request.app().appId(), request.code(), request.origin().keepsSession());
    LoginFlight mine = new LoginFlight(key, request.facts().clientAddress());
    Optional<LoginFlight> known = flights.begin(mine);
    if (known.isEmpty()) {
      return exchange(mine, request, deadline);
    }
    if (!known.get().outcome().isDone()) {
      return bounded(known.get(), deadline);
    }
    return again(known.get(), mine, request, deadline);
  }

  private CompletableFuture<Login> exchange(
      LoginFlight flight, LoginRequest request, Deadline deadline) {
    if (!inFlight.tryAcquire()) {
      ApiException overloaded = ApiException.of(ApiError.OVERLOADED, "too many logins in flight");
      flights.fail(flight, overloaded);
      auditFailure(request, overloaded);
      return flight.outcome().copy();
    }
    var unused =
        flight
            .outcome()
            .whenComplete(
                (login, failure) -> {
                  inFlight.release();
                  if (failure != null) {
                    auditFailure(request, failure);
                  }
                });
    Instant exchangedAt = clock.instant();
    try {
      var unusedExchange =
          weChat
              .codeToSession(request.app(), request.code(), deadline)
              .whenComplete(
                  (codeSession, failure) -> {
                    if (failure != null) {
                      flights.fail(flight, failure);
                    } else {
                      flight.weChatHasAnswered();
                      store(flight, request, codeSession, exchangedAt, deadline);
                    }
                  });
    } catch (RuntimeException e) {
      flights.fail(flight, e);
    }
    return bounded(flight, deadline);
  }

  private void auditFailure(LoginRequest request, Throwable failure) {
    audit.record(
        AuditEvent.LOGIN_FAILED,
        Subject.inApp(request.app().appId()),
        request.facts(),
        "error=" + ApiException.of(failure).error().code());
  }

  private void store(
      LoginFlight flight,
      LoginRequest request,
      CodeSession codeSession,
      Instant exchangedAt,
      Deadline deadline) {
    Runnable work =
        () -> {
          try {
            if (deadline.passed()) {
              throw flight.late(); // nobody waits any more; spare the database
            }
            takeLoginOf(codeSession.openId(), request);
            Login login = transaction.run(request, codeSession, exchangedAt, deadline);
            audit.record(
                AuditEvent.LOGIN,
                login.session().subject(),
                request.facts(),
                Json.write(request.device()),
                "newUser=" + login.newUser() + " origin=" + request.origin().label());
            if (request.phoneCode().isEmpty()) {
              flights.land(flight, login);
            } else {
              bindPhone(flight, login, request, deadline);
            }
          } catch (RuntimeException | Error e) {
            flights.fail(flight, e); // an answer and an empty place, whatever went wrong
          }
        };
    try {
      databaseExecutor.execute(work);
    } catch (RejectedExecutionException e) {
      flights.fail(
          flight,
          ApiException.of(
              ApiError.STORAGE_UNAVAILABLE_CODE_SPENT, "no thread is left for the database", e));
    }
  }

  private void takeLoginOf(String openId, LoginRequest request) {
    String appId = request.app().appId();
    try {
      limits.takeOfUser(
          Limit.LOGIN_USER, appId + " " + openId, Subject.inApp(appId), request.facts());
    } catch (ApiException e) {
      throw e.codeSpent();
    }
  }

  /** The login stands, whatever becomes of the phone. */
  private void bindPhone(LoginFlight flight, Login login, LoginRequest request, Deadline deadline) {
    CompletableFuture<StoredPhone> binding =
        phones.bindByCode(
            login.session(),
            request.phoneCode().orElseThrow(),
            deadline.earlier(AFTER_PHONE),
            request.facts());
    var unused =
        timer
            .within(
                deadline.earlier(AFTER_LATE_PHONE).leftAtMost(LOGIN),
                binding,
                () -> ApiException.of(ApiError.STORAGE_UNAVAILABLE_CODE_SPENT, "phone too late"))
            .handle(
                (phone, failure) -> {
                  if (failure == null) {
                    flights.land(flight, login.withPhone(phone));
                  } else {
                    ApiException e = ApiException.of(failure);
                    log.info(
                        "phone not bound at login user={} error={} request={} reason=\"{}\"",
                        login.user().id(),
                        e.error().code(),
                        request.facts().requestId(),
                        e.diagnosis());
                    flights.land(flight, login.withoutPhone(e.error()));
                  }
                  return null;
                });
  }

  /** Gives a success again: only to the client that had it, only while its session lives. */
  private CompletableFuture<Login> again(
      LoginFlight known, LoginFlight mine, LoginRequest request, Deadline deadline) {
    boolean good =
        !known.outcome().isCompletedExceptionally()
            && known.isFrom(request.facts().clientAddress())
            && (!known.key().keepsSession() || sessions.isLive(known.outcome().join().token()));
    if (good) {
      return known.outcome().copy();
    }
    // the code is spent, and WeChat is the one to say so
    return flights.replace(known, mine)
        ? exchange(mine, request, deadline)
        : login(request, deadline);
  }

  private CompletableFuture<Login> bounded(LoginFlight flight, Deadline deadline) {
    return timer.within(deadline.leftAtMost(LOGIN), flight.outcome(), flight::late);
  }
}
