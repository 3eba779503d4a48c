package io.thirdsession.session;

import io.thirdsession.Deadline;
import io.thirdsession.audit.Actor;
import io.thirdsession.audit.AuditEvent;
import io.thirdsession.audit.AuditTrail;
import io.thirdsession.event.EventOutbox;
import io.thirdsession.event.EventType;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.jdbc.Jdbc;
import io.thirdsession.jdbc.StorageException;
import io.thirdsession.jdbc.Transaction;
import io.thirdsession.session.SessionDao.StoredSession;
import io.thirdsession.user.Identity;
import io.thirdsession.user.IdentityMacs;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;

/**
 * Checks and ends sessions. Nothing is cached: every check reads the row, so that what was ended is
 * ended on every node at once. Thread-safe.
 */
public final class SessionService {
  /** The time for a check. */
  private static final Duration CHECK = Duration.ofSeconds(3);

  private final Jdbc jdbc;
  private final SessionTokens tokens;
  private final IdentityMacs identityMacs;
  private final SessionLifetime lifetime;
  private final AuditTrail audit;
  private final EventOutbox events;
  private final Clock clock;
  private final CombinedReads<StoredSession> reads;
  private final Touches touches;
  private final EndedSessions ended;

  /**
   * Keeps sessions in this database.
   *
   * @param touches writes when they were used
   */
  public SessionService(
      Jdbc jdbc,
      SessionTokens tokens,
      IdentityMacs identityMacs,
      SessionLifetime lifetime,
      Touches touches,
      AuditTrail audit,
      EventOutbox events,
      Clock clock,
      EndedSessions ended) {
    this.jdbc = jdbc;
    this.tokens = tokens;
    this.identityMacs = identityMacs;
    this.lifetime = lifetime;
    this.touches = touches;
    this.audit = audit;
    this.events = events;
    this.clock = clock;
    this.ended = ended;
    this.reads =
        new CombinedReads<>((sids, deadline) -> new SessionDao(jdbc.within(deadline)).find(sids));
  }

  /**
   * Returns the session of this token, or empty if it is unknown, expired or ended. A token of ours
   * is looked for in the database, with others that wait at the same moment; any other text is not.
   * Being checked keeps a session alive: that is noted now and then, and written within a second.
   *
   * @throws StorageException if the database is away
   */
  public Optional<Session> find(String tokenText) {
    Optional<SessionToken> token = tokens.parse(tokenText);
    if (token.isEmpty()) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    return findStored(token.get(), now).map(stored -> toSession(stored, touched(stored, now)));
  }

  /**
   * Returns whether the session of this token is live, without keeping it alive.
   *
   * @throws StorageException if the database is away
   */
  public boolean isLive(SessionToken token) {
    return findStored(token, clock.instant()).isPresent();
  }

  /**
   * Returns the live sessions of a user, latest used first.
   *
   * @throws StorageException if the database is away
   */
  public List<DeviceSession> ofUser(UUID userId) {
    Instant now = clock.instant();
    return heldOfUser(userId).stream()
        .filter(session -> now.isBefore(session.expiresAt()))
        .toList();
  }

  /**
   * Returns the sessions of a user that are not deleted yet, dead ones too, latest used first.
   *
   * @throws StorageException if the database is away
   */
  public List<DeviceSession> heldOfUser(UUID userId) {
    return new SessionDao(jdbc).detailsOfUser(userId, lifetime);
  }

  /**
   * Ends the caller's session. It is ended for every check that begins after this returned.
   *
   * @throws StorageException if the database is away; whether it was ended is then unknown
   */
  public void logOut(Caller caller) {
    Set<UUID> own = Set.of(caller.session().sid());
    ended.of(SessionEnd.LOGOUT).add(deleted(of(caller), "one", rows -> rows.delete(own)));
    audit.record(AuditEvent.LOGOUT, caller, "");
  }

  /**
   * Ends the user's session with this sid, and returns whether it was a live one of theirs.
   *
   * @param by who ends it: a caller from their own session, or a service client
   * @throws StorageException if the database is away
   */
  public boolean endOne(UUID userId, UUID sid, Actor by) {
    Optional<DeviceSession> live =
        ofUser(userId).stream().filter(session -> session.sid().equals(sid)).findFirst();
    UserOfApp whose = new UserOfApp(userId, live.map(DeviceSession::appId).orElse(""));
    boolean done = deleted(whose, "one", rows -> rows.deleteOfUser(userId, sid)) == 1;
    if (done && live.isPresent()) {
      ended.of(SessionEnd.ONE).increment();
      String detail = by.subject().sid().map(own -> "by=" + own).orElse("which=one");
      audit.record(AuditEvent.SESSION_ENDED, by.with(by.subject().session(sid)), detail);
    }
    return done && live.isPresent();
  }

