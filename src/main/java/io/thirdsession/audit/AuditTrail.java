package io.thirdsession.audit;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.stream.Collectors.toSet;

import io.thirdsession.Deadline;
import io.thirdsession.Uuid7;
import io.thirdsession.audit.AuditDao.Walked;
import io.thirdsession.http.Notices;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.jdbc.Jdbc;
import io.thirdsession.jdbc.Queries;
import io.thirdsession.jdbc.StorageException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down what happened: a line in the log at once, and a row in the table {@code audit} soon
 * after, so that no request waits for it. Rows survive a database that is away, as far as there is
 * room, and an orderly stop. Thread-safe.
 */
public final class AuditTrail implements AutoCloseable {
  private static final int MOST_WAITING = 20_000;
  private static final int MOST_AT_ONCE = 200;
  private static final int MOST_BLANKED_AT_ONCE = 1_000;
  private static final int LONGEST_DEVICE = 1_024;
  private static final int LONGEST_DETAIL = 255;
  private static final Duration TRY_AGAIN = Duration.ofSeconds(1);
  private static final Duration LAST_TRIES = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger("io.thirdsession.audit");

  private final Jdbc jdbc;
  private final Clock clock;
  private final RandomGenerator random;
  private final BlockingQueue<AuditEntry> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final Notices notices = new Notices(Duration.ofMinutes(1));
  private final Thread writer = new Thread(this::write, "thirdsession-audit");
  private volatile boolean closed;

  /** Writes rows here; begins with {@link #start}. */
  public AuditTrail(Jdbc jdbc, Clock clock, RandomGenerator random) {
    this.jdbc = jdbc;
    this.clock = clock;
    this.random = random;
    writer.setDaemon(true);
  }

  /** Begins to write rows. */
  public void start() {
    writer.start();
  }

  /**
   * Writes down an event; returns at once and never fails.
   *
   * @param detail facts as key=value, of ours alone: nothing that a client sent, no secret
   */
  public void record(AuditEvent event, Subject subject, RequestFacts facts, String detail) {
    record(event, subject, facts, "", detail);
  }

  /**
   * Writes down an event; returns at once and never fails.
   *
   * @param device what the client said of its device, as JSON; in the row only
   */
  public void record(
      AuditEvent event, Subject subject, RequestFacts facts, String device, String detail) {
    AuditEntry entry =
        new AuditEntry(
            Uuid7.next(clock.instant(), random),
            event,
            subject,
            facts.clientAddress(),
            cut(device, LONGEST_DEVICE),
            facts.requestId(),
            cut(detail, LONGEST_DETAIL));
    log.info("{}", entry.line());
    if (event.isRepeatable() && !notices.isDue(repeated(entry))) {
      return; // whoever can do it without end shall not fill the table
    }
    if (!waiting.offer(entry) && notices.isDue("full")) {
      log.error("rows are lost, for the database has been away too long: the log has the lines");
    }
  }

  /**
   * Empties what the trail tells of where a user was, in the transaction that erases them. Of very
   * many rows the rest follows by {@link #blankErased}, and so does what was on its way meanwhile.
   */
  public void blank(Queries transaction, UUID userId) {
    new AuditDao(transaction).blank(userId, MOST_BLANKED_AT_ONCE);
  }

  /**
   * Empties what the rows after this one tell of where users were who have been erased. Looks at so
   * many rows at most.
   *
   * @return the last row that was looked at; empty if these were all that there are
   * @throws StorageException if the database is away
   */
  public Optional<UUID> blankErased(UUID after, int most) {
    AuditDao rows = new AuditDao(jdbc);
    List<Walked> walked = rows.after(after, most);
    rows.blank(walked.stream().filter(Walked::ofErased).map(Walked::id).toList());
    return walked.size() < most
        ? Optional.empty()
        : Optional.of(walked.get(walked.size() - 1).id());
  }

  /** Returns what happened to a user, the latest first, at most so many. */
  public List<AuditedEvent> ofUser(UUID userId, int most) {
    return new AuditDao(jdbc).ofUser(userId, most);
  }

  private static String repeated(AuditEntry entry) {
    return entry.event()
        + " "
        + entry.subject().userId().map(UUID::toString).orElse(entry.address())
        + " "
        + entry.detail();
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
    waiting.drainTo(batch, MOST_AT_ONCE - 1);
    return batch;
  }

  private void writeUntilDone(List<AuditEntry> batch) throws InterruptedException {
    while (true) {
      try {
        insert(batch);
        return;
      } catch (StorageException e) {
        if (!e.isUnavailable()) {
          throw e;
        }
        if (closed || Thread.interrupted()) {
          giveBack(batch);
          throw new InterruptedException();
        }
        Thread.sleep(TRY_AGAIN.toMillis());
      }
    }
  }

  /** Of users who were erased meanwhile there is no address and no device. */
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
    waiting.addAll(later.subList(0, Math.min(later.size(), MOST_WAITING)));
  }

  /** Writes what waits, for at most 5 s. */
  @Override
  public void close() {
    closed = true;
    writer.interrupt();
    Deadline last = Deadline.in(LAST_TRIES);
    try {
      writer.join(LAST_TRIES.toMillis());
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
    waiting.drainTo(batch, MOST_AT_ONCE);
    try {
      insert(batch);
    } catch (StorageException e) {
      giveBack(batch);
      Thread.sleep(TRY_AGAIN.toMillis());
    }
  }

  private static String cut(String text, int longest) {
    return text.codePointCount(0, text.length()) <= longest
        ? text
        : text.substring(0, text.offsetByCodePoints(0, longest));
  }
}
