package io.thirdsession.bench;

import io.thirdsession.bench.load.Outcome;
import io.thirdsession.bench.machine.Machine;
import io.thirdsession.bench.machine.Memory;
import io.thirdsession.bench.machine.Usage;
import io.thirdsession.bench.report.Figure;
import java.util.Map;
import java.util.function.IntConsumer;

/** Reads what server, database and this process use between two moments. */
final class Meter implements IntConsumer {
  private final long[] pids;
  private final Usage[] usages;

  /** Will read the usage of this server and database. */
  Meter(long server, long database) {
    this.pids = new long[] {server, database, ProcessHandle.current().pid()};
    this.usages = new Usage[pids.length];
  }

  /** Takes the values at the beginning (0), or the difference to them at the end. */
  @Override
  public void accept(int edge) {
    for (int i = 0; i < pids.length; i++) {
      Usage now = Usage.of(pids[i]);
      usages[i] = edge == 0 ? now : now.since(usages[i]);
    }
  }

  Figure figure(String name, String war, int round, int clients, Outcome outcome) {
    double all =
        Math.max(
            1, outcome.responses() + outcome.others().values().stream().mapToLong(n -> n).sum());
    Memory memory = Memory.of(pids[0]);
    return new Figure(
        name,
        war,
        round,
        clients,
        outcome.perSecond(),
        outcome.millis(50),
        outcome.millis(90),
        outcome.millis(99),
        outcome.millis(99.9),
        usages[0].workMicros() / all,
        usages[0].jitMicros() / all,
        usages[1].micros() / all,
        usages[2].micros() / all,
        usages[0].switches() / all,
        outcome.others(),
        memory.resident(),
        memory.peak(),
        Machine.load());
  }

  /** Returns the figure of what the database alone did. */
  Figure databaseFigure(String name, int round, int threads, double perSecond, double seconds) {
    double micros = usages[1].micros() / Math.max(1, perSecond * seconds);
    return new Figure(
        name,
        "",
        round,
        threads,
        perSecond,
        0,
        0,
        0,
        0,
        0,
        0,
        micros,
        0,
        0,
        Map.of(),
        0,
        0,
        Machine.load());
  }
}
