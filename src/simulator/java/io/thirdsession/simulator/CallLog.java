package io.thirdsession.simulator;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last 1,000 calls that WeChat's side received, oldest first. Safe for use by many threads. */
final class CallLog {
  private static final int CAPACITY = 1_000;

  private final Deque<RecordedCall> calls = new ArrayDeque<>();

  synchronized void add(RecordedCall call) {
    if (calls.size() == CAPACITY) {
      calls.removeFirst();
    }
    calls.addLast(call);
  }

  synchronized List<RecordedCall> all() {
    return List.copyOf(calls);
  }

  synchronized void clear() {
    calls.clear();
  }
}
