package io.thirdsession.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.thirdsession.testing.Scrape;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is counted with every check takes no lock and leaves nothing for the garbage collector. */
class CountingCostsTest {
  private final Metrics metrics = new Metrics();
  private final Counter counter = metrics.counters("a_total", "a", "b").of("c");
  private final Timing timing = metrics.timings("t_seconds", "t", "b").of("c");

  @Test
  void countingAndMeasuringAllocateNothing() {
    long bytes =
        bytes(
            () -> {
              counter.increment();
              timing.addSince(System.nanoTime());
            });

    assertEquals(0, bytes);
  }

  /** A thread that waits for a lock is blocked, or parks: neither happens, whoever reads. */
  @Test
  void nobodyWaitsWhileAnotherReads() throws InterruptedException {
    int threads = 4;
    int each = 200_000;
    CountDownLatch done = new CountDownLatch(threads);
    ThreadMXBean beans = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long[] waits = new long[threads];
    for (int t = 0; t < threads; t++) {
      int me = t;
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < each; i++) {
                  counter.increment();
                  timing.add(i);
                }
                var mine = beans.getThreadInfo(Thread.currentThread().getId());
                waits[me] = mine.getBlockedCount() + mine.getWaitedCount();
                done.countDown();
              });
      thread.setDaemon(true);
      thread.start();
    }
    while (!done.await(1, TimeUnit.MILLISECONDS)) {
      assertTrue(metrics.text().length() > 0);
    }

    assertEquals(0, Arrays.stream(waits).sum());
    Scrape scrape = Scrape.of(metrics.text());
    assertEquals(threads * each, scrape.value("a_total{b=\"c\"}"));
    assertEquals(threads * each, scrape.value("t_seconds_count{b=\"c\"}"));
  }

  /** Returns the median of many. */
  private static long bytes(Runnable operation) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long[] bytes = new long[3_001];
    for (int i = 0; i < bytes.length; i++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      operation.run();
      bytes[i] = threads.getCurrentThreadAllocatedBytes() - before;
    }
    Arrays.sort(bytes);
    return bytes[bytes.length / 2];
  }
}
