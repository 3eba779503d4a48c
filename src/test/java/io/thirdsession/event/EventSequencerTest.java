package io.thirdsession.event;

import static io.thirdsession.testing.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.Uuid7;
import io.thirdsession.jdbc.Database;
import io.thirdsession.jdbc.DatabaseSettings;
import io.thirdsession.jdbc.Transaction;
import io.thirdsession.metrics.Metrics;
import io.thirdsession.testing.DatabaseTestBase;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who reads along the places misses nothing, however late what was written first commits. */
class EventSequencerTest extends DatabaseTestBase {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int WRITERS = 6;
  private static final int EVENTS_OF_A_WRITER = 60;
  private static final int MAX_AT_ONCE = 12;

  private final ExecutorService threads = Executors.newCachedThreadPool();

  /** Nobody here waits for a connection. */
  private Database roomy;

  private EventOutbox outbox;
  private EventFeed feed;
  private EventSequencer sequencer;
  private final List<Event> received = new ArrayList<>();

  @BeforeEach
  void open() {
    DatabaseSettings usual = testDatabase.settings();
    roomy =
        new Database(
            new DatabaseSettings(
                usual.url(),
                usual.user(),
                usual.password(),
                MAX_AT_ONCE,
                MAX_AT_ONCE,
                false,
                usual.migrateUser(),
                usual.migratePassword()),
            queries -> {},
            new Metrics());
    roomy.start();
    outbox = new EventOutbox(() -> true, Clock.systemUTC(), RANDOM);
    feed = new EventFeed(roomy.jdbc());
    sequencer = sequencer();
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
    roomy.close();
  }

  @Test
  void whatCommitsLateGetsALaterPlaceAndIsNotMissed() throws Exception {
    CountDownLatch written = new CountDownLatch(1);
    CountDownLatch mayCommit = new CountDownLatch(1);
    UUID slow = user();
    UUID quick = user();
    CompletableFuture<Void> first =
        CompletableFuture.runAsync(
            () ->
                write(
                    slow,
                    () -> {
                      written.countDown();
                      await(mayCommit);
                    }),
            threads);
    await(written);
    write(quick, () -> {});

    assertEquals(1, sequencer.placeAll());
    assertEquals(List.of(quick), users(feed.read(OptionalLong.empty(), 10, app -> true)));
    mayCommit.countDown();
    first.get(10, TimeUnit.SECONDS);
    assertEquals(1, sequencer.placeAll());

    EventPage rest = feed.read(OptionalLong.of(1), 10, app -> true);
    assertEquals(List.of(slow), users(rest));
    assertEquals(2, rest.next());
  }

  @Test
  void whatIsRolledBackIsNotTold() {
    UUID user = user();
    try {
      write(
          user,
          () -> {
            throw new IllegalStateException("on purpose");
          });
    } catch (IllegalStateException ignored) { // as wanted
    }

    assertEquals(0, sequencer.placeAll());
  }

  /** A log-out has locked its session alone: the erasure's delete of that row waits for it. */
  @Test
  void whatEndsWhileAUserIsErasedIsToldBeforeTheErasure() {
    UUID user = user();
    roomy
        .jdbc()
        .inTransaction(
            erasing ->
                outbox.addErased(
                    erasing,
                    user,
                    () -> {
                      roomy
                          .jdbc()
                          .inTransaction(
                              ending -> {
                                outbox.add(ending, EventType.SESSIONS_ENDED, user, "wxshop", "one");
                                return true;
                              });
                      return erasing.update("DELETE FROM user WHERE id = ?", user);
                    }));
    sequencer.placeAll();

    List<Event> events = feed.read(OptionalLong.empty(), 10, app -> true).events();

    assertEquals(
        List.of(EventType.SESSIONS_ENDED, EventType.USER_ERASED),
        events.stream().map(Event::type).toList());
    assertEquals("", events.get(0).detail(), "it is emptied too");
  }

