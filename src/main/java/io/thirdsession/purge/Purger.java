package io.thirdsession.purge;

import io.thirdsession.Timer;
import io.thirdsession.Uuid7;
import io.thirdsession.audit.AuditRetention;
import io.thirdsession.audit.AuditTrail;
import io.thirdsession.audit.AuditTrail.Tended;
import io.thirdsession.event.EventRetention;
import io.thirdsession.jdbc.Jdbc;
import io.thirdsession.jdbc.Lease;
import io.thirdsession.jdbc.StorageException;
import io.thirdsession.metrics.Metrics;
import io.thirdsession.purge.PurgeDao.Piece;
import io.thirdsession.purge.PurgeDao.Seen;
import io.thirdsession.session.SessionLifetime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes sessions that have expired, audit rows and events past their retention time. Rows that
 * are too old are at the beginning of their table's primary key and are deleted from there, in
 * small batches. Idle sessions are found by walking slowly along the key, and so are audit rows
 * that still have the IP address or device of an erased user, and rows of any table whose user no
 * longer exists. One node purges at a time, by a lease; two would do no harm. Thread-safe.
 */
public final class Purger implements AutoCloseable {
  private static final Duration EVERY = Duration.ofSeconds(10);

  /** Longer than a run may take between two renewals, so that no other node takes over. */
  private static final Duration TIME = Duration.ofSeconds(60);

  private static final Duration RENEWED_EVERY = Duration.ofSeconds(10);

  private static final int AT_ONCE = 500;

  /** The pause between two batches, so that logins get their turn. */
  private static final Duration PAUSE = Duration.ofMillis(20);

  private static final int STEPS_OF_A_RUN = 10;

  /** About as many as fit between two runs. */
  private static final int MAX_STEPS_OF_A_RUN = 200;

  private static final Duration ROUND = Duration.ofHours(12);
  private static final UUID BEGINNING = new UUID(0, 0);
  private static final Logger log = LoggerFactory.getLogger(Purger.class);

  private final PurgeDao rows;
  private final Orphans orphans;
  private final PurgeProgress progress;
  private final AuditTrail audit;
  private final SessionLifetime lifetime;
  private final AuditRetention auditRetention;
  private final Clock clock;
  private final Lease lease;
  private final EventRetention events;
  private final Timer timer = new Timer("thirdsession-purge");
  private UUID walkedTo = BEGINNING;
  private UUID auditWalkedTo;
  private Instant leasedAt = Instant.MIN;
  private volatile boolean closed;

  /** Makes a purger, which begins to work with {@link #start}. */
  public Purger(
      Jdbc jdbc,
      AuditTrail audit,
      SessionLifetime lifetime,
      AuditRetention auditRetention,
      EventRetention events,
      Clock clock,
      RandomGenerator random,
      Metrics metrics) {
    this.progress = new PurgeProgress(clock, metrics);
    this.rows = new PurgeDao(jdbc);
    this.orphans = new Orphans(jdbc, AT_ONCE, STEPS_OF_A_RUN, () -> pause() && renew());
    this.audit = audit;
    this.lifetime = lifetime;
    this.auditRetention = auditRetention;
    this.clock = clock;
    this.lease = new Lease(jdbc, "purge", Uuid7.next(clock.instant(), random));
    this.events = events;
    // at random: a walk from the oldest row at each restart might never reach the newest
    this.auditWalkedTo =
        Uuid7.least(
            clock.instant().minusMillis(random.nextLong(auditRetention.longest().toMillis())));
  }

  /** Begins to purge every 10 s. */
  public void start() {
    timer.every(EVERY, this::runQuietly);
  }

  private void runQuietly() {
    try {
      run();
    } catch (StorageException e) {
      log.debug("nothing is purged while the database is away", e);
    }
  }

