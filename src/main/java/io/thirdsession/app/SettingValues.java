package io.thirdsession.app;

import io.thirdsession.TextFile;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The values of settings, each parsed as it is asked for. A value with a fault is noted, and
 * something harmless is returned in its place, so that one reading finds all faults. Not
 * thread-safe.
 */
final class SettingValues {
  private static final Pattern INTEGER = Pattern.compile("[0-9]{1,6}");

  private static final int MIN_FOR_ALL_CORES = 4;

  private final Environment environment;
  private final List<String> faults = new ArrayList<>();

  SettingValues(Environment environment) {
    this.environment = environment;
  }

  /** Notes a fault: one line, beginning with the name of the setting, without a secret. */
  void fault(String line) {
    faults.add(line);
  }

  /** Notes what is wrong with this setting. */
  void fault(Setting setting, String what) {
    fault(setting + " " + what);
  }

  /** Returns all faults that were found until now. */
  List<String> faults() {
    return List.copyOf(faults);
  }

  /** Returns the value, from its file if one is named, else the default. */
  String text(Setting setting) {
    GivenSetting given = environment.given(setting).orElse(null);
    if (given == null) {
      return setting.byDefault();
    }
    if (given.isAmbiguous()) {
      fault(setting + " and " + setting.fileName() + " are both set (" + given.source() + ")");
    }
    try {
      String text = given.text();
      if (text.isEmpty()) {
        fault(setting.fileName() + " is empty"); // it may be about to be written
      }
      return text;
    } catch (TextFile.NotUtf8 e) {
      fault(setting.fileName() + " " + e.getMessage());
      return setting.byDefault();
    } catch (IOException e) {
      fault(setting.fileName() + " cannot be read: " + e.getClass().getSimpleName());
      return setting.byDefault();
    }
  }

  /** Returns the value, which must not be empty. */
  String required(Setting setting) {
    String value = text(setting);
    if (value.isEmpty()) {
      fault(setting, "is missing");
    }
    return value;
  }

  /** Returns the number, from 1 to this one. */
  int integer(Setting setting, int max) {
    String value = text(setting);
    if (INTEGER.matcher(value).matches()) {
      int number = Integer.parseInt(value);
      if (number >= 1 && number <= max) {
        return number;
      }
    }
    fault(setting, "must be a number from 1 to " + max);
    return 1;
  }

  /**
   * Returns the number, from 1 to this one; for {@code auto} two for each of so many cores, and at
   * least 4.
   */
  int perCore(Setting setting, int max, int cores) {
    if (!text(setting).equals("auto")) {
      return integer(setting, max);
    }
    return Math.min(max, Math.max(MIN_FOR_ALL_CORES, 2 * cores));
  }

  /** Returns whether the value is {@code true}. */
  boolean bool(Setting setting) {
    String value = text(setting);
    if (!value.equals("true") && !value.equals("false")) {
      fault(setting, "must be true or false");
    }
    return value.equals("true");
  }

  /** Returns the value, one of these. */
  String oneOf(Setting setting, Set<String> values) {
    String value = text(setting);
    if (!values.contains(value)) {
      fault(setting, "must be one of " + String.join(", ", values.stream().sorted().toList()));
    }
    return value;
  }

  /** Returns the duration, within these bounds. */
  Duration duration(Setting setting, Duration min, Duration max) {
    Optional<Duration> duration =
        Durations.parse(text(setting)).filter(d -> d.compareTo(min) >= 0 && d.compareTo(max) <= 0);
    if (duration.isEmpty()) {
      String bounds = Durations.shown(min) + " to " + Durations.shown(max);
      fault(setting, "must be a duration from " + bounds + ", such as 30m or 7d");
    }
    return duration.orElse(min);
  }
}
