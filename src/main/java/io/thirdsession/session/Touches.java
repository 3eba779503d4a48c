package io.thirdsession.session;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.thirdsession.Deadline;
import io.thirdsession.Throttle;
import io.thirdsession.Timer;
import io.thirdsession.jdbc.Jdbc;
import io.thirdsession.jdbc.StorageException;
import io.thirdsession.metrics.Counter;
import io.thirdsession.metrics.Metrics;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When sessions were last used, gathered and written once a second, so that no check waits for a
 * write. What cannot be written is tried again a second later; an orderly stop writes the rest, and
 * a crash loses a second of it. Only rows that are there are updated, so a session that was ended
 * stays ended. Thread-safe.
 */
public final class Touches implements AutoCloseable {
  /** Sessions in one statement; a power of 2, as {@link SessionDao#touch} pads to one. */
  static final int MAX_AT_ONCE = 256;

  /** About 5 MB. */
  static final int MAX_WAITING = 50_000;

  private static final Duration WRITTEN_EVERY = Duration.ofSeconds(1);
  private static final Duration LAST_TRIES = Duration.ofSeconds(5);
  private static final Logger log = LoggerFactory.getLogger(Touches.class);

  private final Jdbc jdbc;
  private final Timer timer = new Timer("thirdsession-touches");
  private final Throttle throttle = new Throttle(Duration.ofMinutes(1));
  private final Counter written;
  private final Map<UUID, Instant> waiting = new ConcurrentHashMap<>();

  /** Keeps them in memory until {@link #start}. */
  public Touches(Jdbc jdbc, Metrics metrics) {
    this.jdbc = jdbc;
    this.written =
        metrics.counter("thirdsession_touches_total", "uses of sessions that were stored");
  }

  /** Begins to write. */
  public void start() {
    timer.every(WRITTEN_EVERY, this::write);
  }

  /**
   * Notes that the session was used at this moment, without waiting; returns whether there was room
   * for it.
   */
  boolean note(UUID sid, Instant now) {
    if (waiting.size() >= MAX_WAITING && !waiting.containsKey(sid)) {
      if (throttle.isDue("full")) {
        log.warn("touches do not fit into memory count={}", waiting.size());
      }
      return false;
    }
    waiting.merge(sid, now, Touches::later);
    return true;
  }

  /** Returns when the session was last used, if that is not written yet. */
  Optional<Instant> of(UUID sid) {
    return Optional.ofNullable(waiting.get(sid));
  }

  /** Writes what is waiting; what cannot be written goes on waiting. */
  public void write() {
    write(Deadline.in(LAST_TRIES));
  }

  /**
   * One statement has one time, the latest of its sessions, so those that were used in the same
   * second go together: none seems used before it was, nor more than a second after.
   */
  private synchronized void write(Deadline deadline) {
    Map<Long, List<Touch>> bySecond =
        waiting.entrySet().stream()
            .map(entry -> new Touch(entry.getKey(), entry.getValue()))
            .sorted(
                Comparator.comparing(
                    Touch::sid)) // nodes that lock the same rows do it in one order
            .collect(groupingBy(touch -> touch.at.getEpochSecond(), TreeMap::new, toList()));
    try {
      for (List<Touch> touches : bySecond.values()) {
        for (int i = 0; i < touches.size() && !deadline.passed(); i += MAX_AT_ONCE) {
          write(touches.subList(i, Math.min(touches.size(), i + MAX_AT_ONCE)), deadline);
        }
      }
    } catch (StorageException e) {
      if (throttle.isDue("fault")) {
        log.warn("touches not written yet count={} reason=\"{}\"", waiting.size(), e.getMessage());
      }
    }
  }

  private void write(List<Touch> touches, Deadline deadline) {
    Instant latest = touches.stream().map(Touch::at).reduce(Instant.EPOCH, Touches::later);
    List<UUID> sids = touches.stream().map(Touch::sid).toList();
    new SessionDao(jdbc.within(deadline)).touch(sids, latest);
    written.add(sids.size());
    // behind the commit: whoever finds nothing here finds it in the row
    touches.forEach(touch -> waiting.remove(touch.sid, touch.at));
  }

  private static Instant later(Instant one, Instant other) {
    return one.isBefore(other) ? other : one;
  }

  /** Writes the rest, for at most about 5 s. */
  @Override
  public void close() {
    timer.close();
    write();
    if (!waiting.isEmpty()) {
      log.warn("touches were lost by the stop count={}", waiting.size());
    }
  }

  /** That a session was used, and when. */
  private record Touch(UUID sid, Instant at) {}
}
