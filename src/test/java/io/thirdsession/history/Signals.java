package io.thirdsession.history;

import java.io.IOException;

/** What {@code kill} can tell a process beyond that it must end. */
final class Signals {
  private Signals() {}

  /** Lets a process stand still: what it was asked before, it does once it goes on. */
  static void stop(ProcessHandle process) throws IOException, InterruptedException {
    send(process, "STOP");
  }

  /** Lets a process that stands still go on. */
  static void goOn(ProcessHandle process) throws IOException, InterruptedException {
    send(process, "CONT");
  }

  private static void send(ProcessHandle process, String name)
      throws IOException, InterruptedException {
    String pid = Long.toString(process.pid());
    int status = new ProcessBuilder("kill", "-" + name, pid).inheritIO().start().waitFor();
    if (status != 0) {
      throw new IllegalStateException("kill -" + name + " ended with " + status);
    }
  }
}
