package io.thirdsession.event;

import io.thirdsession.jdbc.Queries;
import io.thirdsession.jdbc.Row;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Reads and writes the table {@code event}, on the given connection or in the given transaction.
 */
final class EventDao {
  private static final String INSERT =
      """
      INSERT INTO event (id, type, at, user_id, external_id, appid, appids, detail) VALUES %s
      """;

  private static final String ROW = "(?, ?, ?, ?, ?, ?, ?, ?)";

  private static final String CONCERNED =
      """
      SELECT u.external_id, i.appid FROM user u LEFT JOIN identity i ON i.user_id = u.id
      WHERE u.id = ?
      """;

  private static final String EMPTY = "UPDATE event SET appid = '', detail = '' WHERE user_id = ?";

  private static final String PLACELESS =
      "SELECT n, id, type, at, user_id, external_id, appid, appids, detail FROM event"
          + " WHERE seq IS NULL ORDER BY n LIMIT ?";

  private static final String PLACE = "UPDATE event SET seq = CASE n %s END WHERE n IN (%s)";

  private static final String AFTER =
      """
      SELECT seq, id, type, at, user_id, external_id, appid, appids, detail FROM event
      WHERE seq > ? ORDER BY seq LIMIT ?
      """;

  private static final String OF_SEQS =
      """
      SELECT seq, id, type, at, user_id, external_id, appid, appids, detail FROM event
      WHERE seq IN (%s)
      """;

  private static final String BOUNDS =
      "SELECT last_seq, purged_seq FROM event_sequence WHERE name = 'events'";

  private static final String LOCK = BOUNDS + " FOR UPDATE";

  private static final String SET_LAST =
      "UPDATE event_sequence SET last_seq = ? WHERE name = 'events'";

  private static final String SET_PURGED =
      "UPDATE event_sequence SET purged_seq = ? WHERE name = 'events'";

  private static final String TIMES =
      "SELECT seq, at FROM event WHERE seq > ? ORDER BY seq LIMIT ?";

  private static final String DELETE_DELIVERIES = "DELETE FROM webhook_delivery WHERE seq <= ?";
  private static final String DELETE = "DELETE FROM event WHERE seq <= ?";

  private static final String DELETE_PLACELESS =
      "DELETE FROM event WHERE seq IS NULL AND at < ? ORDER BY n LIMIT 500";

  private final Queries queries;

  EventDao(Queries queries) {
    this.queries = queries;
  }

  /** Returns what an event of this user says of them; empty if there is no such user. */
  Optional<Concerned> concerned(UUID userId) {
    List<Concerned> rows =
        queries.list(
            CONCERNED,
            row ->
                new Concerned(
                    row.optionalText("external_id"), row.optionalText("appid").orElse("")),
            userId);
    return rows.stream()
        .findFirst()
        .map(
            first ->
                new Concerned(
                    first.externalId(),
                    String.join(
                        " ", rows.stream().map(Concerned::appIds).distinct().sorted().toList())));
  }

  /** Inserts events, which have no place yet. */
  void insert(List<NewEvent> events) {
    queries.insertAll(INSERT, ROW, events, EventDao::add);
  }

  private static void add(List<Object> values, NewEvent event) {
    Collections.addAll(
        values,
        event.id(),
        event.type().label(),
        event.at(),
        event.userId(),
        event.externalId(),
        event.appId(),
        event.appIds(),
        event.detail());
  }

  /** Leaves of the user's events who and what, and nothing else. */
  void empty(UUID userId) {
    queries.update(EMPTY, userId);
  }

  /** Returns whether any committed event has no place. */
  boolean isAnyPlaceless() {
    return !queries.list(PLACELESS, row -> row.number("n"), 1).isEmpty();
  }

  /** Returns committed events without a place, in the order in which they were written. */
  List<Placeless> placeless(int most) {
    return queries.list(PLACELESS, row -> new Placeless(row.number("n"), event(row, 0)), most);
  }

  /** Gives these events the places behind this one, in their order. */
  void place(List<Placeless> events, long last) {
    List<Object> cases = new ArrayList<>();
    long seq = last;
    for (Placeless event : events) {
      seq++;
      Collections.addAll(cases, event.n(), seq);
    }
    List<Long> padded = Queries.padded(events.stream().map(Placeless::n).toList());
    while (cases.size() < 2 * padded.size()) {
      Collections.addAll(cases, padded.get(padded.size() - 1), seq);
    }
    cases.addAll(padded);
    String whens = String.join(" ", Collections.nCopies(padded.size(), "WHEN ? THEN ?"));
    queries.update(PLACE.formatted(whens, Queries.marks(padded.size())), cases.toArray());
  }

  /** Returns events behind this place, in order. */
  List<Event> after(long seq, int most) {
    return queries.list(AFTER, row -> event(row, row.number("seq")), seq, most);
  }

  /** Returns the events at these places that are still there, in any order. */
  List<Event> at(List<Long> seqs) {
    if (seqs.isEmpty()) {
      return List.of();
    }
    List<Long> padded = Queries.padded(seqs);
    return queries.list(
        OF_SEQS.formatted(Queries.marks(padded.size())),
        row -> event(row, row.number("seq")),
        padded.toArray());
  }

  /** Returns which places there are. */
  Bounds bounds() {
    return queries.list(BOUNDS, EventDao::bounds).get(0);
  }

  /** Returns which places there are, which nobody else changes until the transaction ends. */
  Bounds lockBounds() {
    return queries.list(LOCK, EventDao::bounds).get(0);
  }

  void setLast(long seq) {
    queries.update(SET_LAST, seq);
  }

  /** Returns the place up to which, of these many behind this one, all are older. */
  long lastBefore(Instant border, long after, int most) {
    long last = after;
    for (Time time :
        queries.list(TIMES, row -> new Time(row.number("seq"), row.time("at")), after, most)) {
      if (!time.at().isBefore(border)) {
        break;
      }
      last = time.seq();
    }
    return last;
  }

  /** Deletes the events up to this place, with what is on its way; returns how many events. */
  int delete(long seq) {
    queries.update(SET_PURGED, seq);
    queries.update(DELETE_DELIVERIES, seq);
    return queries.update(DELETE, seq);
  }

  /** Deletes some that got no place, since nobody wanted events any more; returns how many. */
  int deletePlaceless(Instant border) {
    return queries.update(DELETE_PLACELESS, border);
  }

  private static Bounds bounds(Row row) throws SQLException {
    return new Bounds(row.number("last_seq"), row.number("purged_seq"));
  }

  private static Event event(Row row, long seq) throws SQLException {
    return new Event(
        seq,
        row.id("id"),
        EventType.of(row.text("type")).orElseThrow(),
        row.time("at"),
        row.optionalId("user_id"),
        row.optionalText("external_id"),
        row.text("appid"),
        Set.of(row.text("appids").split(" ", -1)),
        row.text("detail"));
  }

  /** What an event says of a user; the apps are separated by blanks. */
  record Concerned(Optional<String> externalId, String appIds) {}

  /** An event that is written now. */
  record NewEvent(
      UUID id,
      EventType type,
      Instant at,
      Optional<UUID> userId,
      Optional<String> externalId,
      String appId,
      String appIds,
      String detail) {}

  /** A committed event, and its number in the order of writing. */
  record Placeless(long n, Event event) {}

  /** The last place that was given, and the last one that was deleted. */
  record Bounds(long last, long purged) {}

  private record Time(long seq, Instant at) {}
}
