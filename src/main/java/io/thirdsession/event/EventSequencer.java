package io.thirdsession.event;

import io.thirdsession.Timer;
import io.thirdsession.event.EventDao.Bounds;
import io.thirdsession.event.EventDao.Placeless;
import io.thirdsession.jdbc.Jdbc;
import io.thirdsession.jdbc.StorageException;
import io.thirdsession.jdbc.Transaction;
import io.thirdsession.metrics.Counters;
import io.thirdsession.metrics.Metrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives committed events their places. Numbers that are drawn while a transaction runs would become
 * visible in the order of the commits, and who reads along them would skip what commits late. So
 * places are given afterwards, to what is committed, by one node at a time: whoever gives places
 * has locked the row of the last one. Events of one user, whose transactions wait for each other,
 * get them in the order of writing. Each node does it, so nobody's death matters. Thread-safe.
 */
public final class EventSequencer implements AutoCloseable {
  private static final int AT_ONCE = 64;
  private static final Duration TICK = Duration.ofMillis(50);

  /** What other nodes have left, or this one before a restart, is looked for this seldom. */
  private static final int TICKS_OF_A_SEARCH = 10;

  /** A transaction that has written an event commits within this time, or is found by a search. */
  private static final Duration COMMITTING = Duration.ofSeconds(1);

  private static final Logger log = LoggerFactory.getLogger(EventSequencer.class);

  private final Jdbc jdbc;
  private final EventOutbox outbox;
  private final Receivers receivers;
  private final EventFeed feed;
  private final Counters placed;
  private final Timer timer = new Timer("thirdsession-events");
  private int ticks;

  /**
   * Makes a sequencer, which begins with {@link #start}.
   *
   * @param receivers told of each event in the transaction that gives it its place
   * @param feed told when there are new ones
   */
  public EventSequencer(
      Jdbc jdbc, EventOutbox outbox, Receivers receivers, EventFeed feed, Metrics metrics) {
    this.jdbc = jdbc;
    this.outbox = outbox;
    this.receivers = receivers;
    this.feed = feed;
    this.placed =
        metrics.counters("thirdsession_events_total", "events that this node put in order", "type");
    for (EventType type : EventType.values()) {
      var unused = placed.of(type.label());
    }
  }

  /** Begins to look for events. */
  public void start() {
    timer.every(TICK, this::tick);
  }

  private void tick() {
    ticks++;
    boolean search = ticks % TICKS_OF_A_SEARCH == 0;
    if (!outbox.isWanted() || (!search && !outbox.hasJustWritten(COMMITTING.toNanos()))) {
      return;
    }
    try {
      int count = placeAll();
      if (count > 0 || search) {
        feed.wake();
      }
    } catch (StorageException e) {
      log.debug("events wait while the database is away", e);
    }
  }

  /** Gives all events that are committed now their places; returns how many. */
  public int placeAll() {
    int all = 0;
    while (new EventDao(jdbc).isAnyPlaceless()) {
      List<Event> events = jdbc.inTransaction(this::place);
      events.forEach(event -> placed.of(event.type().label()).increment());
      all += events.size();
    }
    return all;
  }

  private List<Event> place(Transaction transaction) {
    EventDao rows = new EventDao(transaction);
    Bounds bounds = rows.lockBounds();
    List<Placeless> found = rows.placeless(AT_ONCE);
    if (found.isEmpty()) {
      return List.of();
    }
    rows.place(found, bounds.last());
    List<Event> events = new ArrayList<>();
    for (Placeless one : found) {
      events.add(one.event().at(bounds.last() + events.size() + 1));
    }
    receivers.take(transaction, events);
    rows.setLast(bounds.last() + events.size());
    return events;
  }

  @Override
  public void close() {
    timer.close();
  }

  /** Who keeps a list of events of its own. */
  @FunctionalInterface
  public interface Receivers {
    /** Takes events that have got their places, in order, inside this transaction. */
    void take(Transaction transaction, List<Event> events);
  }
}
