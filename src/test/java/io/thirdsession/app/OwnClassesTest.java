package io.thirdsession.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OwnClassesTest {
  @Test
  void everyClassOfOursIsLoaded() throws Exception {
    try (Stream<Path> files = Files.walk(Path.of("target", "classes"))) {
      assertEquals(
          files.filter(file -> file.toString().endsWith(".class")).count(), OwnClasses.load());
    }
  }
}
