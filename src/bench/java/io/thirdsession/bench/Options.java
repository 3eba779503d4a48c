package io.thirdsession.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What the command line says; pom.xml has the names and the defaults, performance.md explains. */
record Options(Map<String, String> given) {
  /** Reads {@code name=value} from each argument. */
  static Options read(String... arguments) {
    Map<String, String> given = new HashMap<>();
    for (String argument : arguments) {
      String[] parts = argument.split("=", 2);
      given.put(parts[0], parts.length > 1 && !"null".equals(parts[1]) ? parts[1] : "");
    }
    return new Options(given);
  }

  Set<String> parts() {
    return new TreeSet<>(list("parts"));
  }

  List<Path> wars() {
    return list("war").stream().map(Path::of).toList();
  }

  /** Several by default where two WARs are compared: one round shows nothing. */
  int rounds() {
    return text("rounds").isEmpty() ? (wars().size() > 1 ? 3 : 1) : number("rounds");
  }

  Duration time() {
    return seconds("seconds");
  }

  Duration warmUp() {
    return seconds("warmup");
  }

  int number(String name) {
    return Integer.parseInt(text(name));
  }

  List<Integer> rows() {
    return list("rows").stream().map(Integer::valueOf).toList();
  }

  Path out() {
    return Path.of(text("out"));
  }

  /** Returns the page of the documentation that gets the tables. */
  Optional<Path> page() {
    return Optional.of(text("page")).filter(name -> !name.isEmpty()).map(Path::of);
  }

  /** Returns settings of the server beyond those that it needs: {@code NAME=value;NAME=value}. */
  Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    for (String setting : text("settings").split(";", -1)) {
      if (!setting.isBlank()) {
        String[] parts = setting.split("=", 2);
        settings.put(parts[0].strip(), parts[1].strip());
      }
    }
    return settings;
  }

  String text(String name) {
    return given.getOrDefault(name, "");
  }

  /** Returns a time that is given in seconds. */
  Duration seconds(String name) {
    return Duration.ofMillis((long) (Double.parseDouble(text(name)) * 1000));
  }

  private List<String> list(String name) {
    return Arrays.stream(text(name).split(",", -1)).map(String::strip).toList();
  }
}
