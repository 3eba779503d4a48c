package io.thirdsession;

import java.time.Duration;

/**
 * The moment by which a request must have its response, on the monotonic clock, so that a step of
 * the wall clock neither shortens nor stretches it. Immutable.
 */
public final class Deadline {
  private final long atNanos;

  private Deadline(long atNanos) {
    this.atNanos = atNanos;
  }

  /** Returns the deadline that passes this long from now. */
  public static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  /** Returns the deadline that passes this much before this one. */
  public Deadline earlier(Duration time) {
    return new Deadline(atNanos - time.toNanos());
  }

  /** Returns the one of the two that passes first. */
  public Deadline orEarlier(Deadline other) {
    return atNanos - other.atNanos <= 0 ? this : other;
  }

  /** Returns what is left; zero or negative once the deadline has passed. */
  public Duration left() {
    return Duration.ofNanos(atNanos - System.nanoTime());
  }

  /** Returns whether the deadline has passed. */
  public boolean passed() {
    return atNanos - System.nanoTime() <= 0;
  }

  /** Returns whether at least this much time is left. */
  public boolean leaves(Duration time) {
    return left().compareTo(time) >= 0;
  }

  /** Returns what is left, but no more than {@code most} and never less than zero. */
  public Duration leftAtMost(Duration most) {
    Duration left = left();
    if (left.isNegative()) {
      return Duration.ZERO;
    }
    return left.compareTo(most) < 0 ? left : most;
  }
}
