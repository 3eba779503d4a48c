package io.thirdsession.metrics;

import java.util.concurrent.atomic.LongAdder;

/**
 * How long something took, as a histogram. Adding takes no lock and allocates nothing, also while
 * somebody reads: Prometheus' own histogram lets those who add wait then. Thread-safe.
 */
public final class Timing {
  /** The upper bounds of the buckets, in seconds. The last bucket has none. */
  private static final double[] BOUNDS = {
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, Double.POSITIVE_INFINITY
  };

  private static final double NANOS = 1e9;
  private static final long[] BOUNDS_NANOS = nanos();

  private final LongAdder[] buckets = new LongAdder[BOUNDS.length];
  private final LongAdder sumNanos = new LongAdder();

  Timing() {
    for (int i = 0; i < buckets.length; i++) {
      buckets[i] = new LongAdder();
    }
  }

  /** Adds what took from this {@link System#nanoTime()} until now. */
  public void addSince(long startedNanos) {
    add(System.nanoTime() - startedNanos);
  }

  /** Adds what took so many nanoseconds. */
  public void add(long nanos) {
    int bucket = 0;
    while (nanos > BOUNDS_NANOS[bucket]) {
      bucket++;
    }
    buckets[bucket].increment();
    sumNanos.add(nanos);
  }

  static double[] bounds() {
    return BOUNDS.clone();
  }

  /** Returns how many there are in each bucket, those of the buckets below not included. */
  long[] counts() {
    long[] counts = new long[buckets.length];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = buckets[i].sum();
    }
    return counts;
  }

  double sumSeconds() {
    return sumNanos.sum() / NANOS;
  }

  private static long[] nanos() {
    long[] nanos = new long[BOUNDS.length];
    for (int i = 0; i < nanos.length; i++) {
      nanos[i] = (long) Math.min(Long.MAX_VALUE, BOUNDS[i] * NANOS);
    }
    return nanos;
  }
}
