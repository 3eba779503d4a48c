package io.thirdsession.session;

import io.thirdsession.Uuid7;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * How long sessions live: the one place that computes it.
 *
 * @param idle without being used
 * @param absolute however much it is used
 */
public record SessionLifetime(Duration idle, Duration absolute) {
  /** A touch is written at most once in this part of the idle lifetime. */
  private static final int TOUCHES_PER_IDLE_LIFETIME = 10;

  /** Returns when the session ends; it is live before that moment, and not at it. */
  Instant expiresAt(UUID sid, Instant lastSeenAt) {
    Instant idleEnd = lastSeenAt.plus(idle);
    Instant absoluteEnd = Uuid7.time(sid).plus(absolute);
    return idleEnd.isBefore(absoluteEnd) ? idleEnd : absoluteEnd;
  }

  /** Returns whether the session is live. */
  boolean isLive(UUID sid, Instant lastSeenAt, Instant now) {
    return now.isBefore(expiresAt(sid, lastSeenAt));
  }

  /** Returns whether being seen now is worth a write. */
  boolean isTouchDue(Instant lastSeenAt, Instant now) {
    return !now.isBefore(lastSeenAt.plus(idle.dividedBy(TOUCHES_PER_IDLE_LIFETIME)));
  }
}
