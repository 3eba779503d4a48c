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

/**
 * Reads rows by key, those that are asked for while two queries are under way in the next one
 * together. Nothing is kept: a question is queued before the query that answers it is begun. No
 * thread but those that ask is used, and one that asks alone does not wait. Thread-safe.
 *
 * @param <T> what is made of a row
 */
final class CombinedReads<T> {
  /** Questions in one query. */
  static final int MAX_TOGETHER = 64;

  /** With one, nothing would be under way while its thread wakes the next. */
  private static final int QUERIES_AT_ONCE = 2;

  /** Whoever has waited as long asks without its turn: the queries under way may hang. */
  private static final Duration PATIENCE = Duration.ofMillis(50);

  /** Whoever has waited as long for a query that another began asks once more, on another line. */
  private static final Duration SILENCE = Duration.ofSeconds(1);

  private final Query<T> query;
  private final Duration patience;
  private final Duration silence;
  private final Deque<Question> waiting = new ArrayDeque<>(); // guarded by this
  private int queries; // guarded by this; while it is less than QUERIES_AT_ONCE, nobody waits

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
    return mustWait(question) ? awaitTurn(question).take() : askFor(question, List.of(question));
  }

  private synchronized boolean mustWait(Question question) {
    if (queries < QUERIES_AT_ONCE) {
      queries++;
      return false;
    }
    waiting.add(question);
    return true;
  }

  private Turn<T> awaitTurn(Question question) {
    try {
      return question.turn(patience);
    } catch (TimeoutException e) {
      List<Question> together = outOfTurn(question);
      return together.isEmpty() ? awaitResponse(question) : () -> askFor(question, together);
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

  /** Returns this one and who waits behind it, or nothing if it is not in the queue any more. */
  private synchronized List<Question> outOfTurn(Question question) {
    if (question.deadline.passed() || !waiting.remove(question)) {
      return List.of();
    }
    queries++;
    List<Question> together = new ArrayList<>();
    together.add(question);
    return fill(together);
  }

  private synchronized List<Question> next() {
    List<Question> together = fill(new ArrayList<>());
    if (together.isEmpty()) {
      queries--;
    }
    return together;
  }

  private synchronized List<Question> fill(List<Question> together) {
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
   * Whatever comes of the query, somebody else's turn begins and nobody is left waiting. What was
   * worth repeating was repeated by the query itself, so that a fault of the database is
   * everybody's; any other may be that of one row or of this thread, and then each asks alone.
   */
  private Optional<T> askFor(Question asking, List<Question> together) {
    Function<Question, Turn<T>> turns = question -> () -> alone(question);
    try {
      Map<UUID, T> found = query.run(keys(together), asking.deadline);
      turns = question -> () -> Optional.ofNullable(found.get(question.key));
    } catch (RuntimeException e) {
      if (together.size() == 1 || isEverybodys(e)) {
        turns = question -> failing(e);
      }
    } finally {
      handOver();
      for (Question question : together) {
        question.turn.complete(turns.apply(question));
      }
    }
    return turns.apply(asking).take();
  }

  private static boolean isEverybodys(RuntimeException e) {
    return e instanceof StorageException fault
        && fault.isUnavailable()
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

  /** Lets the first that still waits ask for those behind it. */
  private void handOver() {
    for (List<Question> together = next(); !together.isEmpty(); together = next()) {
      List<Question> all = together;
      for (Question first : all) {
        if (first.turn.complete(() -> askFor(first, all))) {
          return;
        }
      }
    }
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

    Turn<T> turn(Duration patience) throws InterruptedException, TimeoutException {
      try {
        return turn.get(deadline.leftAtMost(patience).toNanos(), NANOSECONDS);
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
