package io.thirdsession.bench.machine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What everything runs on. */
public final class Machine {
  private Machine() {}

  /** Returns cores, memory and Java in one line. */
  public static String describe() {
    return "%d cores, %.0f GiB of memory, %s %s, Java %s"
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            memoryGib(),
            System.getProperty("os.name"),
            System.getProperty("os.arch"),
            System.getProperty("java.version"));
  }

  /** Returns how many threads waited for a CPU or for the disk in the last minute. */
  public static double load() {
    return Double.parseDouble(read(Path.of("/proc/loadavg")).split(" ", 2)[0]);
  }

  private static double memoryGib() {
    String kib = read(Path.of("/proc/meminfo")).lines().findFirst().orElse("0");
    return Long.parseLong(kib.replaceAll("\\D", "")) / 1024.0 / 1024.0;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
