package io.thirdsession.session;

import io.thirdsession.jdbc.StorageException;
import io.thirdsession.metrics.Counter;
import io.thirdsession.metrics.Counters;
import io.thirdsession.metrics.Metrics;
import java.util.Optional;
import java.util.function.Function;

/**
 * Checks sessions for one call, and counts what came of it. Counting takes no lock and allocates
 * nothing. Thread-safe.
 */
public final class CountedChecks implements Function<String, Optional<Session>> {
  private final SessionService sessions;
  private final Counter live;
  private final Counter ended;
  private final Counter failed;

  private CountedChecks(SessionService sessions, Counters counters, String via) {
    this.sessions = sessions;
    this.live = counters.of(via, "live");
    this.ended = counters.of(via, "not_live");
    this.failed = counters.of(via, "failed");
  }

  /** Checks as {@link SessionService#find} does. */
  @Override
  public Optional<Session> apply(String token) {
    try {
      Optional<Session> found = sessions.find(token);
      (found.isPresent() ? live : ended).increment();
      return found;
    } catch (StorageException e) {
      failed.increment();
      throw e;
    }
  }

  /** The calls that ask whether sessions are live, each with its own counters. */
  public record Calls(CountedChecks session, CountedChecks introspect, CountedChecks gateway) {
    /** Returns the checks of each call. */
    public static Calls of(SessionService sessions, Metrics metrics) {
      Counters counters =
          metrics.counters(
              "thirdsession_checks_total", "tokens that were checked", "via", "outcome");
      return new Calls(
          new CountedChecks(sessions, counters, "session"),
          new CountedChecks(sessions, counters, "introspect"),
          new CountedChecks(sessions, counters, "gateway"));
    }
  }
}
