package io.thirdsession.login;

import io.thirdsession.Deadline;
import io.thirdsession.FairExecutor;
import io.thirdsession.Timer;
import io.thirdsession.wechat.CodeSession;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records logins, those that wait at one moment in one transaction: it costs little more than that
 * of a single one. Whoever comes while nobody waits is recorded at once and alone. What is not
 * plain about one login (a lock that somebody holds, a disabled user, a link to be made) takes it
 * out of the transaction of the others, and it is recorded alone. Thread-safe.
 */
public final class LoginBatches {
  /** A power of two, as every batch is: so few different statements are prepared. */
  private static final int MAX_TOGETHER = 32;

  /** More would find fewer logins waiting, so that each costs more. */
  private static final int MAX_RUNNING = 2;

  /** If the first in the queue waits for longer, what is running hangs, and one more is begun. */
  private static final Duration PATIENCE = Duration.ofMillis(50);

  private static final Duration FINISHING = Duration.ofSeconds(5);
  private static final Logger log = LoggerFactory.getLogger(LoginBatches.class);

  private final Recorder recorder;
  private final Executor threads;
  private final FairExecutor alone;
  private final Timer timer;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private int running;
  private boolean watched;

  /**
   * Records on these threads.
   *
   * @param threads run transactions of several logins
   * @param alone runs those of one login, a few at once of one user; rejects when too many wait
   */
  public LoginBatches(Recorder recorder, Executor threads, FairExecutor alone, Timer timer) {
    this.recorder = recorder;
    this.threads = threads;
    this.alone = alone;
    this.timer = timer;
  }

  /**
   * Records the login and returns its session. The future fails with {@link Late} if the deadline
   * has passed before it is this login's turn, and with what {@link Recorder#record} throws.
   */
  CompletableFuture<Login> run(
      LoginRequest request, CodeSession codeSession, Instant at, Deadline deadline) {
    return run(recorder.confirmed(request, codeSession, at), deadline);
  }

  /**
   * Records the login as {@link #run} does, if it makes no new user; else the future fails with
   * {@link io.thirdsession.user.UnknownUserException}.
   */
  CompletableFuture<Login> runIfKnown(
      LoginRequest request, CodeSession codeSession, Instant at, Deadline deadline) {
    return run(recorder.confirmed(request, codeSession, at).ofKnownUser(), deadline);
  }

  private CompletableFuture<Login> run(ConfirmedLogin confirmed, Deadline deadline) {
    Waiting login =
        new Waiting(confirmed, deadline, new CompletableFuture<>(), Deadline.in(PATIENCE));
    synchronized (this) {
      waiting.add(login);
    }
    begin(MAX_RUNNING);
    return login.outcome();
  }

