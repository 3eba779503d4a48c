package io.thirdsession.login;

import io.thirdsession.Deadline;
import io.thirdsession.Futures;
import io.thirdsession.Timer;
import io.thirdsession.audit.Actor;
import io.thirdsession.audit.AuditEvent;
import io.thirdsession.audit.AuditTrail;
import io.thirdsession.audit.Subject;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.lazyimport.LazyImport;
import io.thirdsession.limit.Limit;
import io.thirdsession.limit.RateLimits;
import io.thirdsession.metrics.Counters;
import io.thirdsession.metrics.Metrics;
import io.thirdsession.metrics.Reading;
import io.thirdsession.phone.PhoneService;
import io.thirdsession.phonebook.OpenedPhone;
import io.thirdsession.session.Caller;
import io.thirdsession.session.SessionService;
import io.thirdsession.user.UnknownUserException;
import io.thirdsession.wechat.CodeSession;
import io.thirdsession.wechat.WeChatClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns codes into sessions. However often one client sends a code, there is one exchange for it:
 * requests that arrive while it runs share its outcome, and for a while after a success they get
 * the same session again, because phones repeat requests by themselves. No thread and no connection
 * is held while WeChat thinks. Thread-safe.
 */
public final class LoginService {
  /** From the arrival of a request to its response. */
  private static final Duration LOGIN = Duration.ofSeconds(5);

  /** Left for the database and the response when WeChat is asked for a phone number. */
  private static final Duration AFTER_PHONE = Duration.ofMillis(1_500);

  /** Left for the response when binding the phone has taken too long. */
  private static final Duration AFTER_LATE_PHONE = Duration.ofMillis(250);

  private static final int MAX_IN_FLIGHT = 2_000;
  private static final Logger log = LoggerFactory.getLogger(LoginService.class);

  private final WeChatClient weChat;
  private final LoginFlights flights;
  private final LoginBatches batches;
  private final LazyImport lazyImport;
  private final SessionService sessions;
  private final PhoneService phones;
  private final RateLimits limits;
  private final AuditTrail audit;
  private final Timer timer;
  private final Clock clock;
  private final Counters ended;
  private final Semaphore inFlight = new Semaphore(MAX_IN_FLIGHT);

  /** Asks WeChat and records what it says. */
  public LoginService(
      WeChatClient weChat,
      LoginFlights flights,
      LoginBatches batches,
      LazyImport lazyImport,
      SessionService sessions,
      PhoneService phones,
      RateLimits limits,
      AuditTrail audit,
      Timer timer,
      Clock clock,
      Metrics metrics) {
    this.weChat = weChat;
    this.flights = flights;
    this.batches = batches;
    this.lazyImport = lazyImport;
    this.sessions = sessions;
    this.phones = phones;
    this.limits = limits;
    this.audit = audit;
    this.timer = timer;
    this.clock = clock;
    this.ended =
        metrics.counters(
            "thirdsession_logins_total",
            "logins, one a code however often it is sent",
            "app",
            "origin",
            "outcome");
    metrics.gauges(
        "thirdsession_logins_in_flight",
        "logins under way",
        List.of(),
        () -> List.of(Reading.of(MAX_IN_FLIGHT - inFlight.availablePermits())));
  }

  /**
   * Returns the login of this code. The future ends within 5 seconds, the exchange goes on if that
   * is too early for it; it fails with an {@link ApiException} or a {@code WeChatException}.
   */
  public CompletableFuture<Login> login(LoginRequest request) {
    limits.takeOfAddress(Limit.LOGIN, request.facts());
    return joinOrExchange(request, Deadline.in(LOGIN));
  }

