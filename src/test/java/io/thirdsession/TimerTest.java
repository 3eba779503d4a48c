package io.thirdsession;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TimerTest {
  private final Timer timer = new Timer("test-timer");

  @AfterEach
  void close() {
    timer.close();
  }

  @Test
  void givesTheOutcomeThatComesInTime() throws Exception {
    CompletableFuture<String> future = new CompletableFuture<>();
    CompletableFuture<String> bounded =
        timer.within(Duration.ofSeconds(30), future, IllegalStateException::new);

    future.complete("here");

    assertEquals("here", bounded.get(5, SECONDS));
  }

  @Test
  void failsWhenTheOutcomeIsLateAndLetsTheFutureGoOn() {
    CompletableFuture<String> future = new CompletableFuture<>();
    CompletableFuture<String> bounded =
        timer.within(Duration.ofMillis(1), future, () -> new IllegalStateException("late"));

    ExecutionException e = assertThrows(ExecutionException.class, () -> bounded.get(5, SECONDS));

    assertInstanceOf(IllegalStateException.class, e.getCause());
    assertFalse(future.isDone());
  }

  @Test
  void runsATaskAgainAfterItThrew() throws Exception {
    CountDownLatch runs = new CountDownLatch(2);

    timer.every(
        Duration.ofMillis(1),
        () -> {
          runs.countDown();
          throw new IllegalStateException("on purpose");
        });

    assertTrue(runs.await(5, SECONDS));
  }
}
