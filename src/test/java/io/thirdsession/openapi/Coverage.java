package io.thirdsession.openapi;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What of openapi.json the tests of this build have seen, in all its JVMs. */
public final class Coverage {
  /** One folder for each run of Maven, so that what an earlier one saw does not count. */
  private static final Path FOLDER =
      Path.of("target", "openapi-coverage", System.getProperty("build.run", "none"));

  private static final Path FILE = FOLDER.resolve(ProcessHandle.current().pid() + ".txt");

  private final Set<String> seen = new LinkedHashSet<>();

  /** Writes down what has been seen; what is new of it at once, since tests may end a JVM. */
  public synchronized void see(Collection<String> places) {
    List<String> fresh = places.stream().filter(seen::add).toList();
    if (fresh.isEmpty()) {
      return;
    }
    try {
      Files.createDirectories(FOLDER);
      Files.write(FILE, fresh, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns what openapi.json promises and no test of this build has seen. */
  public static Set<String> missing() throws IOException {
    Set<String> missing = new TreeSet<>(ApiFile.read().promises());
    Files.createDirectories(FOLDER); // if no test has sent a request, all is missing
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path file : files.toList()) {
        Files.readAllLines(file).forEach(missing::remove);
      }
    }
    return missing;
  }
}
