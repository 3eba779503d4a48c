package io.thirdsession.history;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A root that has MySQL's programs in it ({@code .ci/mysql root} makes one), in which they run as
 * if it were the machine. Only the superuser can do that.
 *
 * @param root the root, as the machine sees it
 * @param folder of ours alone, as the programs see it
 */
record MySqlRoot(Path root, String folder) {
  private static final long MOST_SECONDS = 120;

  /** Makes the folder, which must not hold anything yet, and lets MySQL's user write there. */
  void makeFolder() throws IOException, InterruptedException {
    if (Files.exists(outside(""))) {
      throw new IllegalStateException("is in use: " + outside(""));
    }
    run("install", "-d", "-o", "mysql", "-g", "mysql", folder);
  }

  /** Returns a file of the folder, as the programs see it. */
  String inside(String name) {
    return folder + "/" + name;
  }

  /** Returns a file of the folder, as the machine sees it. */
  Path outside(String name) {
    return root.resolve(folder.substring(1)).resolve(name);
  }

  /** Starts a program, whose output is added to a file of the folder. */
  Process start(String log, List<String> command) throws IOException {
    List<String> all = new ArrayList<>(List.of("chroot", root.toString()));
    all.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(all);
    builder.environment().clear(); // a TMPDIR of the machine need not exist in there
    builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    builder.environment().put("LC_ALL", "C");
    return builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(outside(log).toFile()))
        .start();
  }

  /** Runs a program to its end. */
  void run(String... command) throws IOException, InterruptedException {
    Path log = Files.createTempFile("thirdsession", ".log");
    List<String> all = new ArrayList<>(List.of("chroot", root.toString()));
    all.addAll(List.of(command));
    Process process =
        new ProcessBuilder(all).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    if (!process.waitFor(MOST_SECONDS, SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IllegalStateException(command[0] + ": " + Files.readString(log));
    }
    Files.delete(log);
  }
}
