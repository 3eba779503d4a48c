package io.thirdsession.audit;

import io.thirdsession.Uuid7;
import io.thirdsession.jdbc.Queries;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** The table {@code audit}, on the connection or in the transaction that was given. */
final class AuditDao {
  /** Written again after a lost commit, a row changes nothing. */
  private static final String INSERT =
      """
      INSERT INTO audit (id, event, user_id, app_id, sid, client, address, device, request_id,
                         detail)
      VALUES %s
      ON DUPLICATE KEY UPDATE id = VALUES(id)
      """;

  private static final String ROW = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

  private static final String PRESENT = "SELECT id FROM user WHERE id IN (%s)";

  /** In pieces: a user may have very many. The oldest go by themselves first. */
  private static final String BLANK =
      """
      UPDATE audit SET address = '', device = ''
      WHERE user_id = ? AND (address <> '' OR device <> '')
      ORDER BY id DESC
      LIMIT ?
      """;

  private static final String WALK =
      """
      SELECT a.id, (u.id IS NULL AND a.user_id IS NOT NULL
                    AND (a.address <> '' OR a.device <> '')) AS of_erased
      FROM audit a
      LEFT JOIN user u ON u.id = a.user_id
      WHERE a.id > ?
      ORDER BY a.id
      LIMIT ?
      """;

  private static final String BLANK_ROWS =
      "UPDATE audit SET address = '', device = '' WHERE id IN (%s)";

  private static final String OF_USER =
      """
      SELECT id, event, app_id, sid, client, address, device, request_id, detail
      FROM audit
      WHERE user_id = ?
      ORDER BY id DESC
      LIMIT ?
      """;

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

  /** Returns those of these users who are there; asked without a lock on any of them. */
  Set<UUID> present(Set<UUID> users) {
    if (users.isEmpty()) {
      return Set.of();
    }
    String marks = String.join(", ", Collections.nCopies(users.size(), "?"));
    return new HashSet<>(
        queries.list(PRESENT.formatted(marks), row -> row.id("id"), users.toArray()));
  }

  /** Empties what tells where a user was, in some rows, and returns in how many. */
  int blank(UUID userId, int most) {
    return queries.update(BLANK, userId, most);
  }

  /** Returns the rows after this one, in the order of the key. */
  List<Walked> after(UUID id, int most) {
    return queries.list(
        WALK, row -> new Walked(row.id("id"), row.integer("of_erased") == 1), id, most);
  }

  /** Empties what tells where a user was, in these rows. */
  void blank(List<UUID> ids) {
    if (!ids.isEmpty()) {
      String marks = String.join(", ", Collections.nCopies(ids.size(), "?"));
      queries.update(BLANK_ROWS.formatted(marks), ids.toArray());
    }
  }

  /** Returns what happened to a user, the latest first. */
  List<AuditedEvent> ofUser(UUID userId, int most) {
    return queries.list(
        OF_USER,
        row ->
            new AuditedEvent(
                Uuid7.time(row.id("id")),
                row.text("event"),
                row.text("app_id"),
                row.optionalId("sid").orElse(null),
                row.text("client"),
                row.text("address"),
                row.text("device"),
                row.text("request_id"),
                row.text("detail")),
        userId,
        most);
  }

  /** A row, and whether it tells where somebody was who has been erased. */
  record Walked(UUID id, boolean ofErased) {}
}
