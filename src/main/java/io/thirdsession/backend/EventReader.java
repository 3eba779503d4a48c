package io.thirdsession.backend;

import io.thirdsession.Timer;
import io.thirdsession.client.ServiceClient;
import io.thirdsession.event.EventFeed;
import io.thirdsession.event.EventPage;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;

/** Reads events for service clients, which may wait for some. Thread-safe. */
public final class EventReader {
  /** More would not be readers, but one that does not take what it gets. */
  private static final int MAX_WAITING = 200;

  private final EventFeed feed;
  private final Timer timer;
  private final Semaphore places = new Semaphore(MAX_WAITING);

  public EventReader(EventFeed feed, Timer timer) {
    this.feed = feed;
    this.timer = timer;
  }

  /**
   * Returns the events behind a place that the client may know of.
   *
   * @param after the place; empty: the beginning of what is kept
   * @param limit the most events
   * @param wait how long to wait for one if there is none; then the page is empty
   * @throws ApiException {@code cursor_expired} if events behind the place are deleted, {@code
   *     invalid_request} if there was never such a place, {@code overloaded} if 200 wait
   */
  CompletableFuture<EventPage> read(
      OptionalLong after, int limit, Duration wait, ServiceClient client) {
    EventPage page = feed.read(after, limit, client::mayKnow);
    check(after, page);
    if (!page.events().isEmpty() || wait.isZero()) {
      return CompletableFuture.completedFuture(page);
    }
    if (!places.tryAcquire()) {
      throw ApiException.of(ApiError.OVERLOADED, MAX_WAITING + " requests wait for events");
    }
    CompletableFuture<EventPage> found = feed.await(page.next(), limit, client::mayKnow);
    return timer
        .within(wait, found, TimeoutException::new)
        .exceptionally(late -> page)
        .whenComplete(
            (answer, failure) -> {
              found.cancel(false);
              places.release();
            });
  }

  private static void check(OptionalLong after, EventPage page) {
    if (after.isPresent() && after.getAsLong() < page.purged()) {
      throw ApiException.of(
          ApiError.CURSOR_EXPIRED, "events up to " + page.purged() + " are deleted");
    }
    if (after.isPresent() && after.getAsLong() > page.last()) {
      throw ApiException.invalid("after", "must not be beyond the last event, " + page.last());
    }
  }
}
