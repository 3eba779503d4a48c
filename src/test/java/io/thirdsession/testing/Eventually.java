package io.thirdsession.testing;

import java.time.Duration;

/** Waits for what other threads and processes do. */
public final class Eventually {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long PAUSE_MILLIS = 10;

  private Eventually() {}

  /** Something that a test asserts. */
  @FunctionalInterface
  public interface Assertion {
    void check() throws Exception;
  }

  /** Returns as soon as this holds; throws what it threw last where it does not within 30 s. */
  public static void eventually(Assertion assertion) {
    within(PATIENCE, assertion);
  }

  /**
   * Returns as soon as this holds; throws what it threw last where it does not within this time.
   * Only an {@link AssertionError} is waited over: whatever else it throws is thrown at once.
   */
  public static void within(Duration patience, Assertion assertion) {
    long startNanos = System.nanoTime();
    while (true) {
      try {
        assertion.check();
        return;
      } catch (AssertionError e) {
        if (System.nanoTime() - startNanos > patience.toNanos()) {
          throw e;
        }
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
