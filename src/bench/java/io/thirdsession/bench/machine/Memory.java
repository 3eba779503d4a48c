package io.thirdsession.bench.machine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The memory of a process that is in RAM, in MiB.
 *
 * @param resident now (VmRSS)
 * @param peak since it began (VmHWM)
 */
public record Memory(long resident, long peak) {
  /** Returns that of this process. */
  public static Memory of(long pid) {
    try {
      List<String> status =
          Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"), ISO_8859_1);
      return new Memory(
          Usage.number(status, "VmRSS:") / 1024, Usage.number(status, "VmHWM:") / 1024);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
