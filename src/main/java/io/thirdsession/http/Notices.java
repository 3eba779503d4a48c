package io.thirdsession.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;

/**
 * Says the same thing once in a while: an outage fills no log, a user is asked after once. Memory
 * is bounded; of very many kinds some are forgotten early. Thread-safe.
 */
public final class Notices {
  private static final int MOST_KINDS = 20_000;

  private final Cache<String, Boolean> said;

  /** Says each kind of thing at most once in this time. */
  public Notices(Duration pause) {
    this.said =
        Caffeine.newBuilder()
            .expireAfterWrite(pause)
            .maximumSize(MOST_KINDS)
            .executor(Runnable::run) // the pool of the JVM would outlive a redeploy
            .build();
  }

  /** Returns whether this kind of thing is to be said now; if so, not again for the pause. */
  public boolean isDue(String kind) {
    return said.asMap().putIfAbsent(kind, true) == null;
  }
}
