package io.thirdsession.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A clock that stands until it is moved. Thread-safe. */
public final class FakeClock extends Clock {
  private static final String OURS = FakeClock.class.getName();

  private final Map<String, Integer> reads = new ConcurrentHashMap<>();
  private volatile Instant now;
  private volatile Duration step = Duration.ZERO;

  public FakeClock(Instant now) {
    this.now = now;
  }

  public synchronized void set(Instant now) {
    this.now = now;
  }

  /** Moves on by so much whenever it has been read. */
  public void advanceAtEachReading(Duration step) {
    this.step = step;
  }

  public synchronized void advance(Duration time) {
    now = now.plus(time);
  }

  /**
   * Returns how often the class of this name has read the clock: a fact to wait for where its work
   * leaves no other trace.
   */
  public int readsBy(String className) {
    return reads.getOrDefault(className, 0);
  }

  /** Returns the time in whole milliseconds, as the server's own clock does. */
  @Override
  public Instant instant() {
    Instant read = readAndAdvance();
    reads.merge(reader(), 1, Integer::sum);
    return read.truncatedTo(ChronoUnit.MILLIS);
  }

  private synchronized Instant readAndAdvance() {
    Instant read = now;
    now = now.plus(step);
    return read;
  }

  private static String reader() {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames
                    .map(StackWalker.StackFrame::getClassName)
                    .filter(name -> !name.startsWith("java.") && !name.equals(OURS))
                    .map(name -> name.substring(name.lastIndexOf('.') + 1))
                    .findFirst()
                    .orElse(""));
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("times are UTC here");
  }
}
