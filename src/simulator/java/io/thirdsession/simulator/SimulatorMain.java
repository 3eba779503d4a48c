package io.thirdsession.simulator;

import java.util.concurrent.CountDownLatch;

/** Starts the simulator by itself, on port 9090 unless SIM_PORT says otherwise. */
public final class SimulatorMain {
  private SimulatorMain() {}

  /** Runs until the process is ended. */
  public static void main(String[] args) throws InterruptedException {
    try {
      run(SimulatorOptions.fromEnvironment(System.getenv()));
    } catch (IllegalArgumentException | IllegalStateException cannotStart) {
      System.err.println(cannotStart.getMessage());
      System.exit(1);
    }
  }

  private static void run(SimulatorOptions options) throws InterruptedException {
    try (WeChatSimulator simulator = WeChatSimulator.start(options)) {
      System.out.println("WeChat simulator on " + simulator.baseUri() + " " + options);
      // The simulator's threads are daemons; this one keeps the process alive.
      new CountDownLatch(1).await();
    }
  }
}
