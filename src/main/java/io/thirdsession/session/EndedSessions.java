package io.thirdsession.session;

import io.thirdsession.metrics.Counter;
import io.thirdsession.metrics.Counters;
import io.thirdsession.metrics.Metrics;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** Counts the sessions that end before their time. Thread-safe. */
public final class EndedSessions {
  private final Map<SessionEnd, Counter> counters = new EnumMap<>(SessionEnd.class);

  public EndedSessions(Metrics metrics) {
    Counters family =
        metrics.counters(
            "thirdsession_sessions_ended_total", "sessions ended before their time", "reason");
    for (SessionEnd reason : SessionEnd.values()) {
      counters.put(reason, family.of(reason.label()));
    }
  }

  /** Returns what counts those that end for this reason. */
  public Counter of(SessionEnd reason) {
    return Objects.requireNonNull(counters.get(reason));
  }
}
