package io.thirdsession;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks on the threads of another executor, but only a few at once of one key: a key whose
 * tasks hang does not take every thread. Further tasks of that key wait in order, without a thread.
 * Thread-safe.
 */
public final class FairExecutor {
  private static final Logger log = LoggerFactory.getLogger(FairExecutor.class);

  private final Executor threads;
  private final int maxRunning;
  private final int maxWaiting;
  private final Map<String, Lane> lanes = new HashMap<>();

  /**
   * Makes an executor on these threads.
   *
   * @param maxRunning tasks of one key that run at once
   * @param maxWaiting further tasks of one key; beyond them it rejects
   */
  public FairExecutor(Executor threads, int maxRunning, int maxWaiting) {
    this.threads = threads;
    this.maxRunning = maxRunning;
    this.maxWaiting = maxWaiting;
  }

  /**
   * Returns the executor of the tasks of this key, which may have several parts. It throws {@link
   * RejectedExecutionException} if too many wait, or if the threads have too much to do or are
   * closed.
   */
  public Executor of(String... key) {
    String joined = String.join(" ", key);
    return task -> execute(joined, task);
  }

  private void execute(String key, Runnable task) {
    synchronized (lanes) {
      Lane lane = lanes.computeIfAbsent(key, unused -> new Lane());
      if (lane.running == maxRunning) {
        if (lane.waiting.size() == maxWaiting) {
          throw new RejectedExecutionException("too many tasks of one key");
        }
        lane.waiting.add(task);
        return;
      }
      lane.running++;
      try {
        threads.execute(() -> runAll(key, task));
      } catch (RejectedExecutionException e) {
        leave(key, lane);
        throw e;
      }
    }
  }

  /** Runs the task, and then those that have begun to wait meanwhile. */
  private void runAll(String key, Runnable first) {
    @Nullable Runnable task = first;
    while (task != null) {
      try {
        task.run();
      } catch (RuntimeException | Error e) {
        log.error("a task failed", e); // those that wait behind it must not be lost
      }
      task = nextOf(key);
    }
  }

  private @Nullable Runnable nextOf(String key) {
    synchronized (lanes) {
      Lane lane = lanes.getOrDefault(key, new Lane());
      @Nullable Runnable next = lane.waiting.poll();
      if (next == null) {
        leave(key, lane);
      }
      return next;
    }
  }

  private void leave(String key, Lane lane) {
    lane.running--;
    if (lane.running == 0) {
      lanes.remove(key);
    }
  }

  /** The tasks of one key. */
  private static final class Lane {
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private int running;
  }
}
