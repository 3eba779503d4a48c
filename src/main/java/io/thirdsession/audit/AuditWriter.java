package io.thirdsession.audit;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.stream.Collectors.toSet;

import io.thirdsession.Deadline;
import io.thirdsession.jdbc.Jdbc;
import io.thirdsession.jdbc.StorageException;
import io.thirdsession.metrics.Counter;
import io.thirdsession.metrics.Metrics;
import io.thirdsession.metrics.Reading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Writes entries to the table {@code audit} on its own thread. While the database is unreachable
 * they wait in a queue of limited length; an orderly stop writes them. Thread-safe.
 */
final class AuditWriter implements AutoCloseable {
  private static final int MAX_WAITING = 20_000;
  private static final int MAX_AT_ONCE = 200;
  private static final Duration TRY_AGAIN = Duration.ofSeconds(1);
  private static final Duration LAST_TRIES = Duration.ofSeconds(5);

  private final Jdbc jdbc;
  private final Logger log;
  private final Counter lost;
  private final BlockingQueue<AuditEntry> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final Thread thread = new Thread(this::write, "thirdsession-audit");
  private volatile boolean closed;

  /** Makes a writer that reports lost rows to this log and begins to write with {@link #start}. */
  AuditWriter(Jdbc jdbc, Logger log, Metrics metrics) {
    this.jdbc = jdbc;
    this.log = log;
    this.lost =
        metrics.counter(
            "thirdsession_audit_lost_total", "rows of the audit trail that were not written");
    metrics.gauges(
        "thirdsession_audit_waiting",
        "rows of the audit trail that wait to be written",
        List.of(),
        () -> List.of(Reading.of(waiting.size())));
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Queues the entry without waiting; returns whether there was room for it. */
  boolean offer(AuditEntry entry) {
    boolean taken = waiting.offer(entry);
    if (!taken) {
      lost.increment();
    }
    return taken;
  }

  private void write() {
    while (!closed) {
      try {
        @Nullable AuditEntry first = waiting.poll(TRY_AGAIN.toMillis(), MILLISECONDS);
        if (first != null) {
          writeUntilDone(batch(first));
        }
      } catch (InterruptedException e) {
        return; // close() writes the rest
      } catch (RuntimeException e) {
        log.error("rows are lost by a fault of ours", e);
      }
    }
  }

  private List<AuditEntry> batch(AuditEntry first) {
    List<AuditEntry> batch = new ArrayList<>();
    batch.add(first);
    waiting.drainTo(batch, MAX_AT_ONCE - 1);
    return batch;
  }

  /** A batch that the stop interrupts is given back, wherever it is interrupted. */
  private void writeUntilDone(List<AuditEntry> batch) throws InterruptedException {
    boolean done = false;
    try {
      while (!done) {
        done = isWritten(batch);
        if (!done) {
          Thread.sleep(TRY_AGAIN.toMillis());
        }
      }
    } catch (InterruptedException e) {
      giveBack(batch);
      throw e;
    }
  }

  private boolean isWritten(List<AuditEntry> batch) throws InterruptedException {
    try {
      insert(batch);
      return true;
    } catch (StorageException e) {
      if (!e.isUnavailable()) {
        lost.add(batch.size());
        throw e;
      }
      if (closed || Thread.interrupted()) {
        throw new InterruptedException();
      }
      return false;
    }
  }

  /**
   * Inserts the entries; those about users who were erased meanwhile lose IP address and device.
   */
  private void insert(List<AuditEntry> batch) {
    AuditDao rows = new AuditDao(jdbc);
    Set<UUID> concerned =
        batch.stream().flatMap(entry -> entry.subject().userId().stream()).collect(toSet());
    Set<UUID> present = rows.present(concerned);
    rows.insert(
        batch.stream()
            .map(
                entry ->
                    entry.subject().userId().map(present::contains).orElse(true)
                        ? entry
                        : entry.blank())
            .toList());
  }

  private void giveBack(List<AuditEntry> batch) {
    List<AuditEntry> later = new ArrayList<>(batch);
    waiting.drainTo(later);
    waiting.addAll(later.subList(0, Math.min(later.size(), MAX_WAITING)));
  }

  /** Writes the entries that are waiting, for at most 5 s. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    Deadline last = Deadline.in(LAST_TRIES);
    try {
      thread.join(LAST_TRIES.toMillis());
      while (!waiting.isEmpty() && !last.passed()) {
        writeLast();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!waiting.isEmpty()) {
      log.error("rows were lost by the stop, the log has their lines count={}", waiting.size());
    }
  }

  private void writeLast() throws InterruptedException {
    List<AuditEntry> batch = new ArrayList<>();
    waiting.drainTo(batch, MAX_AT_ONCE);
    try {
      insert(batch);
    } catch (StorageException e) {
      giveBack(batch);
      Thread.sleep(TRY_AGAIN.toMillis());
    }
  }
}
