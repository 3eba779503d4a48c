package io.thirdsession.history;

import io.thirdsession.testing.TcpProxy;
import io.thirdsession.testing.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** Breaks the connections between nodes and database, each in the ways that networks do. */
final class NetworkFaults {
  /** Longer than most responses, shorter than the rows of several users. */
  private static final int MOST_BYTES = 400;

  private final TestDatabase database;
  private final List<TcpProxy> proxies;
  private final Random random;

  NetworkFaults(TestDatabase database, List<TcpProxy> proxies, Random random) {
    this.database = database;
    this.proxies = proxies;
    this.random = random;
  }

  /** Makes one fault, which is over when this returns, or is about to strike. */
  void strike() {
    TcpProxy proxy = proxies.get(random.nextInt(proxies.size()));
    switch (random.nextInt(10)) {
      case 0 -> database.killConnections();
      case 1 -> { // all are closed, and new ones refused
        proxy.cut();
        pause(400);
        proxy.restore();
      }
      case 2 -> { // a black hole: what was swallowed never comes, as its connection ends with it
        proxy.swallow(true);
        pause(800);
        proxy.cut();
        proxy.swallow(false);
        proxy.restore();
      }
      case 3 -> proxy.cutBefore("commit"); // as the driver spells it
      case 4, 5 -> // a statement is not heard
          proxy.cutRequestsAfter(random.nextInt(MOST_BYTES));
      default -> // it is done, and nobody is told
          proxy.cutAfter(random.nextInt(MOST_BYTES));
    }
  }

  /** Makes no more faults. */
  void end() {
    for (TcpProxy proxy : proxies) {
      proxy.cutBefore("");
      proxy.cutAfter(Integer.MAX_VALUE);
      proxy.cutRequestsAfter(Integer.MAX_VALUE);
    }
  }

  private void pause(int mostMillis) {
    LockSupport.parkNanos(Duration.ofMillis(1 + random.nextInt(mostMillis)).toNanos());
  }
}
