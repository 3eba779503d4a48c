package io.thirdsession.session;

import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.jdbc.Jdbc;
import io.thirdsession.jdbc.StorageException;
import io.thirdsession.jdbc.Transaction;
import io.thirdsession.session.SessionDao.SessionOfUser;
import io.thirdsession.session.SessionDao.StoredSession;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins, checks and ends sessions. Nothing is cached: every check reads the row, so that what was
 * ended is ended on every node at once. Thread-safe.
 */
public final class SessionService {
  private static final Logger log = LoggerFactory.getLogger(SessionService.class);

  private final Jdbc jdbc;
  private final SessionTokens tokens;
  private final SessionLifetime lifetime;
  private final int mostPerUser;
  private final Clock clock;

  /**
   * Uses these parts.
   *
   * @param mostPerUser live sessions a user may have; a login beyond it ends the least recently
   *     used
   */
  public SessionService(
      Jdbc jdbc, SessionTokens tokens, SessionLifetime lifetime, int mostPerUser, Clock clock) {
    this.jdbc = jdbc;
    this.tokens = tokens;
    this.lifetime = lifetime;
    this.mostPerUser = mostPerUser;
    this.clock = clock;
  }

  /** Returns a token for a session that is to begin now. */
  public SessionToken mint() {
    return tokens.mint(clock.instant());
  }

  /**
   * Begins a session inside the login's transaction, after the user's row was locked there. Before
   * it goes in, the user's dead sessions go out, with the one that the client had until now, and
   * the least recently used beyond the cap. Done again after a lost commit, it changes nothing.
   */
  public Session begin(Transaction transaction, NewSession session) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    SessionDao sessions = new SessionDao(transaction);
    UUID sid = session.token().sid();
    List<SessionOfUser> present = sessions.ofUser(session.identity().userId());
    if (present.stream().noneMatch(s -> s.sid().equals(sid))) {
      sessions.delete(toEnd(present, session, now));
      sessions.insert(session, now);
    }
    return toSession(session, now, true);
  }

  /** Returns what the session would be, for a login that keeps none: its token is never good. */
  public Session passing(NewSession session) {
    return toSession(session, clock.instant(), false);
  }

  /**
   * Returns the session of this token, or empty if it is unknown, expired or ended. One read by
   * primary key for a token of ours, none for any other text. Being checked keeps a session alive:
   * that is written now and then, and a write that fails does not fail the check.
   *
   * @throws StorageException if the database is away
   */
  public Optional<Session> find(String tokenText) {
    Optional<SessionToken> token = tokens.parse(tokenText);
    if (token.isEmpty()) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    return find(token.get(), now).map(stored -> toSession(stored, touched(stored, now)));
  }

  /**
   * Returns whether the session of this token is live, without keeping it alive.
   *
   * @throws StorageException if the database is away
   */
  public boolean isLive(SessionToken token) {
    return find(token, clock.instant()).isPresent();
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
   * Ends the session. It is ended for every check that begins after this returned.
   *
   * @throws StorageException if the database is away; whether it was ended is then unknown
   */
  public void end(Session session) {
    new SessionDao(jdbc).delete(Set.of(session.sid()));
  }

  /**
   * Ends the user's session with this sid, and returns whether it was a live one of theirs.
   *
   * @throws StorageException if the database is away
   */
  public boolean endOne(UUID userId, UUID sid) {
    boolean live = ofUser(userId).stream().anyMatch(session -> session.sid().equals(sid));
    return new SessionDao(jdbc).deleteOfUser(userId, sid) == 1 && live;
  }

  /**
   * Ends all sessions of the user, but for one if it is named, and returns how many there were.
   *
   * @throws StorageException if the database is away
   */
  public int endAll(UUID userId, Optional<UUID> butFor) {
    return new SessionDao(jdbc).deleteAllOfUser(userId, butFor);
  }

  /** Ends all sessions of the user inside a transaction. */
  public void endAll(Transaction transaction, UUID userId) {
    new SessionDao(transaction).deleteAllOfUser(userId, Optional.empty());
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
    return sessions.deleteAllOfUser(session.userId(), Optional.of(session.sid()));
  }

  private Optional<StoredSession> find(SessionToken token, Instant now) {
    return new SessionDao(jdbc)
        .find(token.sid())
        .filter(stored -> stored.secretHash().equals(token.secretHash()))
        .filter(stored -> isLive(stored.sid(), stored.lastSeenAt(), now));
  }

  private boolean isLive(UUID sid, Instant lastSeenAt, Instant now) {
    return now.isBefore(lifetime.expiresAt(sid, lastSeenAt));
  }

  /**
   * Returns when the session was last seen: now, if that was worth writing and could be written.
   */
  private Instant touched(StoredSession session, Instant now) {
    if (!lifetime.isTouchDue(session.lastSeenAt(), now)) {
      return session.lastSeenAt();
    }
    Instant seen = now.truncatedTo(ChronoUnit.MILLIS);
    try {
      new SessionDao(jdbc).touch(session.sid(), seen);
      return seen;
    } catch (StorageException e) {
      log.warn("touch failed sid={} reason=\"{}\"", session.sid(), e.getMessage());
      return session.lastSeenAt();
    }
  }

  private Session toSession(NewSession session, Instant now, boolean kept) {
    UUID sid = session.token().sid();
    return new Session(
        sid,
        session.identity().userId(),
        session.identity().appId(),
        session.identity().openId(),
        session.identity().unionId(),
        lifetime.expiresAt(sid, now),
        kept);
  }

  private Session toSession(StoredSession stored, Instant lastSeenAt) {
    return new Session(
        stored.sid(),
        stored.userId(),
        stored.appId(),
        stored.openId(),
        stored.unionId(),
        lifetime.expiresAt(stored.sid(), lastSeenAt),
        true);
  }

  private List<UUID> toEnd(List<SessionOfUser> present, NewSession coming, Instant now) {
    Optional<SessionToken> replaced = coming.replaced().flatMap(tokens::parse);
    List<UUID> ending = new ArrayList<>();
    List<SessionOfUser> staying = new ArrayList<>();
    for (SessionOfUser session : present) {
      boolean ends =
          !isLive(session.sid(), session.lastSeenAt(), now)
              || replaced.filter(token -> isOf(token, session)).isPresent()
              || isLastOfItsOrigin(session, coming);
      if (ends) {
        ending.add(session.sid());
      } else {
        staying.add(session);
      }
    }
    staying.stream()
        .sorted(Comparator.comparing(SessionOfUser::lastSeenAt).thenComparing(SessionOfUser::sid))
        .limit(Math.max(0, staying.size() - mostPerUser + 1))
        .forEach(session -> ending.add(session.sid()));
    return ending;
  }

  private static boolean isOf(SessionToken token, SessionOfUser session) {
    return session.sid().equals(token.sid()) && session.secretHash().equals(token.secretHash());
  }

  private static boolean isLastOfItsOrigin(SessionOfUser session, NewSession coming) {
    return coming.origin().replacesItsLast()
        && session.origin().equals(coming.origin().label())
        && session.identityId().equals(coming.identity().id());
  }
}
