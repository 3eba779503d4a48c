package io.thirdsession;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Limits how often the same thing is done, and counts how often it was left out, so that an outage
 * does not fill the log and WeChat is not asked about the same user again and again. Memory is
 * bounded: beyond 20,000 kinds, some are forgotten before their pause is over. Thread-safe.
 */
public final class Throttle {
  private static final int MAX_KINDS = 20_000;

  /** For so many pauses it is remembered how often something was left out. */
  private static final int PAUSES = 10;

  private final int times;
  private final Duration pause;
  private final Cache<String, Pause> recent;

  /** Makes a throttle that lets each kind of thing happen at most once per {@code pause}. */
  public Throttle(Duration pause) {
    this(1, pause);
  }

  /** Makes a throttle that lets each kind of thing happen so often per {@code pause}. */
  public Throttle(int times, Duration pause) {
    this.times = times;
    this.pause = pause;
    this.recent =
        Caffeine.newBuilder()
            .expireAfterAccess(pause.multipliedBy(PAUSES))
            .maximumSize(MAX_KINDS)
            .executor(Runnable::run) // the JVM's common pool would outlive a redeploy
            .build();
  }

  /** Returns whether this kind of thing is due now; if so, that counts as once. */
  public boolean isDue(String kind) {
    return due(kind).isPresent();
  }

  /**
   * Returns how often this kind of thing was left out since it was last due, if it is due now; else
   * empty, and it is counted as left out.
   */
  public OptionalLong due(String kind) {
    return recent.get(kind, unused -> new Pause()).due(times, pause);
  }

  /**
   * Returns what was left out, how often, and has not been due since its pause ended: of that
   * nobody would hear. It is then due again.
   */
  public Map<String, Long> leftOut() {
    Map<String, Long> leftOut = new TreeMap<>();
    recent
        .asMap()
        .forEach(
            (kind, since) -> {
              long count = since.takeLeftOut();
              if (count > 0) {
                leftOut.put(kind, count);
              }
            });
    return leftOut;
  }

  /** The time in which something is due only so often. */
  private static final class Pause {
    private Deadline end = Deadline.in(Duration.ZERO);
    private int happened;
    private long leftOut;

    synchronized OptionalLong due(int times, Duration pause) {
      if (end.passed()) {
        end = Deadline.in(pause);
        happened = 0;
      }
      if (happened == times) {
        leftOut++;
        return OptionalLong.empty();
      }
      happened++;
      long before = leftOut;
      leftOut = 0;
      return OptionalLong.of(before);
    }

    synchronized long takeLeftOut() {
      if (!end.passed()) {
        return 0;
      }
      long before = leftOut;
      leftOut = 0;
      return before;
    }
  }
}