  /** Purges once, if this node has the lease; returns how many rows were deleted. */
  int run() {
    if (!renew()) {
      progress.forget(); // another node has it from here
      return 0;
    }
    Instant now = earlier(clock.instant(), rows.databaseTime());
    UUID sessionBorder = Uuid7.least(now.minus(lifetime.absolute()));
    int expired = inPieces(from -> rows.deleteSessions(from, sessionBorder, AT_ONCE));
    WalkedSessions walked = walk(now.minus(lifetime.idle()));
    UUID auditBorder = Uuid7.least(now.minus(auditRetention.longest()));
    int old = inPieces(from -> rows.deleteAudit(from, auditBorder, AT_ONCE)) + walkAudit(now);
    if (expired + walked.idle() + old > 0) {
      log.info("purged expired={} idle={} audit={}", expired, walked.idle(), old);
    }
    int lost = orphans.remove(walked.orphans());
    int told = purgeEvents(now);
    progress.purged(expired, walked.idle(), old, lost, told);
    return expired + walked.idle() + old + lost + told;
  }

  private int purgeEvents(Instant now) {
    int all = 0;
    int deleted = events.purge(now);
    while (deleted > 0) {
      all += deleted;
      deleted = pause() && renew() ? events.purge(now) : 0;
    }
    return all;
  }

  private int inPieces(Function<UUID, Piece> delete) {
    int all = 0;
    Optional<UUID> next = Optional.of(BEGINNING);
    while (next.isPresent() && pause() && renew()) {
      Piece piece = delete.apply(next.get());
      all += piece.deleted();
      next = piece.next();
    }
    return all;
  }

  /** Walks some steps along the key; the next run continues where this one stopped. */
  private WalkedSessions walk(Instant notSeenSince) {
    int allIdle = 0;
    int allOrphans = 0;
    int steps = steps("session");
    for (int i = 0; i < steps && pause() && renew(); i++) {
      List<Seen> sessions = rows.sessionsAfter(walkedTo, AT_ONCE);
      List<UUID> idle =
          sessions.stream().filter(s -> !s.at().isAfter(notSeenSince)).map(Seen::sid).toList();
      allOrphans +=
          rows.deleteSessions(sessions.stream().filter(Seen::isOrphan).map(Seen::sid).toList());
      allIdle += rows.deleteIdle(idle, notSeenSince);
      sessions.forEach(session -> progress.met(session.at(), notSeenSince));
      walkedTo = Seen.last(sessions).orElse(BEGINNING);
      if (sessions.size() < AT_ONCE) {
        walkedTo = BEGINNING;
        progress.walked();
        break;
      }
    }
    return new WalkedSessions(allIdle, allOrphans);
  }

  /**
   * Walks along the audit trail in the same way, for rows that an erasure left to be blanked, and
   * for events that are kept for less than the longest time; returns how many rows were deleted.
   */
  private int walkAudit(Instant now) {
    int all = 0;
    int steps = steps("audit");
    for (int i = 0; i < steps && pause() && renew(); i++) {
      Tended tended = audit.tend(auditWalkedTo, AT_ONCE, auditRetention, now);
      all += tended.deleted();
      auditWalkedTo = tended.last().orElse(BEGINNING);
      if (tended.last().isEmpty()) {
        break;
      }
    }
    return all;
  }

  /** Returns how many steps of this run bring a walk around a large table in half a day. */
  private int steps(String table) {
    long rowsOfARun = rows.rows(table) * EVERY.toSeconds() / ROUND.toSeconds();
    return (int) Math.min(MAX_STEPS_OF_A_RUN, Math.max(STEPS_OF_A_RUN, rowsOfARun / AT_ONCE));
  }

  /** Returns whether this node has the lease; renews it in the database every 10 s. */
  private boolean renew() {
    Instant now = clock.instant();
    if (now.isBefore(leasedAt.plus(RENEWED_EVERY)) && !now.isBefore(leasedAt)) {
      return true;
    }
    boolean leased = lease.hold(TIME);
    leasedAt = leased ? now : Instant.MIN;
    return leased;
  }

  private boolean pause() {
    try {
      Thread.sleep(PAUSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    return !closed;
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  /** How many sessions were deleted because nobody used them, and because nobody can use them. */
  private record WalkedSessions(int idle, int orphans) {}

  /** Stops the purger between two batches. */
  @Override
  public void close() {
    closed = true;
    timer.close();
  }
}
