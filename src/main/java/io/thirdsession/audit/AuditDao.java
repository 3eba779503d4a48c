package io.thirdsession.audit;

import io.thirdsession.jdbc.Queries;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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

  private static final String BLANK =
      "UPDATE audit SET address = '', device = '' WHERE user_id = ?";

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

  /** Empties what tells where a user was. */
  void blank(UUID userId) {
    queries.update(BLANK, userId);
  }
}
