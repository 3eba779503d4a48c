package io.thirdsession.session;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.thirdsession.Deadline;
import io.thirdsession.jdbc.StorageException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows by key, those that are asked for while a query is under way in the next one together.
 * Nothing is kept: a question is queued before the query that answers it is begun. No thread but
 * those that ask is used, and one that asks alone does not wait. Thread-safe.
 *
 * @param <T> what is made of a row
 */
final class CombinedReads<T> {
  /** Questions in one query. */
  static final int MAX_TOGETHER = 64;

  /** Whoever has waited as long asks without its turn: the query under way may hang. */
  private static final Duration PATIENCE = Duration.ofMillis(50);

  /**
   * Whoever has waited as long for a query that another began asks again, by another connection.
   */
  private static final Duration SILENCE = Duration.ofSeconds(1);

  /** What fails with less time left was not repeated, or given up because of that time. */
  private static final Duration ENOUGH = Duration.ofMillis(500);

  private final Query<T> query;
  private final Duration patience;
  private final Duration silence;
  private final Deque<Question> waiting = new ArrayDeque<>(); // guarded by this

  /** The one whose query must end before the next begins; if there is none, nobody waits. */
  private @Nullable Question leader; // guarded by this

  /** Asks with this query. */
  CombinedReads(Query<T> query) {
    this(query, PATIENCE, SILENCE);
  }

  /** The same with other times, for tests. */
  CombinedReads(Query<T> query, Duration patience, Duration silence) {
    this.query = query;
    this.patience = patience;
    this.silence = silence;
  }

  /**
   * Returns the row with this key as it was at some moment after this was called, or empty if there
   * was none.
   *
   * @throws StorageException if the database is away, or did not respond by the deadline
   */
  Optional<T> find(UUID key, Deadline deadline) {
    Question question = new Question(key, deadline);
    return mustWait(question) ? awaitTurn(question).take() : ask(question, together(question));
  }

  /**
   * While a whole query's questions wait, the next asks beside the leader, for the first of them.
   */
  private synchronized boolean mustWait(Question question) {
    if (leader == null) {
      leader = question;
      return false;
    }
    return waiting.size() < MAX_TOGETHER && waiting.add(question);
  }

  private Turn<T> awaitTurn(Question question) {
    try {
      return question.turn(patience);
    } catch (TimeoutException e) {
      List<Question> together = ledBy(question);
      return together.isEmpty() ? awaitResponse(question) : () -> ask(question, together);
    } catch (InterruptedException e) {
      return interrupted(question);
    }
  }

  private Turn<T> awaitResponse(Question question) {
    try {
      return question.turn(silence);
    } catch (TimeoutException e) {
      return givenUp(
          question,
          question.deadline.passed()
              ? failing(StorageException.unavailable("no response by the deadline"))
              : () -> find(question.key, question.deadline));
    } catch (InterruptedException e) {
      return interrupted(question);
    }
  }

  private Turn<T> interrupted(Question question) {
    Thread.currentThread().interrupt();
    return givenUp(question, failing(StorageException.unavailable("interrupted")));
  }

  /**
   * Makes it the leader if it is in the queue still, and returns whom it asks for, else nobody. In
   * one step: of many that lose patience at one moment, one asks. Nobody waits for the leader
   * before any more.
   */
  private synchronized List<Question> ledBy(Question question) {
    if (question.deadline.passed() || !waiting.remove(question)) {
      return List.of();
    }
    leader = question;
    return together(question);
  }

  /** Returns this one and those that wait now. */
  private synchronized List<Question> together(Question asking) {
    List<Question> together = new ArrayList<>();
    together.add(asking);
    while (together.size() < MAX_TOGETHER && !waiting.isEmpty()) {
      together.add(waiting.remove());
    }
    return together;
  }

  /** A turn that has come meanwhile is taken: it may be the one to ask for others. */
  private Turn<T> givenUp(Question question, Turn<T> instead) {
    synchronized (this) {
      waiting.remove(question);
    }
    question.turn.complete(instead);
    return question.turn.join();
  }

  private static <T> Turn<T> failing(RuntimeException e) {
    return () -> {
      throw e;
    };
  }

  /**
   * Asks for this one and for those with it. Whatever comes of the query, nobody that it was for is
   * left waiting, and if this is the leader, somebody else's turn begins. What was worth repeating
   * was repeated by the query itself, so that a fault of the database is everybody's; any other may
   * be that of one row or of this thread, or its time was up, and then each asks alone.
   */
  private Optional<T> ask(Question asking, List<Question> together) {
    Function<Question, Turn<T>> turns = question -> () -> alone(question);
    try {
      Map<UUID, T> found = query.run(keys(together), asking.deadline);
      turns = question -> () -> Optional.ofNullable(found.get(question.key));
    } catch (RuntimeException e) {
      if (together.size() == 1 || isEverybodys(e, asking)) {
        turns = question -> failing(e);
      }
    } finally {
      handOver(asking);
      for (Question question : together) {
        question.turn.complete(turns.apply(question));
      }
    }
    return turns.apply(asking).take();
  }

  private boolean isEverybodys(RuntimeException e, Question asking) {
    return e instanceof StorageException fault
        && fault.isUnavailable()
        && asking.deadline.leaves(ENOUGH)
        && !Thread.currentThread().isInterrupted();
  }

  private Optional<T> alone(Question question) {
    Map<UUID, T> found = query.run(Set.of(question.key), question.deadline);
    return Optional.ofNullable(found.get(question.key));
  }

  private Set<UUID> keys(List<Question> together) {
    if (together.size() == 1) {
      return Set.of(together.get(0).key);
    }
    Set<UUID> keys = new HashSet<>();
    together.forEach(question -> keys.add(question.key));
    return keys;
  }

  /**
   * If this one was the leader, the first that still waits becomes it, and will ask for whoever
   * waits when its thread runs: the busier the machine, the more have come by then.
   */
  private void handOver(Question asked) {
    Question before = asked;
    for (Question next = after(before); next != null; next = after(before)) {
      Question first = next;
      if (first.turn.complete(() -> ask(first, together(first)))) {
        return;
      }
      before = first;
    }
  }

  private synchronized @Nullable Question after(Question asked) {
    if (leader != asked) {
      return null;
    }
    leader = waiting.poll();
    return leader;
  }

  /** One who asks. */
  private final class Question {
    private final UUID key;
    private final Deadline deadline;
    private final CompletableFuture<Turn<T>> turn = new CompletableFuture<>();

    Question(UUID key, Deadline deadline) {
      this.key = key;
      this.deadline = deadline;
    }

    Turn<T> turn(Duration atMost) throws InterruptedException, TimeoutException {
      try {
        return turn.get(deadline.leftAtMost(atMost).toNanos(), NANOSECONDS);
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** What the thread of a question does when it wakes: take the response, or ask. */
  @FunctionalInterface
  private interface Turn<T> {
    Optional<T> take();
  }

  /** Reads rows by key. */
  @FunctionalInterface
  interface Query<T> {
    /**
     * Returns the rows with these keys that are there.
     *
     * @throws StorageException if the database is away, or did not respond by the deadline
     */
    Map<UUID, T> run(Collection<UUID> keys, Deadline deadline);
  }
}
