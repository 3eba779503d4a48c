package io.thirdsession.jdbc;

import java.time.Duration;
import java.util.UUID;

/** Work that one node does for all, as long as it says so again and again. */
public final class Lease {
  /**
   * The update count decides: it is 1 if the node already has the lease, or takes one that has run
   * out. The database's clock is the one that all nodes share.
   */
  private static final String HOLD =
      """
      UPDATE lease
      SET holder = ?, held_until = FLOOR(UNIX_TIMESTAMP(NOW(3)) * 1000) + ?
      WHERE name = ? AND (holder = ? OR held_until <= FLOOR(UNIX_TIMESTAMP(NOW(3)) * 1000))
      """;

  private final Queries queries;
  private final String name;
  private final UUID node;

  /**
   * Makes a lease of this name, which the table {@code lease} has.
   *
   * @param node who would hold it: drawn at the start of the node
   */
  public Lease(Queries queries, String name, UUID node) {
    this.queries = queries;
    this.name = name;
    this.node = node;
  }

  /**
   * Takes or renews it for this time from now on; returns whether this node has it.
   *
   * @throws StorageException if the database is away
   */
  public boolean hold(Duration time) {
    return queries.update(HOLD, node, time.toMillis(), name, node) == 1;
  }
}
