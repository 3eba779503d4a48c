package io.thirdsession.history;

import java.util.List;

/**
 * How soon one kind of request was answered again after a fault.
 *
 * @param asked how many were under way or begun while the fault lasted
 * @param failed how many of them were told neither yes nor no
 * @param goodAgainNanos from the fault to the end of the last that failed; 0 if none did
 * @param slowestNanos the longest time that one of them took, whatever it was told
 */
record Comeback(long asked, long failed, long goodAgainNanos, long slowestNanos) {
  private static final double SECOND = 1e9;

  /**
   * Measures it.
   *
   * @param from when the fault struck
   * @param until what begins later does not count
   */
  static Comeback of(Deed deed, List<Operation> history, long from, long until) {
    long asked = 0;
    long failed = 0;
    long good = from;
    long slowest = 0;
    for (Operation operation : history) {
      if (operation.deed() == deed && operation.ended() > from && operation.began() < until) {
        asked++;
        slowest = Math.max(slowest, operation.ended() - operation.began());
        if (operation.outcome() == Outcome.UNKNOWN) {
          failed++;
          good = Math.max(good, operation.ended());
        }
      }
    }
    return new Comeback(asked, failed, good - from, slowest);
  }

  double goodAgainSeconds() {
    return goodAgainNanos / SECOND;
  }

  double slowestSeconds() {
    return slowestNanos / SECOND;
  }
}
