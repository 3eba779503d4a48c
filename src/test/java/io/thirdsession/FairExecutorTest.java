package io.thirdsession;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class FairExecutorTest {
  /** Tasks that have been given a thread, until {@link #runOne} runs them. */
  private final Deque<Runnable> threads = new ArrayDeque<>();

  private final List<String> done = new ArrayList<>();
  private final FairExecutor executor = new FairExecutor(threads::add, 2, 3);

  @Test
  void givesTwoThreadsToAKeyAndAnyToOthers() {
    add("a", "a1", "a2", "a3");
    add("b", "b1");

    assertEquals(3, threads.size());
  }

  @Test
  void whatWaitsIsRunInOrderByTheThreadThatIsFreeFirst() {
    add("a", "a1", "a2", "a3", "a4");

    runOne();

    assertEquals(List.of("a1", "a3", "a4"), done);
    runOne();
    assertEquals(List.of("a1", "a3", "a4", "a2"), done);
  }

  @Test
  void aKeyWhoseTasksHaveEndedBeginsAnew() {
    for (int i = 0; i < 3; i++) {
      add("a", "x", "y", "z");
      assertEquals(2, threads.size());
      runOne();
      runOne();
    }

    assertEquals(9, done.size());
  }

  @Test
  void rejectsWhenTooManyOfAKeyWait() {
    add("a", "1", "2", "3", "4", "5");

    assertThrows(RejectedExecutionException.class, () -> add("a", "6"));
    add("b", "b1");
    assertEquals(3, threads.size());
  }

  @Test
  void whatTheThreadsRejectTakesNoPlace() {
    FairExecutor closed =
        new FairExecutor(
            task -> {
              throw new RejectedExecutionException("closed");
            },
            1,
            1);

    for (int i = 0; i < 3; i++) {
      assertThrows(RejectedExecutionException.class, () -> closed.of("a").execute(() -> {}));
    }
  }

  @Test
  void aTaskThatThrowsGivesItsPlaceToTheNext() {
    executor
        .of("a")
        .execute(
            () -> {
              throw new IllegalStateException("on purpose");
            });
    add("a", "a2", "a3");

    runOne();

    assertEquals(List.of("a3"), done);
  }

  private void add(String key, String... names) {
    for (String name : names) {
      executor.of(key).execute(() -> done.add(name));
    }
  }

  private void runOne() {
    threads.remove().run();
  }
}
