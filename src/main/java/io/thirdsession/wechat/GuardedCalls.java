package io.thirdsession.wechat;

import static io.thirdsession.wechat.WeChatException.Kind.BUSY;
import static io.thirdsession.wechat.WeChatException.Kind.MALFORMED;
import static io.thirdsession.wechat.WeChatException.Kind.OVERLOADED;
import static io.thirdsession.wechat.WeChatException.Kind.TIMEOUT;
import static io.thirdsession.wechat.WeChatException.Kind.UNREACHABLE;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.thirdsession.Deadline;
import io.thirdsession.Timer;
import io.thirdsession.metrics.Reading;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Calls that are made once more when WeChat is busy, and not at all while most of them fail. When
 * it is time to try again, one call is let out and the others wait for its outcome. Each family of
 * calls has one of its own: what fails in one must not deny the other. Thread-safe.
 */
final class GuardedCalls {
  private static final Set<WeChatException.Kind> FAILURES_OF_INFRASTRUCTURE =
      Set.of(BUSY, UNREACHABLE, TIMEOUT, MALFORMED);

  private static final int BUSY_PAUSE_MILLIS = 100;
  private static final int BUSY_PAUSE_SPREAD_MILLIS = 200;

  /** A second call after "busy" is not begun if less than this is left. */
  private static final Duration SECOND_CALL = Duration.ofMillis(1_500);

  /** Left for a call that has waited for another's trial. */
  private static final Duration CALL_AFTER_TRIAL = Duration.ofSeconds(1);

  /** Longer than a trial lasts. */
  private static final Duration MAX_WAIT_FOR_TRIAL = Duration.ofSeconds(10);

  private final Timer timer;
  private final RandomGenerator random;
  private final CircuitBreaker breaker;
  private final CallMeter meter;

  /** Completes when the trial that is under way, or the next one, has ended. */
  private volatile CompletableFuture<Void> trial = new CompletableFuture<>();

  GuardedCalls(String family, Timer timer, RandomGenerator random, CallMeter meter) {
    this.meter = meter;
    this.timer = timer;
    this.random = random;
    this.breaker =
        CircuitBreaker.of(
            family,
            CircuitBreakerConfig.custom()
                .slidingWindowType(SlidingWindowType.TIME_BASED)
                .slidingWindowSize(10)
                .minimumNumberOfCalls(20)
                .failureRateThreshold(50)
                .waitDurationInOpenState(Duration.ofSeconds(2))
                .permittedNumberOfCallsInHalfOpenState(1)
                .maxWaitDurationInHalfOpenState(Duration.ofSeconds(10))
                .recordException(GuardedCalls::isFailureOfInfrastructure)
                .build());
    breaker
        .getEventPublisher()
        .onStateTransition(
            event -> {
              if (event.getStateTransition().getFromState() == State.HALF_OPEN) {
                CompletableFuture<Void> ended = trial;
                trial = new CompletableFuture<>();
                ended.complete(null);
              }
            });
  }

  /** Returns whether calls are made: 0 as ever, 1 one is let out to see, 2 none are. */
  Reading state() {
    int state =
        switch (breaker.getState()) {
          case OPEN, FORCED_OPEN -> 2;
          case HALF_OPEN -> 1;
          default -> 0;
        };
    return Reading.of(state, breaker.getName());
  }

  /** Returns the outcome of the call. */
  <T> CompletableFuture<T> make(
      WeChatCall name, Supplier<CompletableFuture<T>> call, Deadline deadline) {
    return guarded(name, call, deadline)
        .exceptionallyCompose(
            failure -> {
              if (WeChatException.of(failure).kind() != BUSY || !deadline.leaves(SECOND_CALL)) {
                return CompletableFuture.failedFuture(failure);
              }
              int pause = BUSY_PAUSE_MILLIS + random.nextInt(BUSY_PAUSE_SPREAD_MILLIS + 1);
              CompletableFuture<Void> later = new CompletableFuture<>();
              timer.after(Duration.ofMillis(pause), () -> later.complete(null));
              return later.thenCompose(ignored -> guarded(name, call, deadline));
            });
  }

  private <T> CompletableFuture<T> guarded(
      WeChatCall name, Supplier<CompletableFuture<T>> call, Deadline deadline) {
    CompletableFuture<Void> outcome = trial; // before the state: then it cannot be missed
    if (!breaker.tryAcquirePermission()) {
      return breaker.getState() == State.OPEN
          ? CompletableFuture.failedFuture(notAsked())
          : afterTrial(outcome, name, call, deadline);
    }
    long startedNanos = System.nanoTime();
    return attempted(call)
        .whenComplete(
            (result, failure) -> {
              long nanos = System.nanoTime() - startedNanos;
              meter.ended(name, startedNanos, failure == null ? null : WeChatException.of(failure));
              if (failure == null) {
                breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
              } else {
                breaker.onError(nanos, TimeUnit.NANOSECONDS, WeChatException.of(failure));
              }
            });
  }

  /** Nobody is refused because somebody else is just finding out that WeChat is well again. */
  private <T> CompletableFuture<T> afterTrial(
      CompletableFuture<Void> outcome,
      WeChatCall name,
      Supplier<CompletableFuture<T>> call,
      Deadline deadline) {
    Duration patience = deadline.earlier(CALL_AFTER_TRIAL).leftAtMost(MAX_WAIT_FOR_TRIAL);
    try {
      return timer
          .within(patience, outcome, GuardedCalls::notAsked)
          .thenCompose(ended -> guarded(name, call, deadline));
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(notAsked()); // everything closes
    }
  }

  private static WeChatException notAsked() {
    return WeChatException.of(OVERLOADED, "most calls have been failing, WeChat is not asked");
  }

  /**
   * What is thrown becomes a failed future: the breaker must hear of every call that it let out.
   */
  private static <T> CompletableFuture<T> attempted(Supplier<CompletableFuture<T>> call) {
    try {
      return call.get();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(
          WeChatException.of(OVERLOADED, "not sent: " + e.getClass().getSimpleName()));
    }
  }

  private static boolean isFailureOfInfrastructure(Throwable failure) {
    // an errcode that we do not know may be the caller's fault, and must not deny login to others
    return failure instanceof WeChatException e
        && FAILURES_OF_INFRASTRUCTURE.contains(e.kind())
        && (e.kind() != MALFORMED || e.errcode().isEmpty());
  }
}
