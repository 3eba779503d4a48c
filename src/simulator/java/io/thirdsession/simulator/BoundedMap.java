package io.thirdsession.simulator;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Remembers by text; when full, it forgets the oldest, so that long load runs stay small. */
final class BoundedMap<V> {
  private final int capacity;
  private final Map<String, V> entries = new LinkedHashMap<>();

  BoundedMap(int capacity) {
    this.capacity = capacity;
  }

  void put(String key, V value) {
    entries.put(key, value);
    if (entries.size() > capacity) {
      entries.remove(entries.keySet().iterator().next());
    }
  }

  Optional<V> get(String key) {
    return Optional.ofNullable(entries.get(key));
  }

  void clear() {
    entries.clear();
  }
}
