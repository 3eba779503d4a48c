package io.thirdsession.app;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Loads every class of ours while there are files to be had. A class that is asked for the first
 * time while the process may open no more of them is not found, and the JVM remembers that for good
 * (JVMS 5.4.3): the calls that need it would fail until the next start, long after the shortage.
 */
final class OwnClasses {
  private static final String SUFFIX = ".class";

  private OwnClasses() {}

  /**
   * Loads the classes that stand as files beside this one, and returns how many; 0 from a WAR that
   * its container has not unpacked.
   */
  static int load() {
    URL classes = OwnClasses.class.getProtectionDomain().getCodeSource().getLocation();
    if (!classes.getProtocol().equals("file")) {
      return 0;
    }
    try {
      Path root = Path.of(classes.toURI());
      if (!Files.isDirectory(root)) {
        return 0;
      }
      List<String> names;
      try (Stream<Path> files = Files.walk(root)) {
        names =
            files
                .map(file -> root.relativize(file).toString())
                .filter(name -> name.endsWith(SUFFIX))
                .map(OwnClasses::className)
                .toList();
      }
      for (String name : names) {
        Class.forName(name, false, OwnClasses.class.getClassLoader());
      }
      return names.size();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException | ClassNotFoundException e) {
      throw new IllegalStateException("cannot load our own classes", e);
    }
  }

  private static String className(String file) {
    return file.substring(0, file.length() - SUFFIX.length()).replace(File.separatorChar, '.');
  }
}
