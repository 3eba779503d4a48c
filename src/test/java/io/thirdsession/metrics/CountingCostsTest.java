package io.thirdsession.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.thirdsession.testing.Scrape;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
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

  /**
   * A thread that waits for a lock is blocked, or parks: neither happens, whoever reads. A thread
   * may wait for a class that another one loads just then; no class is loaded in every round.
   */
  @Test
  void nobodyWaitsWhileAnotherReads() throws InterruptedException {
    int threads = 4;
    int each = 200_000;
    int rounds = 3;
    long fewest = Long.MAX_VALUE;
    for (int round = 0; round < rounds; round++) {
      fewest = Math.min(fewest, waits(threads, each));
    }

    assertEquals(0, fewest);
    Scrape scrape = Scrape.of(metrics.text());
    assertEquals(rounds * threads * each, scrape.value("a_total{b=\"c\"}"));
    assertEquals(rounds * threads * each, scrape.value("t_seconds_count{b=\"c\"}"));
  }

  /** Returns how many times threads had to wait that counted while another one read. */
  private long waits(int threads, int each) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(threads);
    AtomicLong waits = new AtomicLong();
    for (int t = 0; t < threads; t++) {
      Thread thread =
          new Thread(
              () -> {
                long before = waitsOfThisThread();
                for (int i = 0; i < each; i++) {
                  counter.increment();
                  timing.add(i);
                }
                waits.addAndGet(waitsOfThisThread() - before);
                done.countDown();
              });
      thread.setDaemon(true);
      thread.start();
    }
    while (!done.await(1, TimeUnit.MILLISECONDS)) {
      assertTrue(metrics.text().length() > 0);
    }
    return waits.get();
  }

  private static long waitsOfThisThread() {
    var thread = ManagementFactory.getThreadMXBean().getThreadInfo(Thread.currentThread().getId());
    return thread.getBlockedCount() + thread.getWaitedCount();
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
