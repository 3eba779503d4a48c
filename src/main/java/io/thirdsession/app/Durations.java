package io.thirdsession.app;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as settings have them: a whole number and one letter, such as {@code 30m}. */
final class Durations {
  private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,8})([smhd])");

  private Durations() {}

  /** Returns the duration in this text; empty if it has another form. */
  static Optional<Duration> parse(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(matcher.group(1));
    return Optional.of(
        switch (matcher.group(2)) {
          case "s" -> Duration.ofSeconds(number);
          case "m" -> Duration.ofMinutes(number);
          case "h" -> Duration.ofHours(number);
          default -> Duration.ofDays(number);
        });
  }

  /** Returns how one would write it: in days, or in seconds below one. */
  static String shown(Duration duration) {
    return duration.toDays() > 0 ? duration.toDays() + "d" : duration.toSeconds() + "s";
  }
}
