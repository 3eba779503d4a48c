package io.thirdsession.bench.machine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.function.IntConsumer;

/** Runs {@link RawMain} in a JVM of its own, with the options that the server has. */
public final class RawProcess {
  private RawProcess() {}

  /**
   * Returns how often a second the work was done by so many threads.
   *
   * @param settings DB_URL, DB_USER, DB_PASSWORD
   * @param edge is told 0 when measuring begins and 1 when it ends
   */
  public static double perSecond(
      RawMain.Work work,
      int threads,
      String jvm,
      Map<String, String> settings,
      Duration warmUp,
      Duration time,
      IntConsumer edge)
      throws IOException {
    ProcessBuilder builder =
        JavaProcess.of(
            jvm,
            entry -> true,
            RawMain.class,
            work.name(),
            Integer.toString(threads),
            Double.toString(warmUp.toMillis() / 1e3),
            Double.toString(time.toMillis() / 1e3));
    builder.environment().putAll(settings);
    Process process = JavaProcess.start(builder);
    double rate = 0;
    StringBuilder said = new StringBuilder();
    try (BufferedReader lines = process.inputReader(UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        said.append(line).append('\n');
        if (line.equals("begin")) {
          edge.accept(0);
        } else if (line.startsWith("end ")) {
          edge.accept(1);
          String[] numbers = line.split(" ", -1);
          rate = Long.parseLong(numbers[1]) * 1e9 / Long.parseLong(numbers[2]);
        }
      }
    }
    if (rate == 0) {
      throw new IOException("nothing was measured: " + said);
    }
    return rate;
  }
}
