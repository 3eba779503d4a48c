package io.thirdsession.audit;

import io.thirdsession.Uuid7;
import io.thirdsession.jdbc.Queries;
import io.thirdsession.jdbc.Row;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Reads and writes the table {@code audit}, on the given connection or in the given transaction.
 */
final class AuditDao {
  /** Writing a row again after a lost commit changes nothing. */
  private static final String INSERT =
      """
      INSERT INTO audit (id, event, user_id, appid, sid, client, address, device, request_id,
                         detail)
      VALUES %s
      ON DUPLICATE KEY UPDATE id = VALUES(id)
      """;

  private static final String ROW = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

  private static final String PRESENT = "SELECT id FROM user WHERE id IN (%s)";

  /**
   * Limited, since a user may have very many rows. Begins with the newest, since the oldest are
   * purged soonest anyway.
   */
  private static final String BLANK =
      """
      UPDATE audit SET address = '', device = ''
      WHERE user_id = ? AND (address <> '' OR device <> '')
      ORDER BY id DESC
      LIMIT ?
      """;

  private static final String IDS_OF_USER =
      "SELECT id FROM audit WHERE user_id = ? AND id < ? ORDER BY id DESC LIMIT ?";

  private static final String WALK =
      """
      SELECT a.id, a.event, (u.id IS NULL AND a.user_id IS NOT NULL
                             AND (a.address <> '' OR a.device <> '')) AS of_erased
      FROM audit a
      LEFT JOIN user u ON u.id = a.user_id
      WHERE a.id > ?
      ORDER BY a.id
      LIMIT ?
      """;

  private static final String BLANK_ROWS =
      "UPDATE audit SET address = '', device = '' WHERE id IN (%s)";

  private static final String DELETE_ROWS = "DELETE FROM audit WHERE id IN (%s)";

  private static final String OF_USER =
      """
      SELECT id, event, appid, sid, client, address, device, request_id, detail
      FROM audit
      WHERE user_id = ? AND id < ?
      ORDER BY id DESC
      LIMIT ?
      """;

  /** Above the id of every row. */
  private static final UUID END = new UUID(-1, -1);

  private final Queries queries;

  AuditDao(Queries queries) {
    this.queries = queries;
  }

  void insert(List<AuditEntry> entries) {
    List<Object> values = new ArrayList<>();
    for (AuditEntry entry : entries) {
      Collections.addAll(
          values,
          entry.id(),
          entry.event().label(),
          entry.subject().userId(),
          entry.subject().appId(),
          entry.subject().sid(),
          entry.subject().client(),
          entry.address(),
          entry.device(),
          entry.requestId(),
          entry.detail());
    }
    String rows = String.join(", ", Collections.nCopies(entries.size(), ROW));
    queries.update(INSERT.formatted(rows), values.toArray());
  }

  /** Returns those of these users who exist, without locking any of them. */
  Set<UUID> present(Set<UUID> users) {
    if (users.isEmpty()) {
      return Set.of();
    }
    String sql = PRESENT.formatted(Queries.marks(users.size()));
    return new HashSet<>(queries.list(sql, row -> row.id("id"), users.toArray()));
  }

  /**
   * Blanks IP address and device in at most {@code max} rows of this user, newest first, and
   * returns in how many.
   */
  int blank(UUID userId, int max) {
    return queries.update(BLANK, userId, max);
  }

  /** Returns the ids of at most {@code max} rows of a user before this one, newest first. */
  List<UUID> idsOfUser(UUID userId, Optional<UUID> before, int max) {
    return queries.list(IDS_OF_USER, row -> row.id("id"), userId, before.orElse(END), max);
  }

  /** Returns at most {@code max} rows after this one, in the order of the key. */
  List<Walked> after(UUID id, int max) {
    return queries.list(
        WALK,
        row -> new Walked(row.id("id"), row.text("event"), row.integer("of_erased") == 1),
        id,
        max);
  }

  /** Blanks IP address and device in these rows. */
  void blank(List<UUID> ids) {
    if (!ids.isEmpty()) {
      queries.update(BLANK_ROWS.formatted(Queries.marks(ids.size())), ids.toArray());
    }
  }

  /** Deletes these rows and returns how many there were. */
  int delete(List<UUID> ids) {
    return ids.isEmpty()
        ? 0
        : queries.update(DELETE_ROWS.formatted(Queries.marks(ids.size())), ids.toArray());
  }

  /** Returns at most {@code max} events of a user before this one, latest first. */
  EventPage ofUser(UUID userId, Optional<UUID> before, int max) {
    List<Event> rows = queries.list(OF_USER, Event::map, userId, before.orElse(END), max + 1);
    List<AuditedEvent> page = rows.stream().limit(max).map(Event::event).toList();
    return new EventPage(
        page, rows.size() > max ? Optional.of(rows.get(max - 1).id()) : Optional.empty());
  }

  /** An event, and the id of its row. */
  private record Event(UUID id, AuditedEvent event) {
    static Event map(Row row) throws SQLException {
      UUID id = row.id("id");
      return new Event(
          id,
          new AuditedEvent(
              Uuid7.time(id),
              row.text("event"),
              row.text("appid"),
              row.optionalId("sid").orElse(null),
              row.text("client"),
              row.text("address"),
              row.text("device"),
              row.text("request_id"),
              row.text("detail")));
    }
  }

  /** A row, its event, and whether it still has the IP address or device of an erased user. */
  record Walked(UUID id, String event, boolean ofErased) {}
}
