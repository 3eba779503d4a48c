package io.thirdsession.bench.machine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a process has used since it began, as Linux counts.
 *
 * @param micros of CPU, in user and system mode, of all its threads, ended ones included
 * @param jitMicros of them those of the JVM's compiler
 * @param switches how often a thread of it, of those that live, gave up the CPU to wait
 */
public record Usage(long micros, long jitMicros, long switches) {
  private static final long MICROS_PER_TICK = 10_000; // USER_HZ is 100 on every Linux
  private static final int USER_TIME = 11; // fields behind the name, from 0
  private static final int SYSTEM_TIME = 12;
  private static final String SWITCHES = "voluntary_ctxt_switches:";

  /** Returns what this process has used. */
  public static Usage of(long pid) {
    Path process = Path.of("/proc", Long.toString(pid));
    long jit = 0;
    long switches = 0;
    try (Stream<Path> tasks = Files.list(process.resolve("task"))) {
      for (Path task : tasks.toList()) {
        try {
          String stat = Files.readString(task.resolve("stat"), ISO_8859_1);
          if (stat.contains("(C1 ") || stat.contains("(C2 ")) {
            jit += micros(stat);
          }
          switches += number(Files.readAllLines(task.resolve("status"), ISO_8859_1), SWITCHES);
        } catch (IOException e) {
          // it has ended meanwhile: then its file is gone, or cannot be read any more
        }
      }
      return new Usage(micros(Files.readString(process.resolve("stat"))), jit, switches);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns what was used since then. */
  public Usage since(Usage before) {
    return new Usage(
        micros - before.micros, jitMicros - before.jitMicros, switches - before.switches);
  }

  /** Returns the CPU time without the compiler's, in microseconds. */
  public long workMicros() {
    return micros - jitMicros;
  }

  private static long micros(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME]))
        * MICROS_PER_TICK;
  }

  /** Returns a number of {@code status}, such as {@code VmRSS:}, without its unit. */
  static long number(List<String> status, String name) {
    return status.stream()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(0);
  }
}
