package io.thirdsession.audit;

import io.thirdsession.Deadline;
import io.thirdsession.Throttle;
import io.thirdsession.Uuid7;
import io.thirdsession.audit.AuditDao.Walked;
import io.thirdsession.jdbc.Jdbc;
import io.thirdsession.jdbc.Queries;
import io.thirdsession.jdbc.StorageException;
import io.thirdsession.metrics.Metrics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records events: each as a line in the log immediately, and as a row in the table {@code audit}
 * soon after, so that no request waits for it. While the database is unreachable, rows wait in a
 * queue of limited length; an orderly stop writes them. Thread-safe.
 */
public final class AuditTrail implements AutoCloseable {
  private static final int MAX_BLANKED_AT_ONCE = 1_000;
  private static final Duration MAX_BLANKING = Duration.ofSeconds(5);

  /** For so long, the same event of the same caller is counted only. */
  private static final Duration PAUSE = Duration.ofMinutes(1);

  private static final int MAX_DEVICE_LENGTH = 1_024;
  private static final int MAX_DETAIL_LENGTH = 255;

  private static final Logger log = LoggerFactory.getLogger("io.thirdsession.audit");

  private final Jdbc jdbc;
  private final Clock clock;
  private final RandomGenerator random;
  private final Throttle throttle = new Throttle(PAUSE);
  private final Throttle repetitions;
  private final AuditWriter writer;

  /** Makes a trail that begins to write rows with {@link #start}. */
  public AuditTrail(Jdbc jdbc, Clock clock, RandomGenerator random, Metrics metrics) {
    this(jdbc, clock, random, PAUSE, metrics);
  }

  AuditTrail(Jdbc jdbc, Clock clock, RandomGenerator random, Duration pause, Metrics metrics) {
    this.jdbc = jdbc;
    this.clock = clock;
    this.random = random;
    this.repetitions = new Throttle(pause);
    this.writer = new AuditWriter(jdbc, log, metrics);
  }

  /** Begins to write rows. */
  public void start() {
    writer.start();
  }

  /**
   * Records an event; returns immediately and never fails.
   *
   * @param detail facts as key=value, from this server only: nothing that a client sent, and no
   *     secret
   */
  public void record(AuditEvent event, Actor actor, String detail) {
    record(event, actor, "", detail);
  }

  /**
   * Records an event; returns immediately and never fails.
   *
   * @param device what the client said about its device, as JSON; stored in the row, not logged
   */
  public void record(AuditEvent event, Actor actor, String device, String detail) {
    OptionalLong leftOut = OptionalLong.of(0);
    if (event.isRepeatable()) {
      leftOut = repetitions.due(repeated(event, actor, detail));
      if (leftOut.isEmpty()) {
        return; // nobody may fill table and log by repeating it
      }
    }
    AuditEntry entry =
        new AuditEntry(
            Uuid7.next(clock.instant(), random),
            event,
            actor.subject(),
            actor.facts().clientAddress(),
            cut(device, MAX_DEVICE_LENGTH),
            actor.facts().requestId(),
            cut(detail + more(leftOut.getAsLong()), MAX_DETAIL_LENGTH));
    log.info("{}", entry.line(actor.facts().traceId()));
    if (!writer.offer(entry) && throttle.isDue("full")) {
      log.error("rows are lost, for the database has been away too long: the log has the lines");
    }
  }

  /**
   * Blanks IP address and device in the newest 1,000 rows of a user, in the transaction that erases
   * the user; {@link #blankRest} does the rest.
   */
  public void blank(Queries transaction, UUID userId) {
    new AuditDao(transaction).blank(userId, MAX_BLANKED_AT_ONCE);
  }

  /**
   * Blanks IP address and device in every row of a user who has been erased, piece by piece for at
   * most 5 s. Never fails: {@link #tend} later blanks what is left, and rows that were being
   * written meanwhile.
   */
  public void blankRest(UUID userId) {
    Deadline deadline = Deadline.in(MAX_BLANKING);
    AuditDao rows = new AuditDao(jdbc);
    Optional<UUID> before = Optional.empty();
    try {
      while (!deadline.passed()) {
        List<UUID> ids = rows.idsOfUser(userId, before, MAX_BLANKED_AT_ONCE);
        rows.blank(ids);
        if (ids.size() < MAX_BLANKED_AT_ONCE) {
          return;
        }
        before = Optional.of(ids.get(ids.size() - 1));
      }
      log.info("rows of an erased user are left to the purger user={} reason=\"many\"", userId);
    } catch (StorageException e) {
      log.info(
          "rows of an erased user are left to the purger user={} reason=\"{}\"",
          userId,
          e.getMessage());
    }
  }

  /**
   * Looks at no more than {@code max} rows after this one: deletes those whose retention is over,
   * and blanks IP address and device in those of erased users.
   *
   * @throws StorageException if the database is unreachable
   */
  public Tended tend(UUID after, int max, AuditRetention retention, Instant now) {
    AuditDao rows = new AuditDao(jdbc);
    List<Walked> walked = rows.after(after, max);
    List<Walked> over =
        walked.stream()
            .filter(row -> retention.isOver(row.event(), Uuid7.time(row.id()), now))
            .toList();
    int deleted = rows.delete(over.stream().map(Walked::id).toList());
    rows.blank(walked.stream().filter(Walked::ofErased).map(Walked::id).toList());
    return new Tended(
        deleted,
        walked.size() < max ? Optional.empty() : Optional.of(walked.get(walked.size() - 1).id()));
  }

  /**
   * What came of looking at some rows.
   *
   * @param deleted how many were deleted
   * @param last the id of the last one; empty if there are no more
   */
  public record Tended(int deleted, Optional<UUID> last) {}

  /**
   * Returns at most {@code max} events of a user, latest first.
   *
   * @param before where the page begins, as the page before it said; empty for the latest events
   */
  public EventPage ofUser(UUID userId, Optional<UUID> before, int max) {
    return new AuditDao(jdbc).ofUser(userId, before, max);
  }

  /** Says how often events were repeated that nobody has repeated since. */
  public void tellRepetitions() {
    repetitions.leftOut().forEach((event, count) -> log.info("repeated {} more={}", event, count));
  }

  private static String repeated(AuditEvent event, Actor actor, String detail) {
    return "event="
        + event.label()
        + actor
            .subject()
            .userId()
            .map(user -> " user=" + user)
            .orElse(" address=" + actor.facts().clientAddress())
        + (detail.isEmpty() ? "" : " " + detail);
  }

  private static String more(long leftOut) {
    return leftOut == 0 ? "" : " more=" + leftOut;
  }

  /** Writes the rows that are waiting, for at most 5 s. */
  @Override
  public void close() {
    writer.close();
  }

  private static String cut(String text, int longest) {
    return text.codePointCount(0, text.length()) <= longest
        ? text
        : text.substring(0, text.offsetByCodePoints(0, longest));
  }
}
