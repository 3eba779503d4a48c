package io.thirdsession.bench.machine;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Starts JVMs beside this one. */
final class JavaProcess {
  private JavaProcess() {}

  /**
   * Returns a process to be started.
   *
   * @param options of the JVM, separated by blanks
   * @param classPath which entries of ours it gets
   */
  static ProcessBuilder of(
      String options, Predicate<String> classPath, Class<?> main, String... arguments) {
    List<String> command = java(options);
    command.add("-cp");
    command.add(
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(classPath)
            .collect(Collectors.joining(File.pathSeparator)));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true);
  }

  /** Returns a process to be started from an executable jar. */
  static ProcessBuilder ofJar(String options, Path jar, String... arguments) {
    List<String> command = java(options);
    command.addAll(List.of("-jar", jar.toAbsolutePath().toString()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true);
  }

  private static List<String> java(String options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (!options.isBlank()) {
      command.addAll(List.of(options.strip().split("\\s+")));
    }
    return command;
  }

  /** Ends it, and returns when it has ended. */
  static void end(Process process) {
    process.destroy();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** Starts it; it ends with this JVM. */
  static Process start(ProcessBuilder builder) throws IOException {
    Process process = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return process;
  }
}
