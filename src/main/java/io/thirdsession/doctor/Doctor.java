package io.thirdsession.doctor;

import io.thirdsession.Deadline;
import io.thirdsession.Futures;
import io.thirdsession.Timer;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs all checks at once, and waits for them no longer than its deadline. Thread-safe. */
public final class Doctor {
  /** Less than the 10 s that are promised: what is late is still to be said. */
  static final Duration PATIENCE = Duration.ofSeconds(9);

  private static final Logger log = LoggerFactory.getLogger(Doctor.class);

  private final List<Check> checks;
  private final Executor executor;
  private final Timer timer;
  private final Duration patience;

  /** The deadline of the examination that is under way. */
  private final AtomicReference<@Nullable Deadline> current = new AtomicReference<>();

  /**
   * Makes a doctor that runs these checks.
   *
   * @param executor has a thread for each that may wait for the database
   */
  Doctor(List<Check> checks, Executor executor, Timer timer, Duration patience) {
    this.checks = List.copyOf(checks);
    this.executor = executor;
    this.timer = timer;
    this.patience = patience;
  }

  /**
   * Returns what all checks found, in their order; what did not end in time is a warning.
   *
   * @throws ApiException {@code overloaded} while another examination is under way: one sees
   *     another request than the other, so that they cannot share what is found
   */
  CompletableFuture<List<Finding>> examine(Asked asked) {
    Deadline deadline = Deadline.in(patience);
    if (!current.compareAndSet(null, deadline)) {
      throw ApiException.of(ApiError.OVERLOADED, "the doctor is at work already");
    }
    List<CompletableFuture<List<Finding>>> found = new ArrayList<>();
    List<CompletableFuture<List<Finding>>> running = new ArrayList<>();
    try {
      for (Check check : checks) {
        CompletableFuture<List<Finding>> its =
            CompletableFuture.completedFuture(check)
                .thenComposeAsync(it -> it.run(asked, deadline), executor);
        running.add(its);
        found.add(
            timer
                .within(deadline.leftAtMost(patience), its, () -> new Late(check.name()))
                .exceptionally(failure -> List.of(notFoundOut(check, failure))));
      }
    } finally {
      // not before the last has ended: those that are late must not pile up
      var unused = all(running).whenComplete((ended, failure) -> ended(deadline));
    }
    return all(found)
        .thenApply(
            nothing -> {
              if (running.stream().allMatch(CompletableFuture::isDone)) {
                ended(deadline); // before the response is seen, whose client may ask again
              }
              return found.stream().flatMap(its -> its.join().stream()).toList();
            });
  }

  private void ended(Deadline examination) {
    current.compareAndSet(examination, null);
  }

  private static CompletableFuture<Void> all(List<CompletableFuture<List<Finding>>> futures) {
    return CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new));
  }

  private Finding notFoundOut(Check check, Throwable failure) {
    Throwable cause = Futures.cause(failure);
    if (cause instanceof Late) {
      return Finding.warning(
          check.name(),
          new Message(
              patience.toSeconds() + " 秒内没有完成，本项未检查",
              "not looked at: not done within " + patience.toSeconds() + " s"),
          new Message(
              "稍后重试；如果总是这样，先处理其他失败项",
              "ask again; if it stays so, cure first what else has failed"));
    }
    log.warn("a check of the doctor failed check={}", check.name(), cause);
    return Finding.warning(
        check.name(),
        new Message(
            "检查时出错：" + cause.getClass().getSimpleName(),
            "not looked at: " + cause.getClass().getSimpleName()),
        new Message("原因见日志", "the log has the reason"));
  }

  /** A check was not done by the deadline. */
  private static final class Late extends RuntimeException {
    Late(String name) {
      super(name, null, false, false);
    }
  }
}
