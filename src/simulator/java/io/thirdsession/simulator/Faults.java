package io.thirdsession.simulator;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The faults in force: one for each path, and one for all others. Safe for use by many threads. */
final class Faults {
  private static final String EVERY_PATH = "";

  private final Map<String, Fault> byPath = new HashMap<>();

  /** Sets the fault of its path; a fault without a path replaces all others. */
  synchronized void set(Fault fault) {
    if (fault.path().equals(EVERY_PATH)) {
      byPath.clear();
    }
    byPath.put(fault.path(), fault);
  }

  /** Returns the fault that hits this call, and counts it down. */
  synchronized Fault take(String path) {
    String key = byPath.containsKey(path) ? path : EVERY_PATH;
    Fault fault = byPath.getOrDefault(key, Fault.NONE);
    if (fault.times() == 1) {
      byPath.remove(key);
    } else if (fault.times() > 1) {
      byPath.put(key, fault.times(fault.times() - 1));
    }
    return fault;
  }

  /** Returns the faults in force, the one for all paths first. */
  synchronized List<Fault> all() {
    return byPath.values().stream()
        .filter(fault -> !fault.isNone())
        .sorted(Comparator.comparing(Fault::path))
        .toList();
  }

  /** Returns whether nothing may listen on WeChat's port. */
  synchronized boolean refuseConnections() {
    return byPath.getOrDefault(EVERY_PATH, Fault.NONE).mode() == FaultMode.REFUSE;
  }

  synchronized void clear() {
    byPath.clear();
  }
}
