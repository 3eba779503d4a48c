package io.thirdsession.testing;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;

/** How much computing something is, whatever else the machine does meanwhile. */
public final class CpuTime {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private CpuTime() {}

  /** Returns for how long this thread computed in order to run this. */
  public static Duration of(Runnable work) {
    long beganNanos = THREADS.getCurrentThreadCpuTime();
    work.run();
    return Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - beganNanos);
  }
}
