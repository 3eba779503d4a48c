package io.thirdsession.bench.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a JVM holds on to once everything that nobody needs has been collected.
 *
 * @param live the objects that are left, in MiB
 * @param resident its memory in RAM, in MiB
 * @param threads of the operating system
 * @param files open ones, connections included
 */
public record Held(double live, long resident, int threads, int files) {
  /** Collects all garbage of this JVM and looks at what is left. */
  public static Held by(long pid) throws IOException {
    double live = live(pid);
    Path process = Path.of("/proc", Long.toString(pid));
    return new Held(
        live,
        Memory.of(pid).resident(),
        count(process.resolve("task")),
        count(process.resolve("fd")));
  }

  /** The histogram of the JDK's own tool counts what a full collection has left. */
  private static double live(long pid) throws IOException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process process =
        new ProcessBuilder(jcmd, Long.toString(pid), "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    String total =
        lines.stream()
            .filter(line -> line.startsWith("Total"))
            .findFirst()
            .orElseThrow(() -> new IOException("no histogram: " + lines));
    return Long.parseLong(total.strip().split("\\s+", -1)[2]) / (double) (1 << 20);
  }

  private static int count(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return (int) all.count();
    }
  }
}
