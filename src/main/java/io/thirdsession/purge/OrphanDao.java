package io.thirdsession.purge;

import io.thirdsession.jdbc.Queries;
import java.util.List;
import java.util.UUID;

/** Walks along the rows of a table that refer to a user, by the table's index on the user. */
final class OrphanDao {
  /** One consistent read: it locks nothing, and sees all or nothing of what a transaction wrote. */
  private static final String WALK =
      """
      SELECT t.user_id, u.id IS NULL AS is_gone
      FROM (SELECT DISTINCT user_id FROM %s WHERE user_id > ? ORDER BY user_id LIMIT ?) t
      LEFT JOIN user u ON u.id = t.user_id
      ORDER BY t.user_id
      """;

  /** Safe without a check, since the id of an erased user is never used again. */
  private static final String DELETE = "DELETE FROM %s WHERE user_id IN (%s)";

  private final Queries queries;
  private final String table;

  OrphanDao(Queries queries, String table) {
    this.queries = queries;
    this.table = table;
  }

  /**
   * Returns at most {@code most} users to whom the table refers, after this one, in the order of
   * their ids.
   */
  List<Named> usersAfter(UUID userId, int most) {
    return queries.list(
        WALK.formatted(table),
        row -> new Named(row.id("user_id"), row.integer("is_gone") == 1),
        userId,
        most);
  }

  /** Deletes the rows that refer to these users, and returns how many there were. */
  int deleteOf(List<UUID> userIds) {
    if (userIds.isEmpty()) {
      return 0;
    }
    String marks = Queries.marks(userIds.size());
    return queries.update(DELETE.formatted(table, marks), userIds.toArray());
  }

  /** A user to whom the table refers, and whether that user no longer exists. */
  record Named(UUID userId, boolean isGone) {}
}
