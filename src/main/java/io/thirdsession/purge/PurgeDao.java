package io.thirdsession.purge;

import io.thirdsession.jdbc.Queries;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Deletes in small pieces, and keeps the lease of who does. */
final class PurgeDao {
  /** The update count decides: a node has it, or takes it when nobody has. */
  private static final String LEASE =
      """
      UPDATE lease
      SET holder = ?, held_until = ?
      WHERE name = 'purge' AND (holder = ? OR held_until <= ?)
      """;

  /** The only question of the time: nothing is deleted by a clock that runs ahead. */
  private static final String DATABASE_TIME = "SELECT UNIX_TIMESTAMP() * 1000 AS now_millis";

  private static final String OLD_SESSIONS =
      "DELETE FROM session WHERE sid < ? ORDER BY sid LIMIT ?";

  private static final String OLD_AUDIT = "DELETE FROM audit WHERE id < ? ORDER BY id LIMIT ?";

  private static final String WALK =
      "SELECT sid, last_seen_at FROM session WHERE sid > ? ORDER BY sid LIMIT ?";

  private static final String IDLE = "DELETE FROM session WHERE sid IN (%s) AND last_seen_at <= ?";

  private final Queries queries;

  PurgeDao(Queries queries) {
    this.queries = queries;
  }

  /** Returns whether this node has the lease now. */
  boolean lease(UUID node, Instant now, Instant until) {
    return queries.update(LEASE, node, until, node, now) == 1;
  }

  Instant databaseTime() {
    return queries.first(DATABASE_TIME, row -> row.time("now_millis")).orElseThrow();
  }

  /** Deletes sessions that began before this id, at most so many, and returns how many. */
  int deleteSessionsBefore(UUID sid, int most) {
    return queries.update(OLD_SESSIONS, sid, most);
  }

  int deleteAuditBefore(UUID id, int most) {
    return queries.update(OLD_AUDIT, id, most);
  }

  /** Returns the sessions after this one, in the order of the key. */
  List<Seen> sessionsAfter(UUID sid, int most) {
    return queries.list(WALK, row -> new Seen(row.id("sid"), row.time("last_seen_at")), sid, most);
  }

  /** Deletes those of these sessions that have not been seen since, and returns how many. */
  int deleteIdle(List<UUID> sids, Instant since) {
    if (sids.isEmpty()) {
      return 0;
    }
    String marks = String.join(", ", Collections.nCopies(sids.size(), "?"));
    Object[] parameters = new Object[sids.size() + 1];
    sids.toArray(parameters);
    parameters[sids.size()] = since;
    return queries.update(IDLE.formatted(marks), parameters);
  }

  /** When a session was seen. */
  record Seen(UUID sid, Instant at) {
    static Optional<UUID> last(List<Seen> sessions) {
      return sessions.isEmpty()
          ? Optional.empty()
          : Optional.of(sessions.get(sessions.size() - 1).sid());
    }
  }
}
