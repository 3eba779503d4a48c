package io.thirdsession;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs timeouts, delayed tasks and repeated tasks on one thread, so each task must be short. Unlike
 * the timeouts of {@link CompletableFuture}, it leaves no thread behind when the application is
 * redeployed. Thread-safe.
 */
public final class Timer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Timer.class);

  private final ScheduledThreadPoolExecutor executor;

  /** Makes a timer whose thread has this name; the first task starts the thread. */
  public Timer(String name) {
    executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            });
    executor.setRemoveOnCancelPolicy(true);
  }

  /** Runs the task once, after this time. */
  public void after(Duration time, Runnable task) {
    Future<?> unused = executor.schedule(logged(task), time.toNanos(), NANOSECONDS);
  }

  /**
   * Runs the task repeatedly: first after {@code pause}, then {@code pause} after each run has
   * ended.
   */
  public void every(Duration pause, Runnable task) {
    Future<?> unused =
        executor.scheduleWithFixedDelay(
            logged(task), pause.toNanos(), pause.toNanos(), NANOSECONDS);
  }

  /**
   * Returns a future with the outcome of this one, or with the failure if it does not complete in
   * time. The given future is not cancelled.
   */
  public <T> CompletableFuture<T> within(
      Duration time, CompletableFuture<T> future, Supplier<? extends Throwable> failure) {
    CompletableFuture<T> bounded = future.copy();
    if (!bounded.isDone()) {
      Future<?> timeout =
          executor.schedule(
              () -> bounded.completeExceptionally(failure.get()), time.toNanos(), NANOSECONDS);
      var unused = bounded.whenComplete((result, error) -> timeout.cancel(false));
    }
    return bounded;
  }

  private static Runnable logged(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException | Error e) {
        log.error("a task of the timer failed", e);
      }
    };
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
