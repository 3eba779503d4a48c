package io.thirdsession.event;

import io.thirdsession.Uuid7;
import io.thirdsession.event.EventDao.Concerned;
import io.thirdsession.event.EventDao.NewEvent;
import io.thirdsession.jdbc.Queries;
import io.thirdsession.jdbc.Transaction;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Writes events in the transaction of what they tell of, so that neither is there without the
 * other. Writes none while nobody is there to read them. Thread-safe.
 */
public final class EventOutbox {
  private final BooleanSupplier wanted;
  private final Clock clock;
  private final RandomGenerator random;
  private volatile long writtenNanos = System.nanoTime();
  private volatile boolean written;

  /**
   * Makes an outbox.
   *
   * @param wanted returns whether anybody would read events now
   */
  public EventOutbox(BooleanSupplier wanted, Clock clock, RandomGenerator random) {
    this.wanted = wanted;
    this.clock = clock;
    this.random = random;
  }

  /** Writes that something happened to a user, through no app; nothing if the user is gone. */
  public void add(Transaction transaction, EventType type, UUID userId) {
    add(transaction, type, userId, "", "");
  }

  /**
   * Writes that something happened to a user; nothing if the user is gone. To be called once the
   * rows of the deed are locked, so that events of one user are written in the order of the deeds.
   *
   * @param appId through which app; empty: through none
   * @param detail at most 32 ASCII characters; may be empty
   */
  public void add(
      Transaction transaction, EventType type, UUID userId, String appId, String detail) {
    if (!wanted.getAsBoolean()) {
      return;
    }
    EventDao rows = new EventDao(transaction);
    rows.concerned(userId)
        .ifPresent(
            concerned ->
                insert(rows, List.of(event(type, Optional.of(userId), concerned, appId, detail))));
  }

  /** Writes that these users are here for the first time. */
  public void addCreated(Transaction transaction, List<Created> users) {
    if (wanted.getAsBoolean() && !users.isEmpty()) {
      insert(
          new EventDao(transaction),
          users.stream()
              .map(
                  user ->
                      event(
                          EventType.USER_CREATED,
                          Optional.of(user.userId()),
                          new Concerned(user.externalId(), user.appId()),
                          user.appId(),
                          ""))
              .toList());
    }
  }

  /**
   * Erases a user, writes that they are erased, and empties the events before. The event is written
   * last: what ends a session of theirs at the same moment locks the session's row alone, and is
   * over once that row is deleted here.
   *
   * @param erasure deletes the user's rows, of which that of the user is locked
   */
  public <T> T addErased(Transaction transaction, UUID userId, Supplier<T> erasure) {
    EventDao rows = new EventDao(transaction);
    Optional<Concerned> concerned =
        wanted.getAsBoolean() ? rows.concerned(userId) : Optional.empty();
    T erased = erasure.get();
    rows.empty(userId);
    concerned.ifPresent(
        its ->
            insert(rows, List.of(event(EventType.USER_ERASED, Optional.of(userId), its, "", ""))));
    return erased;
  }

  /**
   * Writes that everybody's sessions were ended.
   *
   * @param appId those of this app; empty: all
   */
  public void addEverybodysSessionsEnded(Queries queries, Optional<String> appId) {
    if (wanted.getAsBoolean()) {
      Concerned concerned = new Concerned(Optional.empty(), appId.orElse(Event.ALL_APPS));
      insert(
          new EventDao(queries),
          List.of(
              event(
                  EventType.SESSIONS_ENDED,
                  Optional.empty(),
                  concerned,
                  appId.orElse(""),
                  "everybody")));
    }
  }

  private NewEvent event(
      EventType type, Optional<UUID> userId, Concerned concerned, String appId, String detail) {
    Instant now = clock.instant();
    return new NewEvent(
        Uuid7.next(now, random),
        type,
        now,
        userId,
        concerned.externalId(),
        appId,
        concerned.appIds(),
        detail);
  }

  private void insert(EventDao rows, List<NewEvent> events) {
    rows.insert(events);
    writtenNanos = System.nanoTime();
    written = true;
  }

  boolean isWanted() {
    return wanted.getAsBoolean();
  }

  /** Returns whether this node has written an event so lately that it may not have a place yet. */
  boolean hasJustWritten(long withinNanos) {
    return written && System.nanoTime() - writtenNanos < withinNanos;
  }

  /** A user who is new. */
  public record Created(UUID userId, Optional<String> externalId, String appId) {}
}
