package io.thirdsession.history;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** What all clients asked and were told. Thread-safe. */
final class History {
  private final Queue<Operation> operations = new ConcurrentLinkedQueue<>();
  private final Map<String, Integer> statuses = new ConcurrentHashMap<>();
  private final AtomicInteger size = new AtomicInteger();

  /**
   * Adds what was asked and told.
   *
   * @param status of the response; 0 if there was none
   */
  void add(Operation operation, int status) {
    operations.add(operation);
    statuses.merge(operation.deed() + " " + status, 1, Integer::sum);
    size.incrementAndGet();
  }

  int size() {
    return size.get();
  }

  List<Operation> operations() {
    return List.copyOf(operations);
  }

  /** Returns how often each deed was answered with each status. */
  Map<String, Integer> statuses() {
    return new TreeMap<>(statuses);
  }

  long count(Outcome outcome) {
    return operations.stream().filter(its -> its.outcome() == outcome).count();
  }
}
