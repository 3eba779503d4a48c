package io.thirdsession.webhook;

import io.thirdsession.event.Event;
import io.thirdsession.jdbc.Queries;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Reads and writes the table {@code webhook_delivery}. */
final class WebhookDao {
  private static final String INSERT =
      "INSERT INTO webhook_delivery (webhook, seq, user_id, due_at) VALUES %s";

  private static final String ROW = "(?, ?, ?, ?)";

  /** Whatever happened to a user before must be delivered, or parked, first. */
  private static final String DUE =
      """
      SELECT d.seq, d.attempts FROM webhook_delivery d
      WHERE d.webhook = ? AND d.parked_at IS NULL AND d.due_at <= ?
        AND NOT EXISTS (
          SELECT 1 FROM webhook_delivery p
          WHERE p.webhook = d.webhook AND p.user_id <=> d.user_id AND p.seq < d.seq
            AND p.parked_at IS NULL)
      ORDER BY d.seq
      LIMIT ?
      """;

  private static final String DELETE = "DELETE FROM webhook_delivery WHERE webhook = ? AND seq = ?";

  private static final String POSTPONE =
      """
      UPDATE webhook_delivery SET attempts = ?, due_at = ? WHERE webhook = ? AND seq = ?
      """;

  private static final String PARK =
      """
      UPDATE webhook_delivery SET attempts = ?, parked_at = ? WHERE webhook = ? AND seq = ?
      """;

  private static final String COUNTS =
      """
      SELECT webhook, COUNT(*) - COUNT(parked_at) AS waiting, COUNT(parked_at) AS parked
      FROM webhook_delivery
      GROUP BY webhook
      """;

  private final Queries queries;

  WebhookDao(Queries queries) {
    this.queries = queries;
  }

  /** Puts these events on their way. */
  void insert(UUID webhook, List<Event> events) {
    queries.insertAll(
        INSERT,
        ROW,
        events,
        (values, event) ->
            Collections.addAll(values, webhook, event.seq(), event.userId(), event.at()));
  }

  /** Returns what is to be sent now, in order, of each user only the first. */
  List<Due> due(UUID webhook, Instant now, int most) {
    return queries.list(
        DUE, row -> new Due(row.number("seq"), row.integer("attempts")), webhook, now, most);
  }

  void delete(UUID webhook, long seq) {
    queries.update(DELETE, webhook, seq);
  }

  /** Has it sent again, not before this time. */
  void postpone(UUID webhook, Due due, Instant until) {
    queries.update(POSTPONE, due.attempts() + 1, until, webhook, due.seq());
  }

  /** Has it not sent again. */
  void park(UUID webhook, Due due, Instant now) {
    queries.update(PARK, due.attempts() + 1, now, webhook, due.seq());
  }

  /** Returns how much is on its way, by webhook. */
  Map<UUID, Counts> counts() {
    Map<UUID, Counts> counts = new HashMap<>();
    queries
        .list(
            COUNTS,
            row ->
                Map.entry(
                    row.id("webhook"), new Counts(row.number("waiting"), row.number("parked"))))
        .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
    return counts;
  }

  /**
   * An event that is to be sent.
   *
   * @param attempts how often it was sent in vain
   */
  record Due(long seq, int attempts) {}

  /** How many events wait, and how many nobody sends any more. */
  record Counts(long waiting, long parked) {
    static final Counts NONE = new Counts(0, 0);

    Counts plus(Counts other) {
      return new Counts(waiting + other.waiting, parked + other.parked);
    }
  }
}
