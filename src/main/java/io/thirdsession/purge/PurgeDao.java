package io.thirdsession.purge;

import io.thirdsession.jdbc.ClockCheck;
import io.thirdsession.jdbc.Queries;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Deletes in small batches. */
final class PurgeDao {
  /** From where the last piece ended: rows that were deleted a moment ago are read like others. */
  private static final String PIECE =
      "SELECT %2$s AS id FROM %1$s WHERE %2$s >= ? AND %2$s < ? ORDER BY %2$s LIMIT 1 OFFSET ?";

  private static final String DELETE_PIECE = "DELETE FROM %1$s WHERE %2$s >= ? AND %2$s < ?";

  /** As the optimizer knows it; it may be off by half, and a day old. */
  private static final String ROWS =
      """
      SELECT COALESCE(MAX(table_rows), 0) AS table_rows FROM information_schema.tables
      WHERE table_schema = DATABASE() AND table_name = ?
      """;

  /** Applies the rule of every session check: user and identity exist and belong together. */
  private static final String WALK =
      """
      SELECT s.sid, s.last_seen_at, (i.id IS NULL OR u.id IS NULL) AS is_orphan
      FROM session s
      LEFT JOIN identity i ON i.id = s.identity_id AND i.user_id = s.user_id
      LEFT JOIN user u ON u.id = s.user_id
      WHERE s.sid > ?
      ORDER BY s.sid
      LIMIT ?
      """;

  private static final String IDLE = "DELETE FROM session WHERE sid IN (%s) AND last_seen_at <= ?";

  private static final String DELETE_SESSIONS = "DELETE FROM session WHERE sid IN (%s)";

  private final Queries queries;

  PurgeDao(Queries queries) {
    this.queries = queries;
  }

  /** Compared with our clock, so that a clock that runs fast deletes nothing too early. */
  Instant databaseTime() {
    return ClockCheck.databaseTime(queries);
  }

  /** Returns about how many rows this table has. */
  long rows(String table) {
    return queries.first(ROWS, row -> row.number("table_rows"), table).orElse(0L);
  }

  /** Deletes at most {@code most} sessions from this sid on, and before another one. */
  Piece deleteSessions(UUID from, UUID before, int most) {
    return deletePiece("session", "sid", from, before, most);
  }

  /**
   * Deletes at most {@code most} rows of the audit trail from this id on, and before another one.
   */
  Piece deleteAudit(UUID from, UUID before, int most) {
    return deletePiece("audit", "id", from, before, most);
  }

  private Piece deletePiece(String table, String key, UUID from, UUID before, int most) {
    Optional<UUID> next =
        queries.first(PIECE.formatted(table, key), row -> row.id("id"), from, before, most);
    int deleted = queries.update(DELETE_PIECE.formatted(table, key), from, next.orElse(before));
    return new Piece(deleted, next);
  }

  /** Returns at most {@code most} sessions after this one, in the order of the key. */
  List<Seen> sessionsAfter(UUID sid, int most) {
    return queries.list(
        WALK,
        row -> new Seen(row.id("sid"), row.time("last_seen_at"), row.integer("is_orphan") == 1),
        sid,
        most);
  }

  /** Deletes these sessions and returns how many there were. */
  int deleteSessions(List<UUID> sids) {
    return sids.isEmpty() ? 0 : queries.update(withMarks(DELETE_SESSIONS, sids), sids.toArray());
  }

  /**
   * Deletes those of these sessions that have not been used after this time, and returns how many.
   */
  int deleteIdle(List<UUID> sids, Instant since) {
    if (sids.isEmpty()) {
      return 0;
    }
    Object[] parameters = new Object[sids.size() + 1];
    sids.toArray(parameters);
    parameters[sids.size()] = since;
    return queries.update(withMarks(IDLE, sids), parameters);
  }

  private static String withMarks(String sql, List<UUID> ids) {
    return sql.formatted(Queries.marks(ids.size()));
  }

  /**
   * What was deleted at once.
   *
   * @param deleted how many rows
   * @param next where the next piece begins; empty if this was the last
   */
  record Piece(int deleted, Optional<UUID> next) {}

  /**
   * A session, when it was last used, and whether nobody can use it because its user or identity no
   * longer exists.
   */
  record Seen(UUID sid, Instant at, boolean isOrphan) {
    static Optional<UUID> last(List<Seen> sessions) {
      return sessions.isEmpty()
          ? Optional.empty()
          : Optional.of(sessions.get(sessions.size() - 1).sid());
    }
  }
}
