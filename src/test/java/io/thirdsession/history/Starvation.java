package io.thirdsession.history;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** Lets a process run for a twentieth of the time, as a quota on its processor would. */
final class Starvation implements AutoCloseable {
  private static final long RUNS_NANOS = 5_000_000;
  private static final long STANDS_STILL_NANOS = 95_000_000;

  private final AtomicBoolean ended = new AtomicBoolean();
  private final CompletableFuture<Void> done;

  private Starvation(ProcessHandle process) {
    this.done = CompletableFuture.runAsync(() -> starve(process));
  }

  /** Begins with this process. */
  static Starvation of(ProcessHandle process) {
    return new Starvation(process);
  }

  private void starve(ProcessHandle process) {
    try {
      while (!ended.get()) {
        Signals.stop(process);
        try {
          LockSupport.parkNanos(STANDS_STILL_NANOS);
        } finally {
          Signals.goOn(process);
        }
        LockSupport.parkNanos(RUNS_NANOS);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Throws why it has ended, if it has. */
  void assertGoingOn() {
    if (done.isDone()) {
      done.join();
      throw new IllegalStateException("has ended");
    }
  }

  @Override
  public void close() {
    ended.set(true);
    done.join();
  }
}
