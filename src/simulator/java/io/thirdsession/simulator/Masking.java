package io.thirdsession.simulator;

import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Puts "***" in the place of secrets, in texts that people may look at. */
final class Masking {
  private static final String MASK = "***";
  private static final Set<String> SECRET_NAMES =
      Set.of("secret", "appsecret", "access_token", "session_key");

  // On the text, not on parsed JSON: a body that is not quite JSON may hold secrets too.
  private static final Pattern SECRET_FIELD =
      Pattern.compile(
          "\"("
              + String.join("|", SECRET_NAMES)
              + ")\"\\s*:\\s*(\"(?:[^\"\\\\]|\\\\.)*\"?|[^,}\\s]+)",
          Pattern.CASE_INSENSITIVE);

  private Masking() {}

  static String value(String name, String value) {
    return SECRET_NAMES.contains(name) ? MASK : value;
  }

  static String rawQuery(String rawQuery) {
    return Stream.of(rawQuery.split("&")).map(Masking::pair).collect(Collectors.joining("&"));
  }

  static String body(String body) {
    String jsonMasked = SECRET_FIELD.matcher(body).replaceAll("\"$1\":\"" + MASK + "\"");
    // A body sent as a form by mistake: the same parameters as in a query.
    return jsonMasked.contains("=") && !jsonMasked.startsWith("{")
        ? rawQuery(jsonMasked)
        : jsonMasked;
  }

  private static String pair(String pair) {
    int equals = pair.indexOf('=');
    return equals > 0 && SECRET_NAMES.contains(SimulatorRequest.decode(pair.substring(0, equals)))
        ? pair.substring(0, equals + 1) + MASK
        : pair;
  }
}
