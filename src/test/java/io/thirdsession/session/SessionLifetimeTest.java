package io.thirdsession.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.Uuid7;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SessionLifetimeTest {
  private static final Instant BEGAN = Instant.parse("2026-11-01T00:00:00Z");

  private final SessionLifetime lifetime =
      new SessionLifetime(Duration.ofDays(7), Duration.ofDays(30));
  private final UUID sid = Uuid7.next(BEGAN, new SecureRandom());

  @Test
  void endsAfterTheIdleLifetimeSinceItWasSeen() {
    Instant seen = BEGAN.plus(Duration.ofDays(3));

    assertEquals(seen.plus(Duration.ofDays(7)), lifetime.expiresAt(sid, seen));
  }

  @Test
  void endsAfterTheAbsoluteLifetimeHoweverLatelyItWasSeen() {
    Instant seen = BEGAN.plus(Duration.ofDays(29));

    assertEquals(BEGAN.plus(Duration.ofDays(30)), lifetime.expiresAt(sid, seen));
  }

  @Test
  void isTouchedOnceInATenthOfTheIdleLifetime() {
    Instant due = BEGAN.plus(Duration.ofDays(7).dividedBy(10));

    assertFalse(lifetime.isTouchDue(BEGAN, due.minusMillis(1)));
    assertTrue(lifetime.isTouchDue(BEGAN, due));
  }
}
