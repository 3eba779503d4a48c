package io.thirdsession.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.thirdsession.audit.AuditEvent;
import io.thirdsession.audit.AuditTrail;
import io.thirdsession.audit.Subject;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.Notices;
import io.thirdsession.http.RequestFacts;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * A bucket of tokens for each address and each user. Memory is bounded: the bucket that has not
 * been asked for longest goes first, and is full when it comes again. Thread-safe.
 */
public final class RateLimits {
  private static final int MOST_BUCKETS = 100_000;
  private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);

  private final Map<Limit, Rate> rates;
  private final Map<Limit, Cache<String, Bucket>> buckets = new EnumMap<>(Limit.class);
  private final AuditTrail audit;
  private final TimeMeter time;
  private final Notices notices = new Notices(Duration.ofMinutes(1));

  /**
   * Uses these rates; what has none is not limited.
   *
   * @param time the monotonic clock
   */
  public RateLimits(Map<Limit, Rate> rates, AuditTrail audit, TimeMeter time) {
    this.rates = new EnumMap<>(Limit.class);
    this.rates.putAll(rates);
    this.audit = audit;
    this.time = time;
    this.rates.forEach(
        (limit, rate) ->
            buckets.put(
                limit,
                Caffeine.newBuilder()
                    .maximumSize(MOST_BUCKETS)
                    .expireAfterAccess(rate.period()) // it is full again by then
                    .ticker(time::currentTimeNanos)
                    .executor(Runnable::run) // the pool of the JVM would outlive a redeploy
                    .build()));
  }

  /**
   * Takes a token of the address that the request came from, unless it cannot be told apart from
   * others.
   *
   * @throws ApiException {@code rate_limited} if there is none
   */
  public void takeOfAddress(Limit limit, RequestFacts facts) {
    facts.limitedAddress().ifPresent(address -> take(limit, address, Subject.NOBODY, facts));
  }

  /**
   * Takes a token of this user.
   *
   * @param key who it is
   * @throws ApiException {@code rate_limited} if there is none
   */
  public void takeOfUser(Limit limit, String key, Subject subject, RequestFacts facts) {
    take(limit, key, subject, facts);
  }

  private void take(Limit limit, String key, Subject subject, RequestFacts facts) {
    Rate rate = rates.get(limit);
    Cache<String, Bucket> ofLimit = buckets.get(limit);
    if (rate == null || ofLimit == null) {
      return;
    }
    ConsumptionProbe probe = ofLimit.get(key, k -> bucket(rate)).tryConsumeAndReturnRemaining(1);
    if (probe.isConsumed()) {
      return;
    }
    if (notices.isDue(limit + " " + key)) {
      audit.record(AuditEvent.RATE_LIMITED, subject, facts, "limit=" + limit.label());
    }
    Duration wait = Duration.ofNanos(probe.getNanosToWaitForRefill());
    throw ApiException.rateLimited(
        "more than " + rate.count() + " in " + rate.period() + ": " + limit.label(),
        wait.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : wait);
  }

  private Bucket bucket(Rate rate) {
    return Bucket.builder()
        .withCustomTimePrecision(time)
        .addLimit(limit -> limit.capacity(rate.count()).refillGreedy(rate.count(), rate.period()))
        .build();
  }
}
