package io.thirdsession.session;

import static java.util.stream.Collectors.groupingBy;

import io.thirdsession.Secret;
import io.thirdsession.jdbc.Transaction;
import io.thirdsession.metrics.Counter;
import io.thirdsession.session.SessionDao.NewRow;
import io.thirdsession.session.SessionDao.SessionOfUser;
import io.thirdsession.user.Identity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** Begins sessions inside the transaction of their logins. Thread-safe. */
public final class NewSessions {
  private final SessionTokens tokens;
  private final SessionLifetime lifetime;
  private final SessionCap cap;
  private final Touches touches;
  private final Counter ended;

  /**
   * Makes sessions that live this long.
   *
   * @param maxPerUser live sessions a user may have; a login beyond it ends the least recently used
   * @param touches has what was used and is not written yet
   */
  public NewSessions(
      SessionTokens tokens,
      SessionLifetime lifetime,
      int maxPerUser,
      Touches touches,
      Counter ended) {
    this.tokens = tokens;
    this.lifetime = lifetime;
    this.cap = new SessionCap(lifetime, tokens, maxPerUser);
    this.touches = touches;
    this.ended = ended;
  }

  /** Returns a token for a session that begins at this moment. */
  public SessionToken mint(Instant begin) {
    return tokens.mint(begin);
  }

  /**
   * Begins sessions of different users inside their transaction, after the users' rows were locked
   * there. Before they go in, dead sessions of their users go out, with the one that each client
   * had until now, and the least recently used beyond the cap. Done again after a lost commit, it
   * changes nothing.
   */
  public void begin(Transaction transaction, List<NewSession> begun) {
    SessionDao sessions = new SessionDao(transaction);
    List<UUID> users = begun.stream().map(session -> session.identity().userId()).toList();
    Map<UUID, List<SessionOfUser>> present =
        sessions.ofUsers(users).stream()
            .map(session -> session.seenAt(touches.of(session.sid())))
            .collect(groupingBy(SessionOfUser::userId));
    List<NewRow> missing = new ArrayList<>();
    Set<UUID> ending = new TreeSet<>(); // in one order, as whoever else locks several rows
    for (NewSession session : begun) {
      List<SessionOfUser> ofUser = present.getOrDefault(session.identity().userId(), List.of());
      if (ofUser.stream().noneMatch(known -> known.sid().equals(session.token().sid()))) {
        Optional<SessionToken> replaced = session.replaced().flatMap(tokens::parse);
        ending.addAll(cap.toEnd(ofUser, session, replaced, session.at()));
        missing.add(row(session));
      }
    }
    ended.add(sessions.delete(ending));
    sessions.insert(missing);
  }

  /** Returns a session that has begun, for the client. */
  public Session begun(NewSession session) {
    return toSession(session, true);
  }

  /** Returns what the session would be, for a login that keeps none: its token is never good. */
  public Session passing(NewSession session) {
    return toSession(session, false);
  }

  private NewRow row(NewSession session) {
    Identity identity = session.identity();
    Secret hash = tokens.secretHash(session.token(), identity.userId(), identity.id());
    return new NewRow(session, hash);
  }

  private Session toSession(NewSession session, boolean kept) {
    UUID sid = session.token().sid();
    return Session.of(sid, session.identity(), lifetime.expiresAt(sid, session.at()), kept);
  }
}
