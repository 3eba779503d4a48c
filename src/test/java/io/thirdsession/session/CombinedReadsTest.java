package io.thirdsession.session;

import static io.thirdsession.testing.Eventually.eventually;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.Deadline;
import io.thirdsession.jdbc.StorageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CombinedReadsTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration A_WHILE = Duration.ofSeconds(2);

  private final Database database = new Database();
  private final CombinedReads<String> reads = new CombinedReads<>(database, LONG, LONG);
  private final List<Asker> askers = new ArrayList<>();

  @AfterEach
  void letEverybodyGo() {
    database.silent = false;
    database.begun.forEach(Begun::letGo);
    askers.forEach(Asker::interrupt);
  }

  @Test
  void findsWhatIsThereAndNothingElse() {
    database.rows.put(id(1), "one");

    assertEquals(Optional.of("one"), reads.find(id(1), Deadline.in(LONG)));
    assertEquals(Optional.empty(), reads.find(id(2), Deadline.in(LONG)));
  }

  @Test
  void whoAsksAloneIsAnsweredOnItsOwnThread() {
    reads.find(id(1), Deadline.in(LONG));

    assertSame(Thread.currentThread(), database.begun.get(0).thread);
  }

  @Test
  void whoAsksWhileAQueryIsUnderWaySharesTheNext() throws Exception {
    fill(1, 11);
    Asker first = oneUnderWay();
    List<Asker> waiting = new ArrayList<>();
    for (int i = 2; i <= 11; i++) {
      waiting.add(askAndWait(i));
    }

    database.begun.get(0).letGo();

    assertEquals(Optional.of("row 1"), first.answer());
    awaitBegun(2);
    assertEquals(ids(2, 11), database.begun.get(1).keys);
    database.begun.get(1).letGo();
    for (int i = 2; i <= 11; i++) {
      assertEquals(Optional.of("row " + i), waiting.get(i - 2).answer());
    }
    assertEquals(2, database.begun.size());
  }

  @Test
  void whoComesAfterEverybodyWasAnsweredAsksAtOnce() throws Exception {
    fill(1, 3);
    Asker first = oneUnderWay();
    Asker waiting = askAndWait(2);
    database.silent = false;
    database.begun.get(0).letGo();
    first.answer();
    waiting.answer();

    assertEquals(Optional.of("row 3"), reads.find(id(3), Deadline.in(LONG)));
    assertSame(Thread.currentThread(), database.begun.get(2).thread);
  }

  @Test
  void while64WaitTheNextAsksForItselfAndTheFirstOfThem() throws Exception {
    fill(1, 68);
    Asker first = oneUnderWay();
    List<Asker> waiting = new ArrayList<>();
    for (int i = 2; i <= 65; i++) {
      waiting.add(askAndWait(i));
    }
    assertEquals(1, database.begun.size());

    Asker beside = ask(reads, 66);

    awaitBegun(2);
    Set<UUID> together = ids(2, 64);
    together.add(id(66));
    assertEquals(together, database.begun.get(1).keys);
    Asker later = askAndWait(67);
    database.begun.get(1).letGo();
    assertEquals(Optional.of("row 66"), beside.answer());
    assertEquals(Optional.of("row 2"), waiting.get(0).answer());
    assertEquals(2, database.begun.size(), "it was not the end that the others wait for");

    database.begun.get(0).letGo();
    first.answer();
    awaitBegun(3);
    assertEquals(Set.of(id(65), id(67)), database.begun.get(2).keys);
    database.begun.get(2).letGo();
    assertEquals(Optional.of("row 67"), later.answer());
  }

  @Test
  void oneKeyThatManyAskForIsAskedForOnceAndAnsweredToAll() throws Exception {
    fill(1, 4);
    oneUnderWay();
    List<Asker> waiting = List.of(askAndWait(3), askAndWait(3), askAndWait(4), askAndWait(3));

    database.begun.get(0).letGo();
    awaitBegun(2);
    assertEquals(ids(3, 4), database.begun.get(1).keys);
    database.begun.get(1).letGo();

    assertEquals(Optional.of("row 3"), waiting.get(0).answer());
    assertEquals(Optional.of("row 3"), waiting.get(1).answer());
    assertEquals(Optional.of("row 4"), waiting.get(2).answer());
    assertEquals(Optional.of("row 3"), waiting.get(3).answer());
  }

  @Test
  void aRowThatWentWhileItWasWaitedForIsNotFound() throws Exception {
    fill(1, 3);
    oneUnderWay();
    Asker waiting = askAndWait(3);

    database.rows.remove(id(3));
    database.begun.get(0).letGo();
    awaitBegun(2);
    database.begun.get(1).letGo();

    assertEquals(Optional.empty(), waiting.answer());
  }

  /** So what was ended before the question is not found. */
  @Test
  void noAnswerIsOlderThanItsQuestion() throws Exception {
    AtomicLong moments = new AtomicLong();
    CombinedReads<Long> clock =
        new CombinedReads<>(
            (keys, deadline) -> {
              long begun = moments.incrementAndGet();
              Thread.yield();
              Map<UUID, Long> found = new HashMap<>();
              keys.forEach(key -> found.put(key, begun));
              return found;
            });
    List<FutureTask<Boolean>> all = new ArrayList<>();
    for (int t = 0; t < 16; t++) {
      UUID key = id(t % 5);
      all.add(
          start(
              () -> {
                boolean good = true;
                for (int i = 0; i < 5_000; i++) {
                  long asked = moments.get();
                  good &= clock.find(key, Deadline.in(LONG)).orElseThrow() > asked;
                }
                return good;
              }));
    }

    for (FutureTask<Boolean> one : all) {
      assertTrue(one.get(30, SECONDS));
    }
    assertTrue(moments.get() < 16 * 5_000, "some shared a query");
  }

  @Test
  void aQueryThatHangsDoesNotStallTheOthers() throws Exception {
    fill(1, 40);
    CombinedReads<String> hurried = new CombinedReads<>(database, Duration.ofMillis(50), LONG);
    database.silent = true;
    Asker first = ask(hurried, 1);
    awaitBegun(1);
    database.silent = false;

    List<Asker> others = new ArrayList<>();
    for (int i = 2; i <= 40; i++) {
      others.add(ask(hurried, i));
    }

    for (int i = 2; i <= 40; i++) {
      assertEquals(Optional.of("row " + i), others.get(i - 2).answer());
    }
    assertFalse(first.isDone());
  }

  @Test
  void nobodyWaitsAnyMoreForAQueryWhosePlaceWasTaken() throws Exception {
    fill(1, 3);
    CombinedReads<String> hurried = new CombinedReads<>(database, A_WHILE, LONG);
    database.silent = true;
    Asker first = ask(hurried, 1);
    awaitBegun(1);
    database.silent = false;
    assertEquals(Optional.of("row 2"), ask(hurried, 2).answer());

    long startNanos = System.nanoTime();
    assertEquals(Optional.of("row 3"), hurried.find(id(3), Deadline.in(LONG)));

    assertTrue(System.nanoTime() - startNanos < A_WHILE.toNanos(), "waited for the hanging one");
    assertFalse(first.isDone());
  }

  @Test
  void aQueryWhosePlaceWasTakenDoesNotEndTheTurnOfTheOneThatTookIt() throws Exception {
    fill(1, 3);
    CombinedReads<String> hurried = new CombinedReads<>(database, A_WHILE, LONG);
    database.silent = true;
    Asker first = ask(hurried, 1);
    awaitBegun(1);
    Asker second = ask(hurried, 2);
    awaitBegun(2);

    database.begun.get(0).letGo();
    first.answer();
    Asker third = askAndWait(hurried, 3);

    assertEquals(2, database.begun.size());
    database.silent = false;
    database.begun.get(1).letGo();
    assertEquals(Optional.of("row 2"), second.answer());
    assertEquals(Optional.of("row 3"), third.answer());
  }

  @Test
  void whoSharesAQueryThatHangsAsksOnceMore() throws Exception {
    fill(1, 4);
    CombinedReads<String> hurried =
        new CombinedReads<>(database, Duration.ofSeconds(1), Duration.ofMillis(100));
    database.silent = true;
    Asker first = ask(hurried, 1);
    awaitBegun(1);
    List<Asker> waiting = List.of(askAndWait(hurried, 2), askAndWait(hurried, 3));
    database.begun.get(0).letGo();
    awaitBegun(2);
    database.silent = false;

    assertEquals(Optional.of("row 3"), waiting.get(1).answer());
    assertFalse(waiting.get(0).isDone(), "it is the one whose query hangs");
    assertEquals(Optional.of("row 1"), first.answer());
  }

  @Test
  void theFaultOfOneRowIsOnlyItsOwn() throws Exception {
    fill(1, 6);
    oneUnderWay();
    List<Asker> waiting = List.of(askAndWait(3), askAndWait(4), askAndWait(5));
    database.spoilt = id(4);
    database.silent = false;

    database.begun.get(0).letGo();

    assertEquals(Optional.of("row 3"), waiting.get(0).answer());
    assertThrows(IllegalStateException.class, waiting.get(1)::answer);
    assertEquals(Optional.of("row 5"), waiting.get(2).answer());
  }

  @Test
  void anOutageIsEverybodysAndIsNotAskedAboutAgain() throws Exception {
    fill(1, 6);
    oneUnderWay();
    List<Asker> waiting = List.of(askAndWait(3), askAndWait(4), askAndWait(5));
    database.away = true;
    database.silent = false;

    database.begun.get(0).letGo();

    for (Asker one : waiting) {
      assertTrue(assertThrows(StorageException.class, one::answer).isUnavailable());
    }
    assertEquals(2, database.begun.size());
    database.away = false;
    assertEquals(Optional.of("row 6"), reads.find(id(6), Deadline.in(LONG)));
  }

  @Test
  void whoseLeaderHadNoTimeLeftAsksAlone() throws Exception {
    fill(1, 3);
    CombinedReads<String> hurried =
        new CombinedReads<>(
            (keys, deadline) -> {
              if (keys.contains(id(2))) {
                eventually(() -> assertTrue(deadline.passed()));
                throw StorageException.unavailable("no response by the deadline");
              }
              return database.run(keys, deadline);
            },
            A_WHILE,
            LONG);
    database.silent = true;
    ask(hurried, 1);
    awaitBegun(1);
    Asker leading = start(hurried, 2, Duration.ofSeconds(1));
    eventually(() -> assertEquals(Thread.State.TIMED_WAITING, leading.thread.getState()));
    Asker following = askAndWait(hurried, 3);
    database.silent = false;

    database.begun.get(0).letGo();

    assertThrows(StorageException.class, leading::answer);
    assertEquals(Optional.of("row 3"), following.answer());
  }

  @Test
  void nobodyWaitsBeyondTheDeadline() throws Exception {
    fill(1, 4);
    oneUnderWay();
    Asker queued = start(reads, 3, Duration.ofMillis(200));

    StorageException e = assertThrows(StorageException.class, queued::answer);

    assertTrue(e.isUnavailable());
    assertEquals(1, database.begun.size());
  }

  @Test
  void whoIsInterruptedLeavesAndTheOthersAreAnswered() throws Exception {
    fill(1, 5);
    oneUnderWay();
    Asker leaving = askAndWait(3);
    List<Asker> staying = List.of(askAndWait(4), askAndWait(5));

    leaving.interrupt();
    assertThrows(StorageException.class, leaving::answer);
    assertTrue(leaving.wasInterrupted);
    database.silent = false;
    database.begun.get(0).letGo();

    assertEquals(Optional.of("row 4"), staying.get(0).answer());
    assertEquals(Optional.of("row 5"), staying.get(1).answer());
    assertEquals(ids(4, 5), database.begun.get(1).keys);
  }

  @Test
  void interruptionsDeadlinesAndTurnsThatMeetLeaveNobodyBehind() throws Exception {
    fill(0, 9);
    CombinedReads<String> busy =
        new CombinedReads<>(
            (keys, deadline) -> {
              Thread.yield();
              return database.found(keys);
            },
            Duration.ofMillis(1),
            Duration.ofMillis(1));
    AtomicInteger answered = new AtomicInteger();
    List<FutureTask<Boolean>> all = new ArrayList<>();
    for (int t = 0; t < 24; t++) {
      int key = t % 10;
      all.add(
          start(
              () -> {
                for (int i = 0; i < 500; i++) {
                  if (i % 7 == key) {
                    Thread.currentThread().interrupt();
                  }
                  Duration time = i % 5 == 0 ? Duration.ofNanos(20_000) : LONG;
                  try {
                    assertEquals(Optional.of("row " + key), busy.find(id(key), Deadline.in(time)));
                    answered.incrementAndGet();
                  } catch (StorageException e) {
                    assertTrue(e.isUnavailable());
                  }
                  Thread.interrupted();
                }
                return true;
              }));
    }

    for (FutureTask<Boolean> one : all) {
      assertTrue(one.get(30, SECONDS));
    }
    assertTrue(answered.get() > 24 * 250, "answered: " + answered);
    assertEquals(Optional.of("row 1"), busy.find(id(1), Deadline.in(LONG)));
  }

  /** Leaves a query for 1 under way, and those that follow it too. */
  private Asker oneUnderWay() {
    database.silent = true;
    Asker first = ask(reads, 1);
    awaitBegun(1);
    return first;
  }

  private void awaitBegun(int queries) {
    eventually(() -> assertEquals(queries, database.begun.size()));
  }

  private void fill(int from, int to) {
    for (int i = from; i <= to; i++) {
      database.rows.put(id(i), "row " + i);
    }
  }

  private static UUID id(int number) {
    return new UUID(0, number);
  }

  private static Set<UUID> ids(int from, int to) {
    Set<UUID> ids = new HashSet<>();
    for (int i = from; i <= to; i++) {
      ids.add(id(i));
    }
    return ids;
  }

  private Asker ask(CombinedReads<String> whom, int number) {
    return start(whom, number, LONG);
  }

  private Asker askAndWait(int number) {
    return askAndWait(reads, number);
  }

  /** Returns once the asker is in the queue. */
  private Asker askAndWait(CombinedReads<String> whom, int number) {
    Asker asker = ask(whom, number);
    eventually(() -> assertEquals(Thread.State.TIMED_WAITING, asker.thread.getState()));
    return asker;
  }

  private Asker start(CombinedReads<String> whom, int number, Duration time) {
    Asker asker = new Asker(() -> whom.find(id(number), Deadline.in(time)));
    askers.add(asker);
    asker.thread.start();
    return asker;
  }

  private static FutureTask<Boolean> start(Callable<Boolean> work) {
    FutureTask<Boolean> task = new FutureTask<>(work);
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  /** A thread that asks once. */
  private static final class Asker {
    private final FutureTask<Optional<String>> task;
    private final Thread thread;
    private volatile boolean wasInterrupted;

    Asker(Callable<Optional<String>> question) {
      this.task = new FutureTask<>(question);
      this.thread =
          new Thread(
              () -> {
                task.run();
                wasInterrupted = Thread.currentThread().isInterrupted();
              });
      thread.setDaemon(true);
    }

    void interrupt() {
      thread.interrupt();
    }

    boolean isDone() {
      return task.isDone();
    }

    /** Returns the answer, or throws what the question threw. */
    Optional<String> answer() throws Exception {
      try {
        return task.get(30, SECONDS);
      } catch (ExecutionException e) {
        thread.join();
        throw (Exception) e.getCause();
      }
    }
  }

  /** Answers with what is there when the query is let go, and hangs as long as it is told to. */
  private static final class Database implements CombinedReads.Query<String> {
    private final Map<UUID, String> rows = new ConcurrentHashMap<>();
    private final List<Begun> begun = new CopyOnWriteArrayList<>();
    private volatile boolean silent;
    private volatile boolean away;
    private volatile UUID spoilt = id(-1);

    @Override
    public Map<UUID, String> run(Collection<UUID> keys, Deadline deadline) {
      Begun query = new Begun(Thread.currentThread(), Set.copyOf(keys));
      boolean hangs = silent;
      begun.add(query);
      if (hangs) {
        query.hang();
      }
      if (away) {
        throw StorageException.unavailable("away");
      }
      if (keys.contains(spoilt)) {
        throw new IllegalStateException("a row that cannot be read");
      }
      return found(keys);
    }

    private Map<UUID, String> found(Collection<UUID> keys) {
      Map<UUID, String> found = new HashMap<>(rows);
      found.keySet().retainAll(keys);
      return found;
    }
  }

  /** A query that has reached the database. */
  private record Begun(Thread thread, Set<UUID> keys, CountDownLatch hanging) {
    Begun(Thread thread, Set<UUID> keys) {
      this(thread, keys, new CountDownLatch(1));
    }

    void letGo() {
      hanging.countDown();
    }

    void hang() {
      try {
        hanging.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
