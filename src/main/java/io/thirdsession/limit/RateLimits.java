package io.thirdsession.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.thirdsession.Throttle;
import io.thirdsession.audit.Actor;
import io.thirdsession.audit.AuditEvent;
import io.thirdsession.audit.AuditTrail;
import io.thirdsession.audit.Subject;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.metrics.Counter;
import io.thirdsession.metrics.Counters;
import io.thirdsession.metrics.Metrics;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Limits rates with a bucket of tokens for each IP address and each user. Memory is bounded: beyond
 * 100,000 buckets per limit, a rarely used bucket is dropped, and is full if it is needed again. A
 * caller with enough IP addresses to force this gains no more tokens than those addresses had
 * anyway, and takes none from others, since buckets in frequent use stay. Thread-safe.
 */
public final class RateLimits {
  private static final int MAX_BUCKETS = 100_000;
  private static final Duration MIN_WAIT = Duration.ofSeconds(1);

  private final Map<Limit, Rate> rates;
  private final Map<Limit, Cache<String, Bucket>> buckets = new EnumMap<>(Limit.class);
  private final AuditTrail audit;
  private final TimeMeter time;
  private final Map<Limit, Counter> refusals = new EnumMap<>(Limit.class);
  private final Throttle throttle = new Throttle(Duration.ofMinutes(1));

  /**
   * Makes limits with these rates; a limit without a rate is not applied.
   *
   * @param time the monotonic clock
   */
  public RateLimits(Map<Limit, Rate> rates, AuditTrail audit, TimeMeter time, Metrics metrics) {
    Counters counters =
        metrics.counters("thirdsession_rate_limited_total", "refusals by a rate limit", "limit");
    for (Limit limit : Limit.values()) {
      refusals.put(limit, counters.of(limit.label()));
    }
    this.rates = new EnumMap<>(Limit.class);
    this.rates.putAll(rates);
    this.audit = audit;
    this.time = time;
    this.rates.forEach(
        (limit, rate) ->
            buckets.put(
                limit,
                Caffeine.newBuilder()
                    .maximumSize(MAX_BUCKETS)
                    .expireAfterAccess(rate.period()) // it is full again by then
                    .ticker(time::currentTimeNanos)
                    .executor(Runnable::run) // the JVM's common pool would outlive a redeploy
                    .build()));
  }

  /**
   * Takes a token of the IP address that the request came from, unless many clients share it and
   * cannot be told apart. Guesses of a client's secret are counted even then.
   *
   * @throws ApiException {@code rate_limited} if none is left
   */
  public void takeOfAddress(Limit limit, RequestFacts facts) {
    Actor nobody = Actor.of(Subject.NOBODY, facts);
    Optional<String> counted =
        limit == Limit.CLIENT
            ? facts.limitedAddress().or(() -> Optional.of(facts.clientAddress()))
            : facts.limitedAddress();
    counted.ifPresent(address -> take(limit, address, nobody));
  }

  /**
   * Takes a token of this user.
   *
   * @param key identifies the user
   * @throws ApiException {@code rate_limited} if none is left
   */
  public void takeOfUser(Limit limit, String key, Actor actor) {
    take(limit, key, actor);
  }

  /**
   * Takes a token of the user who acts.
   *
   * @throws ApiException {@code rate_limited} if none is left
   */
  public void takeOfUser(Limit limit, Actor actor) {
    actor.subject().userId().ifPresent(userId -> take(limit, userId.toString(), actor));
  }

  /**
   * Takes a token of the IP address and one of the user. Decryptions of open data and codes of
   * phone buttons share these limits.
   *
   * @throws ApiException {@code rate_limited} if none is left
   */
  public void takeOpenDataTry(Actor actor) {
    takeOfAddress(Limit.DECRYPT, actor.facts());
    takeOfUser(Limit.DECRYPT_USER, actor);
  }

  private void take(Limit limit, String key, Actor actor) {
    Rate rate = rates.get(limit);
    Cache<String, Bucket> ofLimit = buckets.get(limit);
    if (rate == null || ofLimit == null) {
      return;
    }
    ConsumptionProbe probe = ofLimit.get(key, k -> bucket(rate)).tryConsumeAndReturnRemaining(1);
    if (probe.isConsumed()) {
      return;
    }
    Objects.requireNonNull(refusals.get(limit)).increment();
    if (throttle.isDue(limit + " " + key)) {
      audit.record(AuditEvent.RATE_LIMITED, actor, "limit=" + limit.label());
    }
    Duration wait = Duration.ofNanos(probe.getNanosToWaitForRefill());
    throw ApiException.rateLimited(
        "more than " + rate.count() + " in " + rate.period() + ": " + limit.label(),
        wait.compareTo(MIN_WAIT) < 0 ? MIN_WAIT : wait);
  }

  private Bucket bucket(Rate rate) {
    return Bucket.builder()
        .withCustomTimePrecision(time)
        .addLimit(limit -> limit.capacity(rate.count()).refillGreedy(rate.count(), rate.period()))
        .build();
  }
}
