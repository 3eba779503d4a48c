package io.thirdsession.bench.machine;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** async-profiler, which sees the kernel and native code too, in another JVM of this machine. */
public final class Profiler {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Path library;

  /** Puts the library into this folder. */
  public Profiler(Path folder) throws IOException {
    String platform = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "x64";
    String resource = "/linux-" + platform + "/libasyncProfiler.so";
    this.library = folder.resolve("libasyncProfiler.so").toAbsolutePath();
    try (InputStream in = Profiler.class.getResourceAsStream(resource)) {
      Files.copy(required(in, resource), library, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static InputStream required(@Nullable InputStream in, String resource)
      throws IOException {
    if (in == null) {
      throw new IOException(resource + " is not on the class path");
    }
    return in;
  }

  /** Begins to profile this JVM, for so long; it writes collapsed stacks into the file then. */
  public void start(long pid, Duration time, Path file) {
    String options =
        "start,event=cpu,threads,collapsed,timeout=%d,file=%s"
            .formatted(time.toSeconds(), file.toAbsolutePath());
    try {
      Files.deleteIfExists(file);
      VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
      try {
        machine.loadAgentPath(library.toString(), options);
      } finally {
        machine.detach();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (AttachNotSupportedException | AgentLoadException | AgentInitializationException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Waits until the file is whole, and returns its lines: frames, {@code ;} between, and a count.
   */
  public static Iterable<String> lines(Path file) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    long size = -1;
    while (size <= 0 || size != size(file)) {
      if (System.nanoTime() > deadline) {
        throw new IOException("no profile in " + file);
      }
      size = size(file);
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    return Files.readAllLines(file);
  }

  private static long size(Path file) throws IOException {
    return Files.exists(file) ? Files.size(file) : 0;
  }
}
