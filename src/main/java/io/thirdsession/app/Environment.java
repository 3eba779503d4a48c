package io.thirdsession.app;

import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where settings come from: environment variable, system property, servlet context parameter, in
 * this order, the first found wins. The only class that asks those.
 */
final class Environment {
  private final List<Function<String, @Nullable String>> sources;

  Environment(List<Function<String, @Nullable String>> sources) {
    this.sources = sources;
  }

  /** Returns the environment of this process and this web application. */
  static Environment of(ServletContext context) {
    return new Environment(List.of(System::getenv, System::getProperty, context::getInitParameter));
  }

  /** Returns the value under this name; empty if there is none or a blank one. */
  Optional<String> value(String name) {
    for (Function<String, @Nullable String> source : sources) {
      @Nullable String value = source.apply(name);
      if (value != null && !value.isBlank()) {
        return Optional.of(value.strip());
      }
    }
    return Optional.empty();
  }

  /** Returns the file that is named for this setting. */
  Optional<Path> file(Setting setting) {
    return setting.isSecret() ? value(setting.name() + "_FILE").map(Path::of) : Optional.empty();
  }

  /** Returns the texts of all files that are named; an unreadable one counts as empty. */
  Map<Setting, String> files() {
    Map<Setting, String> texts = new HashMap<>();
    for (Setting setting : Setting.values()) {
      file(setting).ifPresent(path -> texts.put(setting, textOrEmpty(path)));
    }
    return texts;
  }

  private static String textOrEmpty(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      return "";
    }
  }
}
