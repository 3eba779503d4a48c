package io.thirdsession.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.testing.Canaries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Searches everything that the tests before it have printed and logged for the secrets that they
 * used. Runs after all of them, in an execution of its own.
 */
class CanaryIT {
  private static final Pattern TOKEN = Pattern.compile("3rd_[A-Za-z0-9_-]{20,}");
  private static final Pattern CANARY = Pattern.compile("canary-[a-z]+-[A-Za-z0-9-]+");
  private static final Pattern MASTER_KEY = Pattern.compile("[A-Za-z0-9_-]+:[A-Za-z0-9+/]{43}=");

  @Test
  void noSecretStandsInAnyOutputOfTheTests() throws IOException {
    Set<String> secrets = Canaries.recorded();
    assertTrue(secrets.size() > 20, "the tests have used secrets: " + secrets.size());
    List<Path> outputs = outputs();
    assertTrue(outputs.size() > 20, "the tests have written output: " + outputs.size());

    List<String> found = new ArrayList<>();
    for (Path output : outputs) {
      String text = Files.readString(output);
      for (String secret : secrets) {
        if (text.contains(secret)) {
          found.add(output + " holds a recorded secret");
        }
      }
      for (Pattern pattern : List.of(TOKEN, CANARY, MASTER_KEY)) {
        Matcher matcher = pattern.matcher(text);
        if (matcher.find()) {
          found.add(output + " matches " + pattern);
        }
      }
    }
    assertEquals(List.of(), found);
  }

  /** What the forks have printed, and what they did to the channel by which they report. */
  private static List<Path> outputs() throws IOException {
    List<Path> outputs = new ArrayList<>();
    for (Path folder :
        List.of(Path.of("target/surefire-reports"), Path.of("target/failsafe-reports"))) {
      if (Files.exists(folder)) {
        try (Stream<Path> files = Files.list(folder)) {
          files.filter(CanaryIT::isOutput).forEach(outputs::add);
        }
      }
    }
    return outputs;
  }

  private static boolean isOutput(Path file) {
    return file.toString().matches(".*\\.(txt|dump|dumpstream)");
  }
}
