package io.thirdsession.session;

import io.thirdsession.jdbc.Queries;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Walks along the key of the table {@code session}. */
final class SessionWalkDao {
  /** A row whose identity is gone is no session, but may as well be deleted with the others. */
  private static final String BETWEEN =
      """
      SELECT s.sid, i.appid
      FROM session s
      LEFT JOIN identity i ON i.id = s.identity_id AND i.user_id = s.user_id
      WHERE s.sid > ? AND s.sid < ?
      ORDER BY s.sid
      LIMIT ?
      """;

  private final Queries queries;

  SessionWalkDao(Queries queries) {
    this.queries = queries;
  }

  /** Returns at most {@code max} sessions between these two ids, in the order of the key. */
  List<Walked> between(UUID after, UUID before, int max) {
    return queries.list(
        BETWEEN, row -> new Walked(row.id("sid"), row.optionalText("appid")), after, before, max);
  }

  /** A session, live or not, and its app. */
  record Walked(UUID sid, Optional<String> appId) {}
}