  /** Waits until every login that was given has been recorded, but for no longer than 5 s. */
  public synchronized void finish() {
    Deadline deadline = Deadline.in(FINISHING);
    try {
      while ((running > 0 || !waiting.isEmpty()) && !deadline.passed()) {
        wait(deadline.leftAtMost(FINISHING).toMillis() + 1);
      }
      if (running > 0 || !waiting.isEmpty()) {
        log.warn("logins were cut off by the stop");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // whoever stops us is in a hurry
    }
  }

  /** Begins a transaction if fewer than this many are running, and somebody waits. */
  private void begin(int most) {
    List<Waiting> batch = next(most);
    while (!batch.isEmpty() && !isBegun(batch)) {
      oneLess();
      batch = next(most);
    }
  }

  private boolean isBegun(List<Waiting> batch) {
    return batch.size() == 1
        ? isAlone(batch.get(0), this::ended)
        : execute(threads, batch, () -> runTogether(batch), this::ended);
  }

  private synchronized List<Waiting> next(int most) {
    if (waiting.isEmpty()) {
      return List.of();
    }
    if (running >= most) {
      watch();
      return List.of();
    }
    running++;
    return take();
  }

  private void ended() {
    oneLess();
    begin(MAX_RUNNING);
  }

  private synchronized void oneLess() {
    running--;
    notifyAll();
  }

  /** Takes as many as go together: a power of two, each of another identity, in their order. */
  private List<Waiting> take() {
    List<Waiting> seen = new ArrayList<>();
    List<Waiting> batch = new ArrayList<>();
    Set<String> identities = new HashSet<>();
    while (batch.size() < MAX_TOGETHER && !waiting.isEmpty()) {
      Waiting login = waiting.remove();
      seen.add(login);
      if (identities.add(login.login().identity())) {
        batch.add(login);
      }
    }
    List<Waiting> taken = batch.subList(0, Integer.highestOneBit(batch.size()));
    seen.removeAll(new HashSet<>(taken));
    Collections.reverse(seen);
    seen.forEach(waiting::addFirst);
    return taken;
  }

  private void watch() {
    if (!watched) {
      watched = true;
      try {
        timer.after(PATIENCE, this::look);
      } catch (RejectedExecutionException e) {
        log.debug("everything closes", e);
      }
    }
  }

  private void look() {
    boolean hangs;
    synchronized (this) {
      watched = false;
      @Nullable Waiting first = waiting.peek();
      hangs = first != null && first.patience().passed();
    }
    begin(hangs ? Integer.MAX_VALUE : MAX_RUNNING);
    synchronized (this) {
      if (!waiting.isEmpty()) {
        watch(); // what was begun just now may hang too
      }
    }
  }

  private void runTogether(List<Waiting> batch) {
    Map<ConfirmedLogin, Login> recorded = recordPlain(batch);
    for (Waiting login : batch) {
      @Nullable Login done = recorded.get(login.login());
      if (done != null) {
        login.outcome().complete(done);
      } else {
        var unused = isAlone(login, () -> {});
      }
    }
  }

  /** Returns those that were recorded; none if their transaction failed. */
  private Map<ConfirmedLogin, Login> recordPlain(List<Waiting> batch) {
    List<Waiting> inTime = batch.stream().filter(login -> !login.deadline().passed()).toList();
    if (inTime.size() < 2) {
      return Map.of();
    }
    Deadline first =
        inTime.stream().map(Waiting::deadline).reduce(Deadline::orEarlier).orElseThrow();
    try {
      return recorder.recordPlain(inTime.stream().map(Waiting::login).toList(), first);
    } catch (RuntimeException e) {
      log.info(
          "logins are recorded one by one count={} reason=\"{}\"", inTime.size(), e.getMessage());
      return Map.of();
    }
  }

  private boolean isAlone(Waiting login, Runnable ended) {
    return execute(
        alone.of(login.login().identity()),
        List.of(login),
        () -> {
          if (login.deadline().passed()) {
            throw new Late(); // nobody waits any more; spare the database
          }
          login.outcome().complete(recorder.record(login.login(), login.deadline()));
        },
        ended);
  }

  /**
   * Returns whether the work will be done and {@code ended} be run after it; if not, these logins
   * have failed.
   */
  private static boolean execute(
      Executor executor, List<Waiting> logins, Runnable work, Runnable ended) {
    try {
      executor.execute(
          () -> {
            try {
              work.run();
            } catch (RuntimeException | Error e) {
              fail(logins, e);
            } finally {
              ended.run();
            }
          });
      return true;
    } catch (RejectedExecutionException e) {
      fail(logins, e);
      return false;
    }
  }

  private static void fail(List<Waiting> logins, Throwable failure) {
    logins.forEach(login -> login.outcome().completeExceptionally(failure));
  }

  /** What records logins: the transactions, behind an interface for the tests. */
  interface Recorder {
    /** Draws what the login is to have. */
    ConfirmedLogin confirmed(LoginRequest request, CodeSession codeSession, Instant at);

    /** Records a login, and throws what keeps it from being made. */
    Login record(ConfirmedLogin login, Deadline deadline);

    /**
     * Records logins of different identities in one transaction: those that are plain, all or none.
     * Those that are missing from what is returned have left no trace.
     */
    Map<ConfirmedLogin, Login> recordPlain(List<ConfirmedLogin> logins, Deadline deadline);
  }

  /** A login that waits for its turn. */
  private record Waiting(
      ConfirmedLogin login,
      Deadline deadline,
      CompletableFuture<Login> outcome,
      Deadline patience) {}

  /** The deadline has passed while the login waited. */
  static final class Late extends RuntimeException {}
}
