package io.thirdsession.jdbc;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * This node's row of the table {@code node}, written to see whether the database can write. Not
 * thread-safe.
 */
final class NodeRow {
  private static final String UPDATE =
      "UPDATE node SET seen_at = UNIX_TIMESTAMP() * 1000, writes = writes + 1 WHERE id = ?";

  private static final String INSERT =
      "INSERT INTO node (id, seen_at, writes) VALUES (?, UNIX_TIMESTAMP() * 1000, 1)";

  /** Nodes that were not seen for a day have gone, or write their row anew. */
  private static final String DELETE_GONE =
      "DELETE FROM node WHERE seen_at < (UNIX_TIMESTAMP() - 86400) * 1000";

  private @Nullable UUID id;

  /** Writes the row; the connection commits each statement. */
  void write(Queries queries) {
    UUID ours = id == null ? draw(queries) : id;
    id = ours;
    if (queries.update(UPDATE, ours) == 0) {
      queries.update(INSERT, ours);
      queries.update(DELETE_GONE);
    }
  }

  private static UUID draw(Queries queries) {
    return queries
        .first("SELECT UUID() AS id", row -> UUID.fromString(row.text("id")))
        .orElseThrow();
  }
}
