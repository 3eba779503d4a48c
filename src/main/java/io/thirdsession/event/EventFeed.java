package io.thirdsession.event;

import io.thirdsession.event.EventDao.Bounds;
import io.thirdsession.jdbc.Jdbc;
import io.thirdsession.jdbc.StorageException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;

/** Reads events in their order, now or when there are some. Thread-safe. */
public final class EventFeed {
  /** Most events read for one page of which the client may know few. */
  private static final int MAX_SCANNED = 10_000;

  private static final int MIN_AT_ONCE = 200;

  private final Jdbc jdbc;
  private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();

  /** Reads from this database. */
  public EventFeed(Jdbc jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Returns the events behind a place, and where to go on. What is committed later gets a later
   * place, so that nothing is ever missing from what is read in this way.
   *
   * @param after the place; empty: what is the oldest that is kept
   * @param limit the most events
   * @param mayKnow accepts the appids whose events are returned; others are passed over
   * @throws StorageException if the database is away
   */
  public EventPage read(OptionalLong after, int limit, Predicate<String> mayKnow) {
    EventDao rows = new EventDao(jdbc);
    long from = after.isPresent() ? after.getAsLong() : rows.bounds().purged();
    List<Event> found = new ArrayList<>();
    long next = from;
    int scanned = 0;
    boolean more = true;
    while (more && found.size() < limit && scanned < MAX_SCANNED) {
      int most = Math.max(limit, MIN_AT_ONCE);
      List<Event> read = rows.after(next, most);
      for (Event event : read) {
        if (found.size() == limit) {
          break;
        }
        next = event.seq();
        if (event.concerns(mayKnow)) {
          found.add(event);
        }
      }
      scanned += read.size();
      more = read.size() == most;
    }
    // read last: what was deleted while we read must not look as if it had never been
    Bounds bounds = rows.bounds();
    return new EventPage(found, next, bounds.purged(), bounds.last());
  }

  /**
   * Returns the events at these places that are still kept, in any order.
   *
   * @throws StorageException if the database is away
   */
  public List<Event> at(List<Long> seqs) {
    return new EventDao(jdbc).at(seqs);
  }

  /**
   * Returns a page when there is one with events.
   *
   * @return never completes by itself if none come: whoever waits gives up after a time, and
   *     cancels
   */
  public CompletableFuture<EventPage> await(long after, int limit, Predicate<String> mayKnow) {
    Waiting one = new Waiting(after, limit, mayKnow, new CompletableFuture<>());
    waiting.add(one);
    return one.page();
  }

  /** Looks whether there is something for those who wait. */
  void wake() {
    if (waiting.isEmpty()) {
      return;
    }
    long last = new EventDao(jdbc).bounds().last();
    for (Iterator<Waiting> all = waiting.iterator(); all.hasNext(); ) {
      Waiting one = all.next();
      if (one.page().isDone()) {
        all.remove();
      } else if (one.after() < last) {
        all.remove();
        EventPage page = read(OptionalLong.of(one.after()), one.limit(), one.mayKnow());
        if (page.events().isEmpty()) {
          waiting.add(one.from(page.next())); // none of its apps
        } else {
          one.page().complete(page);
        }
      }
    }
  }

  private record Waiting(
      long after, int limit, Predicate<String> mayKnow, CompletableFuture<EventPage> page) {
    Waiting from(long place) {
      return new Waiting(place, limit, mayKnow, page);
    }
  }
}
