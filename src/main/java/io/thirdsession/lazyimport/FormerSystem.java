package io.thirdsession.lazyimport;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.thirdsession.Deadline;
import io.thirdsession.Futures;
import io.thirdsession.Secret;
import io.thirdsession.Timer;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.JsonFields;
import io.thirdsession.json.Json;
import io.thirdsession.metrics.Metrics;
import io.thirdsession.metrics.Reading;
import io.thirdsession.metrics.Timings;
import io.thirdsession.user.ImportedUser;
import io.thirdsession.user.ImportedUserReader;
import io.thirdsession.wechat.BoundedBody;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The operator's own system, which knows users who are new here. No thread waits for it. While most
 * questions fail none are put, and only so many at once. Thread-safe.
 */
public final class FormerSystem {
  /** For the whole exchange: somebody is waiting to be logged in. */
  private static final Duration ANSWER = Duration.ofSeconds(1);

  private static final int MAX_LENGTH = 16 * 1024;
  private static final int MAX_AT_ONCE = 100;
  private static final int OK = 200;
  private static final int NO_CONTENT = 204;
  private static final int NOT_FOUND = 404;

  private final HttpClient client;
  private final Timer timer;
  private final Optional<URI> url;
  private final Supplier<Optional<Secret>> secret;
  private final ImportedUserReader reader;
  private final Duration answer;
  private final Timings times;
  private final Semaphore free = new Semaphore(MAX_AT_ONCE);
  private final CircuitBreaker breaker =
      CircuitBreaker.of(
          "import",
          CircuitBreakerConfig.custom()
              .slidingWindowType(SlidingWindowType.TIME_BASED)
              .slidingWindowSize(10)
              .minimumNumberOfCalls(20)
              .failureRateThreshold(50)
              .waitDurationInOpenState(Duration.ofSeconds(2))
              .permittedNumberOfCallsInHalfOpenState(1)
              .maxWaitDurationInHalfOpenState(Duration.ofSeconds(10))
              .recordException(
                  failure -> failure instanceof NoAnswer no && no.outcome().isOfTheirSystem())
              .build());

  /**
   * Uses this HTTP client, which must not follow redirects.
   *
   * @param url IMPORT_URL; empty: there is no such system
   * @param secret the current IMPORT_SECRET
   */
  public FormerSystem(
      HttpClient client,
      Timer timer,
      Optional<URI> url,
      Supplier<Optional<Secret>> secret,
      ImportedUserReader reader,
      Metrics metrics) {
    this(client, timer, url, secret, reader, ANSWER, metrics);
  }

  FormerSystem(
      HttpClient client,
      Timer timer,
      Optional<URI> url,
      Supplier<Optional<Secret>> secret,
      ImportedUserReader reader,
      Duration answer,
      Metrics metrics) {
    this.client = client;
    this.timer = timer;
    this.url = url;
    this.secret = secret;
    this.reader = reader;
    this.answer = answer;
    this.times =
        metrics.timings(
            "thirdsession_import_call_seconds",
            "questions to IMPORT_URL about users who are new here",
            "outcome");
    metrics.gauges(
        "thirdsession_import_breaker_state",
        "whether IMPORT_URL is asked: 0 yes, 1 by one question that tries, 2 no",
        List.of(),
        this::state);
  }

  private List<Reading> state() {
    if (!isThere()) {
      return List.of();
    }
    return List.of(
        Reading.of(
            switch (breaker.getState()) {
              case OPEN, FORCED_OPEN -> 2;
              case HALF_OPEN -> 1;
              default -> 0;
            }));
  }

  boolean isThere() {
    return url.isPresent();
  }

  /**
   * Returns what they say about the user; empty if they do not know them. The future fails with
   * {@link NoAnswer} only.
   */
  CompletableFuture<Optional<ImportedUser>> find(Asked asked, Deadline deadline) {
    Deadline until = Deadline.in(deadline.leftAtMost(answer));
    if (until.passed()) {
      return notAsked("no time is left to ask");
    }
    if (!free.tryAcquire()) {
      return notAsked(MAX_AT_ONCE + " questions are open");
    }
    if (!breaker.tryAcquirePermission()) {
      free.release();
      return notAsked("most questions have been failing");
    }
    long startedNanos = System.nanoTime();
    return begun(asked, until)
        .handle((response, failure) -> read(asked, response, failure))
        .whenComplete(
            (found, failure) -> {
              if (failure == null) {
                answered(startedNanos, found.isPresent() ? Outcome.KNOWN : Outcome.UNKNOWN);
              } else {
                failed(startedNanos, Futures.cause(failure));
              }
            });
  }