  /** Three nodes give places while six write, hold their transactions open, and roll some back. */
  @Test
  void aReaderOfManyWritersMissesNothingAndSeesEachUsersEventsInOrder() throws Exception {
    AtomicInteger running = new AtomicInteger(WRITERS);
    Map<UUID, Integer> committed = new HashMap<>();
    List<CompletableFuture<Integer>> writers = new ArrayList<>();
    List<UUID> users = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      UUID user = user();
      users.add(user);
      writers.add(
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return writeMany(user);
                } finally {
                  running.decrementAndGet();
                }
              },
              threads));
    }
    List<CompletableFuture<Void>> nodes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      EventSequencer node = sequencer();
      nodes.add(
          CompletableFuture.runAsync(
              () -> {
                while (running.get() > 0) {
                  node.placeAll();
                }
              },
              threads));
    }
    long after = 0;
    while (running.get() > 0) {
      EventPage page = feed.read(OptionalLong.of(after), 7, app -> true);
      received.addAll(page.events());
      after = page.next();
    }
    for (int i = 0; i < WRITERS; i++) {
      committed.put(users.get(i), writers.get(i).get(1, TimeUnit.MINUTES));
    }
    for (CompletableFuture<Void> node : nodes) {
      node.get(1, TimeUnit.MINUTES);
    }
    sequencer.placeAll();
    received.addAll(feed.read(OptionalLong.of(after), 500, app -> true).events());

    int all = committed.values().stream().mapToInt(Integer::intValue).sum();
    assertEquals(all, received.size());
    for (int i = 0; i < all; i++) {
      assertEquals(i + 1, received.get(i).seq(), "places without holes, each once");
    }
    for (UUID user : users) {
      List<Integer> numbers =
          received.stream()
              .filter(event -> event.userId().equals(Optional.of(user)))
              .map(event -> Integer.parseInt(event.detail()))
              .toList();
      assertEquals(numbers.stream().sorted().toList(), numbers, "in the order of the deeds");
      assertEquals(committed.get(user), numbers.size());
    }
    assertEquals(all, TOLD.getAndSet(0), "each was given to the receivers once");
  }

  @Test
  void eventsAreDeletedWhenTheyWereKeptLongEnoughOldestFirst() {
    UUID user = user();
    for (int i = 0; i < 3; i++) {
      write(user, () -> {});
    }
    sequencer.placeAll();
    testDatabase.execute("UPDATE event SET at = at - 3600000 WHERE seq < 3");
    EventRetention retention = new EventRetention(roomy.jdbc(), Duration.ofMinutes(30));

    assertEquals(2, retention.purge(Instant.now()));
    assertEquals(0, retention.purge(Instant.now()));

    EventPage page = feed.read(OptionalLong.empty(), 10, app -> true);
    assertEquals(2, page.purged());
    assertEquals(List.of(3L), page.events().stream().map(Event::seq).toList());
  }

  @Test
  void thePlaceAfterAllEventsWereDeletedIsNotGivenAgain() {
    write(user(), () -> {});
    sequencer.placeAll();
    new EventRetention(roomy.jdbc(), Duration.ofHours(1))
        .purge(Instant.now().plus(Duration.ofHours(2)));
    write(user(), () -> {});
    sequencer.placeAll();

    assertEquals(
        List.of(2L),
        feed.read(OptionalLong.empty(), 10, app -> true).events().stream()
            .map(Event::seq)
            .toList());
  }

  @Test
  void aNodeThatStartsPlacesWhatAnotherLeftBehind() {
    write(user(), () -> {});
    EventOutbox ofAnother = new EventOutbox(() -> true, Clock.systemUTC(), RANDOM);
    try (EventSequencer another =
        new EventSequencer(
            roomy.jdbc(), ofAnother, (transaction, events) -> {}, feed, new Metrics())) {
      another.start();

      eventually(
          () -> assertEquals(1, feed.read(OptionalLong.empty(), 10, app -> true).events().size()));
    }
  }

  private static final AtomicInteger TOLD = new AtomicInteger();

  private EventSequencer sequencer() {
    TOLD.set(0);
    return new EventSequencer(
        roomy.jdbc(),
        outbox,
        (transaction, events) -> TOLD.addAndGet(events.size()),
        feed,
        new Metrics());
  }

  private int writeMany(UUID user) {
    Random random = new Random(user.getLeastSignificantBits());
    int committed = 0;
    for (int i = 0; i < EVENTS_OF_A_WRITER; i++) {
      boolean rolledBack = random.nextInt(10) == 0;
      int pauseMillis = random.nextInt(8);
      int number = i;
      try {
        roomy
            .jdbc()
            .inTransaction(
                transaction -> {
                  lock(transaction, user);
                  outbox.add(
                      transaction, EventType.PROFILE_CHANGED, user, "", Integer.toString(number));
                  pause(pauseMillis);
                  if (rolledBack) {
                    throw new IllegalStateException("on purpose");
                  }
                  return true;
                });
        committed++;
      } catch (IllegalStateException ignored) { // as wanted
      }
    }
    return committed;
  }

  private void write(UUID user, Runnable beforeCommit) {
    roomy
        .jdbc()
        .inTransaction(
            transaction -> {
              lock(transaction, user);
              outbox.add(transaction, EventType.PROFILE_CHANGED, user);
              beforeCommit.run();
              return true;
            });
  }

  private static void lock(Transaction transaction, UUID user) {
    transaction.list("SELECT id FROM user WHERE id = ? FOR UPDATE", row -> row.id("id"), user);
  }

  private UUID user() {
    UUID id = Uuid7.next(Instant.now(), RANDOM);
    roomy.jdbc().update("INSERT INTO user (id, created_at, last_login_at) VALUES (?, 0, 0)", id);
    return id;
  }

  private static List<UUID> users(EventPage page) {
    return page.events().stream().map(event -> event.userId().orElseThrow()).toList();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(10, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void pause(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
