package io.thirdsession.bench.load;

import java.util.SortedMap;
import org.HdrHistogram.Histogram;

/**
 * What clients saw while it was measured.
 *
 * @param responses how many had the right status
 * @param others how many had another one, by status; 0 stands for a connection that broke
 * @param nanos how long it was measured
 * @param micros how long each response took, from when its request was to be sent
 */
public record Outcome(
    long responses, SortedMap<Integer, Long> others, long nanos, Histogram micros) {
  /** Returns how many responses with the right status there were in a second. */
  public double perSecond() {
    return responses * 1e9 / nanos;
  }

  /** Returns the time within which this share of the responses came, in milliseconds. */
  public double millis(double percentile) {
    return micros.getValueAtPercentile(percentile) / 1e3;
  }
}
