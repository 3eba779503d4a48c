package io.thirdsession.metrics;

import java.util.concurrent.atomic.LongAdder;

/** A number that only rises. Counting takes no lock and allocates nothing. Thread-safe. */
public final class Counter {
  private final LongAdder total = new LongAdder();

  Counter() {}

  /** Counts one. */
  public void increment() {
    total.increment();
  }

  /** Counts so many, or none. */
  public void add(long count) {
    total.add(count);
  }

  long total() {
    return total.sum();
  }
}
