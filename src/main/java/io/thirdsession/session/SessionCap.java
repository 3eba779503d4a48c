package io.thirdsession.session;

import io.thirdsession.session.SessionDao.SessionOfUser;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Which sessions of its user a login ends, so that no more are left than a user may have. Knows no
 * database. Thread-safe.
 */
final class SessionCap {
  private final SessionLifetime lifetime;
  private final SessionTokens tokens;
  private final int maxPerUser;

  /**
   * Makes room for a session among so many.
   *
   * @param maxPerUser live sessions that a user may have, the new one among them
   */
  SessionCap(SessionLifetime lifetime, SessionTokens tokens, int maxPerUser) {
    this.lifetime = lifetime;
    this.tokens = tokens;
    this.maxPerUser = maxPerUser;
  }

  /**
   * Returns the ids of the sessions to end: the dead ones, the one that the client had until now,
   * the last one of an origin that replaces its last, and the least recently used beyond the cap.
   *
   * @param present the user's sessions, live or not
   * @param coming the session that is to begin
   * @param replaced the token that the client had until now, if it is one of ours
   */
  List<UUID> toEnd(
      List<SessionOfUser> present,
      NewSession coming,
      Optional<SessionToken> replaced,
      Instant now) {
    List<UUID> ending = new ArrayList<>();
    List<SessionOfUser> staying = new ArrayList<>();
    for (SessionOfUser session : present) {
      boolean ends =
          !lifetime.isLive(session.sid(), session.lastSeenAt(), now)
              || replaced.filter(token -> isOf(token, session, coming)).isPresent()
              || isLastOfItsOrigin(session, coming);
      if (ends) {
        ending.add(session.sid());
      } else {
        staying.add(session);
      }
    }
    staying.stream()
        .sorted(Comparator.comparing(SessionOfUser::lastSeenAt).thenComparing(SessionOfUser::sid))
        .limit(Math.max(0, staying.size() - maxPerUser + 1))
        .forEach(session -> ending.add(session.sid()));
    return ending;
  }

  private boolean isOf(SessionToken token, SessionOfUser session, NewSession coming) {
    UUID userId = coming.identity().userId();
    return session.sid().equals(token.sid())
        && tokens.isOf(token, userId, session.identityId(), session.secretHash());
  }

  private static boolean isLastOfItsOrigin(SessionOfUser session, NewSession coming) {
    return coming.origin().replacesItsLast()
        && session.origin().equals(coming.origin().label())
        && session.identityId().equals(coming.identity().id());
  }
}
