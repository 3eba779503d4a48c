package io.thirdsession.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One value that clients write and read at the same time: whether every read can have seen the
 * latest write, if each write and read took effect at one moment between its request and its
 * response. Each write writes another value, so that this is decided in the time of sorting (P.
 * Gibbons and E. Korach, Testing Shared Memories, 1997). At the beginning the value is empty.
 */
final class Register {
  private final String name;
  private final Map<String, Cluster> clusters = new HashMap<>();
  private final List<String> wrong = new ArrayList<>();

  /** Makes a register that nobody has written yet. */
  Register(String name) {
    this.name = name;
    clusters.put("", new Cluster("", Long.MIN_VALUE, Long.MIN_VALUE));
  }

  /**
   * Adds a write; writes must be added before reads.
   *
   * @param effectiveBy when it was done; the end of time if that is unknown
   */
  void write(String value, long began, long effectiveBy) {
    if (clusters.put(value, new Cluster(value, began, effectiveBy)) != null) {
      throw new IllegalArgumentException("written twice, so this proves nothing: " + value);
    }
  }

  /** Adds a read that was answered. */
  void read(String value, long began, long ended) {
    Cluster cluster = clusters.get(value);
    if (cluster == null) {
      wrong.add("mix-up: " + name + " was read, and nobody had written that: " + value);
    } else if (ended < cluster.writeBegan) {
      wrong.add("mix-up: " + name + " was read before it was written: " + value);
    } else {
      cluster.firstEnd = Math.min(cluster.firstEnd, ended);
      cluster.lastBegin = Math.max(cluster.lastBegin, began);
    }
  }

  /** Returns what is wrong, one line each. */
  List<String> check() {
    List<Cluster> held = new ArrayList<>(); // a value was there from one moment to a later one
    List<Cluster> brief = new ArrayList<>(); // or at one moment between these two
    for (Cluster cluster : clusters.values()) {
      if (cluster.firstEnd < cluster.lastBegin) {
        held.add(cluster);
      } else if (cluster.firstEnd < Long.MAX_VALUE) {
        brief.add(cluster);
      }
    }
    held.sort(Comparator.comparingLong(its -> its.firstEnd));
    for (int i = 1; i < held.size(); i++) {
      if (held.get(i).firstEnd < held.get(i - 1).lastBegin) {
        wrong.add(lost(held.get(i - 1), held.get(i)));
        return wrong;
      }
    }
    for (Cluster cluster : brief) {
      for (Cluster other : held) {
        if (other.firstEnd < cluster.lastBegin && cluster.firstEnd < other.lastBegin) {
          wrong.add(lost(other, cluster));
        }
      }
    }
    return wrong;
  }

  private String lost(Cluster one, Cluster other) {
    return "lost write: "
        + name
        + " was "
        + one
        + ", and can neither before nor after have been "
        + other;
  }

  /** A write with the reads that saw it. */
  private static final class Cluster {
    final String value;
    final long writeBegan;
    long lastBegin;
    long firstEnd;

    Cluster(String value, long began, long effectiveBy) {
      this.value = value;
      this.writeBegan = began;
      this.lastBegin = began;
      this.firstEnd = effectiveBy;
    }

    @Override
    public String toString() {
      return "\"" + value + "\" [" + firstEnd + ", " + lastBegin + "]";
    }
  }
}
