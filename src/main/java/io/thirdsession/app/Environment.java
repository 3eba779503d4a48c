package io.thirdsession.app;

import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where settings come from: servlet context parameter, system property, environment variable. The
 * nearest to this application that has a setting wins, as {@code NAME} or as {@code NAME_FILE}: the
 * others are shared with whatever else runs in the same container. The only class that asks those.
 */
final class Environment {
  /**
   * One place where settings may be.
   *
   * @param label what the log calls it
   * @param values has the value under a name, or null
   */
  record Source(String label, Function<String, @Nullable String> values) {
    /** Returns the value under this name; empty if it is missing or blank. */
    Optional<String> value(String name) {
      return Optional.ofNullable(values.apply(name)).map(String::strip).filter(v -> !v.isEmpty());
    }
  }

  private final List<Source> sources;

  /** Asks these in their order, the nearest first. */
  Environment(List<Source> sources) {
    this.sources = List.copyOf(sources);
  }

  /** Returns the environment of this process and this web application. */
  static Environment of(ServletContext context) {
    return of(context::getInitParameter, System::getProperty, System::getenv);
  }

  /** Returns the environment that these three make. */
  static Environment of(
      Function<String, @Nullable String> contextParameters,
      Function<String, @Nullable String> systemProperties,
      Function<String, @Nullable String> environmentVariables) {
    return new Environment(
        List.of(
            new Source("context parameters", contextParameters),
            new Source("system properties", systemProperties),
            new Source("environment", environmentVariables)));
  }

  /** Returns what the nearest source says that has this setting; empty if none has it. */
  Optional<GivenSetting> given(Setting setting) {
    for (Source source : sources) {
      Optional<String> value = source.value(setting.name());
      Optional<String> file =
          setting.isSecret() ? source.value(setting.fileName()) : Optional.empty();
      if (value.isPresent() || file.isPresent()) {
        return Optional.of(new GivenSetting(source.label(), value, file));
      }
    }
    return Optional.empty();
  }

  /** Returns the content of every file that is named; an unreadable one counts as empty. */
  Map<Setting, String> files() {
    Map<Setting, String> texts = new EnumMap<>(Setting.class);
    for (Setting setting : Setting.values()) {
      given(setting)
          .filter(its -> its.file().isPresent())
          .ifPresent(its -> texts.put(setting, textOrEmpty(its)));
    }
    return texts;
  }

  /** Returns which settings count from which source, the nearest first. */
  Map<String, List<Setting>> origins() {
    Map<String, List<Setting>> origins = new LinkedHashMap<>();
    for (Source source : sources) {
      List<Setting> settings =
          List.of(Setting.values()).stream()
              .filter(its -> given(its).filter(g -> g.source().equals(source.label())).isPresent())
              .toList();
      if (!settings.isEmpty()) {
        origins.put(source.label(), settings);
      }
    }
    return origins;
  }

  private static String textOrEmpty(GivenSetting given) {
    try {
      return given.text();
    } catch (IOException ignored) { // whoever needs the file says that it cannot be read
      return "";
    }
  }
}
