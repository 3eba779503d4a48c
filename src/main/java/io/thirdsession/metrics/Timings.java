package io.thirdsession.metrics;

/** Histograms of one name, told apart by their labels. Thread-safe. */
public final class Timings {
  private final Family<Timing> family;

  Timings(Family<Timing> family) {
    this.family = family;
  }

  /**
   * Returns the histogram with these values, in the order of the labels; it is exported from now
   * on. Each value must be one of a known set, never what a client sent. Whoever adds with every
   * check keeps the histogram.
   */
  public Timing of(String... values) {
    return family.of(values);
  }
}