  /**
   * Ends all sessions of the caller's user, this one too, and returns how many there were.
   *
   * @throws StorageException if the database is away
   */
  public int endAll(Caller caller) {
    int count =
        deleted(of(caller), "all", rows -> rows.deleteAllOfUser(caller.userId(), Optional.empty()));
    ended.of(SessionEnd.ALL).add(count);
    // recorded even if another request was quicker: the caller's own session was live just now
    audit.record(AuditEvent.SESSION_ENDED, caller, "which=all");
    return count;
  }

  /**
   * Ends all sessions of the caller's user but for this one, and returns how many there were.
   *
   * @throws StorageException if the database is away
   */
  public int endOthers(Caller caller) {
    Optional<UUID> own = Optional.of(caller.session().sid());
    int count = deleted(of(caller), "others", rows -> rows.deleteAllOfUser(caller.userId(), own));
    ended.of(SessionEnd.OTHERS).add(count);
    if (count > 0) {
      audit.record(AuditEvent.SESSION_ENDED, caller, "which=others");
    }
    return count;
  }

  /**
   * Deletes in a transaction and returns how many rows, also if they are gone when it is done again
   * after a lost commit. Of a single statement whose response is lost that would be unknown.
   */
  private int deleted(UserOfApp whose, String which, ToIntFunction<SessionDao> deletion) {
    AtomicInteger deleted = new AtomicInteger();
    return jdbc.inTransaction(
        transaction -> {
          int gone = deletion.applyAsInt(new SessionDao(transaction));
          tell(transaction, gone, whose, which);
          return deleted.accumulateAndGet(gone, Math::max);
        });
  }

  private void tell(Transaction transaction, int gone, UserOfApp whose, String which) {
    if (gone > 0) {
      events.add(transaction, EventType.SESSIONS_ENDED, whose.userId(), whose.appId(), which);
    }
  }

  private static UserOfApp of(Caller caller) {
    return new UserOfApp(caller.userId(), caller.session().appId());
  }

  /**
   * Ends all sessions of the user as a part of something else, which the caller of this method
   * writes down; returns how many there were.
   */
  public int endAll(Transaction transaction, UUID userId) {
    int gone = new SessionDao(transaction).deleteAllOfUser(userId, Optional.empty());
    tell(transaction, gone, new UserOfApp(userId, ""), "all");
    return gone;
  }

  /**
   * Ends all other sessions of this one's user inside a transaction, after the user's row was
   * locked there; returns how many.
   *
   * @throws ApiException {@code session_invalid} if this one was ended meanwhile: it ends no other
   */
  public int endOthers(Transaction transaction, Session session) {
    SessionDao sessions = new SessionDao(transaction);
    if (!sessions.lock(session.sid())) {
      throw ApiException.of(ApiError.SESSION_INVALID, "the session was ended meanwhile");
    }
    int gone = sessions.deleteAllOfUser(session.userId(), Optional.of(session.sid()));
    tell(transaction, gone, new UserOfApp(session.userId(), session.appId()), "others");
    return gone;
  }

  /** What is noted and not written is looked up first: if it was written just then, it is read. */
  private Optional<StoredSession> findStored(SessionToken token, Instant now) {
    Optional<Instant> noted = touches.of(token.sid());
    return reads
        .find(token.sid(), Deadline.in(CHECK))
        .filter(stored -> isOf(token, stored))
        .map(stored -> noted.map(stored::seenAt).orElse(stored))
        .filter(stored -> lifetime.isLive(stored.sid(), stored.lastSeenAt(), now));
  }

  private boolean isOf(SessionToken token, StoredSession stored) {
    Identity identity = stored.identity();
    return tokens.isOf(token, identity.userId(), identity.id(), stored.secretHash())
        && identityMacs.isGenuine(identity, stored.identityMac());
  }

  /** Returns when the session was last seen: now, if that is worth a write and will be written. */
  private Instant touched(StoredSession session, Instant now) {
    return lifetime.isTouchDue(session.lastSeenAt(), now) && touches.note(session.sid(), now)
        ? now
        : session.lastSeenAt();
  }

  private Session toSession(StoredSession stored, Instant lastSeenAt) {
    return Session.of(
        stored.sid(),
        stored.identity(),
        stored.externalId(),
        lifetime.expiresAt(stored.sid(), lastSeenAt),
        stored.hasProvenPhone(),
        true);
  }

  /** Whose sessions end, and through which app; empty if through none. */
  private record UserOfApp(UUID userId, String appId) {}
}
