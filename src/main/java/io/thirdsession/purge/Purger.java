package io.thirdsession.purge;

import io.thirdsession.Timer;
import io.thirdsession.Uuid7;
import io.thirdsession.audit.AuditTrail;
import io.thirdsession.jdbc.Jdbc;
import io.thirdsession.jdbc.StorageException;
import io.thirdsession.purge.PurgeDao.Seen;
import io.thirdsession.session.SessionLifetime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes sessions that have ended and audit rows that have been kept for long enough. What began
 * too long ago stands at the left edge of its table's key and goes from there, in small pieces;
 * sessions that nobody used are found by walking along the key, slowly, and so are audit rows that
 * still tell where erased users were. One node does it, by a lease; two would do no harm.
 * Thread-safe.
 */
public final class Purger implements AutoCloseable {
  private static final Duration EVERY = Duration.ofSeconds(10);

  /** Longer than a run may take between two renewals, so that another node leaves it alone. */
  private static final Duration LEASE = Duration.ofSeconds(60);

  private static final Duration RENEWED_EVERY = Duration.ofSeconds(10);

  private static final int AT_ONCE = 500;

  /** Between two pieces, so that logins get in. */
  private static final Duration PAUSE = Duration.ofMillis(20);

  private static final int STEPS_OF_A_RUN = 10;
  private static final UUID BEGINNING = new UUID(0, 0);
  private static final Logger log = LoggerFactory.getLogger(Purger.class);

  private final PurgeDao rows;
  private final AuditTrail audit;
  private final SessionLifetime lifetime;
  private final Duration auditRetention;
  private final Clock clock;
  private final UUID node;
  private final Timer timer = new Timer("thirdsession-purge");
  private UUID walkedTo = BEGINNING;
  private UUID auditWalkedTo;
  private Instant leasedAt = Instant.MIN;
  private volatile boolean closed;

  /** Purges here; begins with {@link #start}. */
  public Purger(
      Jdbc jdbc,
      AuditTrail audit,
      SessionLifetime lifetime,
      Duration auditRetention,
      Clock clock,
      RandomGenerator random) {
    this.rows = new PurgeDao(jdbc);
    this.audit = audit;
    this.lifetime = lifetime;
    this.auditRetention = auditRetention;
    this.clock = clock;
    this.node = Uuid7.next(clock.instant(), random);
    // somewhere: a walk that began at the oldest row with each restart could never reach the latest
    this.auditWalkedTo =
        Uuid7.least(clock.instant().minusMillis(random.nextLong(auditRetention.toMillis())));
  }

  /** Begins to purge now and then. */
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

  /** Purges what there is, if this node has the lease; returns how many rows went. */
  int run() {
    if (!renew()) {
      return 0;
    }
    Instant now = earlier(clock.instant(), rows.databaseTime());
    UUID sessionBorder = Uuid7.least(now.minus(lifetime.absolute()));
    int expired = inPieces(() -> rows.deleteSessionsBefore(sessionBorder, AT_ONCE));
    int idle = walk(now.minus(lifetime.idle()));
    UUID auditBorder = Uuid7.least(now.minus(auditRetention));
    int old = inPieces(() -> rows.deleteAuditBefore(auditBorder, AT_ONCE));
    walkAudit();
    if (expired + idle + old > 0) {
      log.info("purged expired={} idle={} audit={}", expired, idle, old);
    }
    return expired + idle + old;
  }

  private int inPieces(IntSupplier delete) {
    int all = 0;
    int deleted = AT_ONCE;
    while (deleted == AT_ONCE && pause() && renew()) {
      deleted = delete.getAsInt();
      all += deleted;
    }
    return all;
  }

  /** Some steps along the key; the next run goes on where this one stopped. */
  private int walk(Instant notSeenSince) {
    int all = 0;
    for (int i = 0; i < STEPS_OF_A_RUN && pause() && renew(); i++) {
      List<Seen> sessions = rows.sessionsAfter(walkedTo, AT_ONCE);
      List<UUID> idle =
          sessions.stream().filter(s -> !s.at().isAfter(notSeenSince)).map(Seen::sid).toList();
      all += rows.deleteIdle(idle, notSeenSince);
      walkedTo = Seen.last(sessions).orElse(BEGINNING);
      if (sessions.size() < AT_ONCE) {
        walkedTo = BEGINNING;
        return all;
      }
    }
    return all;
  }

  /** The same along the audit trail, for what an erasure left to be emptied. */
  private void walkAudit() {
    for (int i = 0; i < STEPS_OF_A_RUN && pause() && renew(); i++) {
      Optional<UUID> last = audit.blankErased(auditWalkedTo, AT_ONCE);
      auditWalkedTo = last.orElse(BEGINNING);
      if (last.isEmpty()) {
        return;
      }
    }
  }

  /** Returns whether this node has the lease; asks the database for it now and then. */
  private boolean renew() {
    Instant now = clock.instant();
    if (now.isBefore(leasedAt.plus(RENEWED_EVERY)) && !now.isBefore(leasedAt)) {
      return true;
    }
    boolean leased = rows.lease(node, now, now.plus(LEASE));
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

  /** Stops between two pieces. */
  @Override
  public void close() {
    closed = true;
    timer.close();
  }
}
