package io.thirdsession.testing;

import io.thirdsession.event.EventOutbox;
import java.security.SecureRandom;
import java.time.Clock;

/** Outboxes of tests. */
public final class TestEvents {
  private TestEvents() {}

  /** Returns an outbox that writes nothing, since nobody would read it. */
  public static EventOutbox none() {
    return new EventOutbox(() -> false, Clock.systemUTC(), new SecureRandom());
  }
}
