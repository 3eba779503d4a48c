package io.thirdsession.metrics;

/** Counters of one name, told apart by their labels. Thread-safe. */
public final class Counters {
  private final Family<Counter> family;

  Counters(Family<Counter> family) {
    this.family = family;
  }

  /**
   * Returns the counter with these values, in the order of the labels; it is exported from now on.
   * Each value must be one of a known set, never what a client sent. Whoever counts with every
   * check keeps the counter.
   */
  public Counter of(String... values) {
    return family.of(values);
  }
}