  private CompletableFuture<Login> joinOrExchange(LoginRequest request, Deadline deadline) {
    LoginFlight.Key key =
        new LoginFlight.Key(
            request.app().appId(),
            request.code(),
            request.origin().keepsSession(),
            request.facts().clientAddress());
    LoginFlight mine = new LoginFlight(key);
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
      failed(request, overloaded);
      return flight.outcome().copy();
    }
    var unused = flight.outcome().whenComplete((login, failure) -> afterFlight(request, failure));
    Instant at = clock.instant();
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
                      store(flight, request, codeSession, at, deadline);
                    }
                  });
    } catch (RuntimeException e) {
      flights.fail(flight, e);
    }
    return bounded(flight, deadline);
  }

  private void afterFlight(LoginRequest request, @Nullable Throwable failure) {
    inFlight.release();
    if (failure != null) {
      failed(request, failure);
    } else {
      count(request, "success");
    }
  }

  private void failed(LoginRequest request, Throwable failure) {
    String error = ApiException.of(failure).error().code();
    count(request, error);
    audit.record(
        AuditEvent.LOGIN_FAILED,
        Actor.of(Subject.inApp(request.app().appId()), request.facts()),
        "error=" + error);
  }

  private void count(LoginRequest request, String outcome) {
    ended.of(request.app().appId(), request.origin().label(), outcome).increment();
  }

  private void store(
      LoginFlight flight,
      LoginRequest request,
      CodeSession codeSession,
      Instant at,
      Deadline deadline) {
    try {
      takeLoginOf(codeSession.openId(), request);
      var unused =
          record(request, codeSession, at, deadline)
              .whenComplete((login, failure) -> end(flight, request, login, failure, deadline));
    } catch (RuntimeException e) {
      failAfterWeChat(flight, e);
    }
  }

  /** Whoever is new here may be known to the operator's own system. */
  private CompletableFuture<Login> record(
      LoginRequest request, CodeSession codeSession, Instant at, Deadline deadline) {
    if (!lazyImport.isOn()) {
      return batches.run(request, codeSession, at, deadline);
    }
    return batches
        .runIfKnown(request, codeSession, at, deadline)
        .exceptionallyCompose(
            failure ->
                Futures.cause(failure) instanceof UnknownUserException
                    ? lazyImport
                        .bring(
                            request.app().appId(),
                            codeSession.openId(),
                            codeSession.unionId(),
                            request.facts(),
                            deadline)
                        .thenCompose(done -> batches.run(request, codeSession, at, deadline))
                    : CompletableFuture.failedFuture(failure));
  }

  /** A response and an empty place, whatever goes wrong. */
  private void end(
      LoginFlight flight,
      LoginRequest request,
      @Nullable Login login,
      @Nullable Throwable failure,
      Deadline deadline) {
    if (failure != null) {
      failAfterWeChat(
          flight, Futures.cause(failure) instanceof LoginBatches.Late ? flight.late() : failure);
    } else if (login != null) {
      landOrBindPhone(flight, request, login, deadline);
    }
  }

  private void landOrBindPhone(
      LoginFlight flight, LoginRequest request, Login login, Deadline deadline) {
    try {
      audit.record(
          AuditEvent.LOGIN,
          new Caller(login.session(), request.facts()),
          request.device(),
          "newUser=" + login.newUser() + " origin=" + request.origin().label());
      if (request.phoneCode().isEmpty()) {
        flights.land(flight, login);
      } else {
        bindPhone(flight, login, request, deadline);
      }
    } catch (RuntimeException | Error e) {
      failAfterWeChat(flight, e);
    }
  }

  private void failAfterWeChat(LoginFlight flight, Throwable failure) {
    flights.fail(flight, ApiException.of(failure).codeSpent());
  }

  private void takeLoginOf(String openId, LoginRequest request) {
    String appId = request.app().appId();
    limits.takeOfUser(
        Limit.LOGIN_USER, appId + " " + openId, Actor.of(Subject.inApp(appId), request.facts()));
  }

  /** The login has succeeded, whether the phone is bound or not. */
  private void bindPhone(LoginFlight flight, Login login, LoginRequest request, Deadline deadline) {
    CompletableFuture<OpenedPhone> binding =
        phones.bindByCode(
            new Caller(login.session(), request.facts()),
            request.phoneCode().orElseThrow(),
            deadline.earlier(AFTER_PHONE));
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
                        request.facts().loggedId(),
                        e.diagnosis());
                    flights.land(flight, login.withoutPhone(e.error()));
                  }
                  return null;
                });
  }

  /** Returns a success again: only to the client that had it, only while its session lives. */
  private CompletableFuture<Login> again(
      LoginFlight known, LoginFlight mine, LoginRequest request, Deadline deadline) {
    boolean good =
        !known.outcome().isCompletedExceptionally()
            && (!known.key().keepsSession() || sessions.isLive(known.outcome().join().token()));
    if (good) {
      return known.outcome().copy();
    }
    // the code is spent, and WeChat is the one to say so
    return flights.replace(known, mine)
        ? exchange(mine, request, deadline)
        : joinOrExchange(request, deadline);
  }

  private CompletableFuture<Login> bounded(LoginFlight flight, Deadline deadline) {
    return timer.within(deadline.leftAtMost(LOGIN), flight.outcome(), flight::late);
  }
}
