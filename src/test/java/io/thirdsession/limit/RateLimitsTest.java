package io.thirdsession.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.bucket4j.TimeMeter;
import io.thirdsession.audit.Actor;
import io.thirdsession.audit.AuditTrail;
import io.thirdsession.audit.Subject;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.metrics.Metrics;
import io.thirdsession.testing.DatabaseTestBase;
import io.thirdsession.testing.FakeClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RateLimitsTest extends DatabaseTestBase {
  private final AtomicLong nanos = new AtomicLong(1);
  private AuditTrail audit;

  @BeforeEach
  void start() {
    audit =
        new AuditTrail(
            database.jdbc(),
            new FakeClock(Instant.parse("2026-11-22T08:00:00Z")),
            RandomGenerator.getDefault(),
            new Metrics());
    audit.start();
  }

  @AfterEach
  void stop() {
    audit.close();
  }

  @Test
  void givesAsManyAsTheRateAtOnceAndThenAsTimeGoesBy() {
    RateLimits limits = limits(Map.of(Limit.LOGIN, new Rate(3, Duration.ofSeconds(60))));
    for (int i = 0; i < 3; i++) {
      limits.takeOfAddress(Limit.LOGIN, from("192.0.2.1"));
    }
    assertRefused(limits, "192.0.2.1");

    nanos.addAndGet(Duration.ofSeconds(20).toNanos() - 1);
    assertRefused(limits, "192.0.2.1");
    nanos.addAndGet(1);
    limits.takeOfAddress(Limit.LOGIN, from("192.0.2.1"));

    assertRefused(limits, "192.0.2.1");
  }

  @Test
  void countsEachAddressEachUserAndEachLimitByItself() {
    RateLimits limits =
        limits(
            Map.of(
                Limit.LOGIN, new Rate(1, Duration.ofSeconds(60)),
                Limit.DECRYPT, new Rate(1, Duration.ofSeconds(60)),
                Limit.DECRYPT_USER, new Rate(1, Duration.ofSeconds(60))));

    limits.takeOfAddress(Limit.LOGIN, from("192.0.2.1"));
    limits.takeOfAddress(Limit.LOGIN, from("192.0.2.2"));
    limits.takeOfAddress(Limit.DECRYPT, from("192.0.2.1"));
    limits.takeOfUser(Limit.DECRYPT_USER, "alice", Actor.of(Subject.NOBODY, from("192.0.2.1")));
    limits.takeOfUser(Limit.DECRYPT_USER, "bob", Actor.of(Subject.NOBODY, from("192.0.2.1")));

    assertRefused(limits, "192.0.2.1");
  }

  @Test
  void doesNotCountWhomItCannotTellApart() {
    RateLimits limits = limits(Map.of(Limit.LOGIN, new Rate(1, Duration.ofSeconds(60))));

    for (int i = 0; i < 10; i++) {
      limits.takeOfAddress(
          Limit.LOGIN,
          new RequestFacts(
              "id", Optional.empty(), "10.0.0.1", Optional.empty(), Locale.ENGLISH, "http://x", 0));
    }
  }

  @Test
  void countsGuessesOfAClientsSecretEvenThen() {
    RateLimits limits = limits(Map.of(Limit.CLIENT, new Rate(1, Duration.ofSeconds(60))));
    RequestFacts shared =
        new RequestFacts(
            "id", Optional.empty(), "10.0.0.1", Optional.empty(), Locale.ENGLISH, "http://x", 0);

    limits.takeOfAddress(Limit.CLIENT, shared);

    assertThrows(ApiException.class, () -> limits.takeOfAddress(Limit.CLIENT, shared));
  }

  @Test
  void limitsNothingThatHasNoRate() {
    RateLimits limits = limits(Map.of());

    for (int i = 0; i < 10; i++) {
      limits.takeOfAddress(Limit.LOGIN, from("192.0.2.1"));
    }
  }

  @Test
  void writesDownWhoHitsALimitOnceAMinute() {
    RateLimits limits = limits(Map.of(Limit.LOGIN, new Rate(1, Duration.ofSeconds(60))));
    limits.takeOfAddress(Limit.LOGIN, from("192.0.2.1"));
    for (int i = 0; i < 50; i++) {
      assertRefused(limits, "192.0.2.1");
    }

    audit.close();

    assertEquals(
        "rate_limited 192.0.2.1 limit=login",
        String.join(
            ";",
            testDatabase.column("SELECT CONCAT(event, ' ', address, ' ', detail) FROM audit")));
  }

  private RateLimits limits(Map<Limit, Rate> rates) {
    return new RateLimits(
        rates,
        audit,
        new TimeMeter() {
          @Override
          public long currentTimeNanos() {
            return nanos.get();
          }

          @Override
          public boolean isWallClockBased() {
            return false;
          }
        },
        new Metrics());
  }

  private static void assertRefused(RateLimits limits, String address) {
    ApiException e =
        assertThrows(ApiException.class, () -> limits.takeOfAddress(Limit.LOGIN, from(address)));
    assertEquals(ApiError.RATE_LIMITED, e.error());
  }

  private static RequestFacts from(String address) {
    return new RequestFacts(
        "id", Optional.empty(), address, Optional.of(address), Locale.ENGLISH, "http://x", 0);
  }
}
