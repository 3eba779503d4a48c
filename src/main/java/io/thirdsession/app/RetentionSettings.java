package io.thirdsession.app;

import static io.thirdsession.app.Setting.AUDIT_RETENTION;

import io.thirdsession.audit.AuditEvent;
import io.thirdsession.audit.AuditRetention;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads AUDIT_RETENTION: {@code 180d}, or {@code login=7d,*=180d}. */
final class RetentionSettings {
  private static final Duration MIN = Duration.ofDays(1);
  private static final Duration MAX = Duration.ofDays(3_650);
  private static final String OTHERS = "*";
  private static final Pattern ENTRY = Pattern.compile("([a-z_]{1,32}|\\*)=([0-9]{1,9}[smhd])");

  private final SettingValues values;

  RetentionSettings(SettingValues values) {
    this.values = values;
  }

  AuditRetention retention() {
    String text = values.text(AUDIT_RETENTION);
    if (!text.contains("=")) {
      return new AuditRetention(Map.of(), values.duration(AUDIT_RETENTION, MIN, MAX));
    }
    Map<String, Duration> ofEvents = new TreeMap<>();
    for (String entry : text.split(",", -1)) {
      put(ofEvents, entry.strip());
    }
    Optional<Duration> others = Optional.ofNullable(ofEvents.remove(OTHERS));
    if (others.isEmpty()) {
      values.fault(AUDIT_RETENTION, "must say with * how long all other events are kept");
    }
    return new AuditRetention(ofEvents, others.orElse(MAX));
  }

  private void put(Map<String, Duration> ofEvents, String entry) {
    Set<String> labels =
        Arrays.stream(AuditEvent.values()).map(AuditEvent::label).collect(Collectors.toSet());
    Matcher matcher = ENTRY.matcher(entry);
    boolean isKnown =
        matcher.matches() && (matcher.group(1).equals(OTHERS) || labels.contains(matcher.group(1)));
    Optional<Duration> duration =
        isKnown
            ? Durations.parse(matcher.group(2))
                .filter(it -> it.compareTo(MIN) >= 0 && it.compareTo(MAX) <= 0)
            : Optional.empty();
    if (duration.isEmpty()) {
      values.fault(
          AUDIT_RETENTION,
          "has an entry that is not of the form login=7d, with an event of the audit trail or *,"
              + " and 1d to 3650d");
    } else if (ofEvents.put(matcher.group(1), duration.get()) != null) {
      values.fault(AUDIT_RETENTION, "names " + matcher.group(1) + " twice");
    }
  }
}
