package io.thirdsession.http;

import io.thirdsession.Deadline;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps an outage from filling the log: the same thing is said once in a while. Thread-safe. */
public final class Notices {
  private static final int MOST_KINDS = 1_000;

  private final Duration pause;
  private final Map<String, Deadline> silentUntil = new ConcurrentHashMap<>();

  /** Says each kind of thing at most once in this time. */
  public Notices(Duration pause) {
    this.pause = pause;
  }

  /** Returns whether this kind of thing is to be said now; if so, not again for the pause. */
  public boolean isDue(String kind) {
    if (silentUntil.size() > MOST_KINDS) {
      silentUntil.clear();
    }
    Deadline mine = Deadline.in(pause);
    Deadline now =
        silentUntil.compute(kind, (k, until) -> until == null || until.passed() ? mine : until);
    return now == mine;
  }
}