  private CompletableFuture<Optional<ImportedUser>> notAsked(String why) {
    times.of(Outcome.NOT_ASKED.label()).addSince(System.nanoTime());
    return CompletableFuture.failedFuture(new NoAnswer(Outcome.NOT_ASKED, why));
  }

  private void answered(long startedNanos, Outcome outcome) {
    free.release();
    breaker.onSuccess(System.nanoTime() - startedNanos, NANOSECONDS);
    times.of(outcome.label()).addSince(startedNanos);
  }

  private void failed(long startedNanos, Throwable cause) {
    free.release();
    breaker.onError(System.nanoTime() - startedNanos, NANOSECONDS, cause);
    Outcome outcome = cause instanceof NoAnswer no ? no.outcome() : Outcome.NOT_ASKED;
    times.of(outcome.label()).addSince(startedNanos);
  }

  /** What is thrown becomes a failed future: the breaker must hear of every question. */
  private CompletableFuture<HttpResponse<byte[]>> begun(Asked asked, Deadline until) {
    try {
      return send(request(asked), until, true);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private HttpRequest request(Asked asked) {
    return HttpRequest.newBuilder(url.orElseThrow())
        .header("Content-Type", "application/json")
        .header("Accept", "application/json")
        .header("Authorization", "Bearer " + secret.get().map(Secret::text).orElse(""))
        .POST(HttpRequest.BodyPublishers.ofString(Json.write(asked)))
        .build();
  }

  /**
   * Asks once more if the connection broke: one that has been idle may be closed by the other side
   * at the very moment at which it is used, and a question can be repeated.
   */
  private CompletableFuture<HttpResponse<byte[]>> send(
      HttpRequest request, Deadline until, boolean onceMore) {
    CompletableFuture<HttpResponse<byte[]>> sent =
        client.sendAsync(request, info -> new BoundedBody(MAX_LENGTH));
    return timer
        .within(until.leftAtMost(answer), sent, TimeoutException::new)
        .whenComplete((response, failure) -> sent.cancel(true)) // a body may still be coming
        .exceptionallyCompose(
            failure ->
                onceMore && isBroken(Futures.cause(failure))
                    ? send(request, until, false)
                    : CompletableFuture.failedFuture(failure));
  }

  private static boolean isBroken(Throwable cause) {
    return cause instanceof IOException
        && !(cause instanceof ConnectException
            || cause instanceof HttpConnectTimeoutException
            || cause instanceof SSLException
            || cause instanceof BoundedBody.TooLarge);
  }

  private Optional<ImportedUser> read(
      Asked asked, @Nullable HttpResponse<byte[]> response, @Nullable Throwable failure) {
    if (response == null) {
      throw noResponse(failure == null ? new TimeoutException() : Futures.cause(failure));
    }
    return switch (response.statusCode()) {
      case NO_CONTENT, NOT_FOUND -> Optional.empty();
      case OK -> Optional.of(user(asked, fields(response.body())));
      default -> throw new NoAnswer(Outcome.STATUS, "status=" + response.statusCode());
    };
  }

  private NoAnswer noResponse(Throwable cause) {
    if (cause instanceof TimeoutException) {
      return new NoAnswer(Outcome.TIMEOUT, "no whole response within " + answer.toMillis() + " ms");
    }
    if (cause instanceof BoundedBody.TooLarge) {
      return new NoAnswer(Outcome.MALFORMED, "a response of more than " + MAX_LENGTH + " bytes");
    }
    return new NoAnswer(Outcome.UNREACHABLE, cause.getClass().getSimpleName());
  }

  private static JsonFields fields(byte[] body) {
    try {
      return JsonFields.ofLine(body);
    } catch (ApiException e) {
      throw new NoAnswer(Outcome.MALFORMED, e.diagnosis());
    }
  }

  private ImportedUser user(Asked asked, JsonFields fields) {
    if (!fields.shown("appid").equals(asked.appid())
        || !fields.shown("openid").equals(asked.openid())) {
      throw new NoAnswer(Outcome.OTHER_USER, "appid and openid must be those of the question");
    }
    try {
      return reader.read(fields);
    } catch (ApiException e) {
      throw new NoAnswer(Outcome.INVALID, e.diagnosis());
    }
  }

  /**
   * Whom a question is about: its body.
   *
   * @param unionid if WeChat told one
   */
  record Asked(String appid, String openid, Optional<String> unionid) {
    /** Says no more than which app it is: it is somebody's. */
    @Override
    public String toString() {
      return "Asked[appid=" + appid + "]";
    }
  }
}
