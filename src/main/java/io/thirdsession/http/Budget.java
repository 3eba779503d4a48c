package io.thirdsession.http;

import java.util.concurrent.atomic.AtomicLong;

/** So many bytes, for everybody together. Thread-safe. */
final class Budget {
  private final AtomicLong left;

  Budget(long bytes) {
    this.left = new AtomicLong(bytes);
  }

  /** Takes so many bytes, or none; returns whether they were there. */
  boolean take(long bytes) {
    if (left.addAndGet(-bytes) >= 0) {
      return true;
    }
    left.addAndGet(bytes);
    return false;
  }

  /** Gives back what was taken. */
  void giveBack(long bytes) {
    left.addAndGet(bytes);
  }
}
