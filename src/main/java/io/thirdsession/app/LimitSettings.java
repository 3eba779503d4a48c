package io.thirdsession.app;

import static io.thirdsession.app.Setting.RATE_LIMITS;

import io.thirdsession.limit.Limit;
import io.thirdsession.limit.Rate;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads RATE_LIMITS: {@code login=600/1m,…}, or off. */
final class LimitSettings {
  private static final Pattern RATE =
      Pattern.compile("([a-z.]{1,20})=([1-9][0-9]{0,6})/([0-9]{1,9}[smhd])");
  private static final Duration MAX_PERIOD = Duration.ofDays(1);

  private final SettingValues values;

  LimitSettings(SettingValues values) {
    this.values = values;
  }

  /** Returns the rates; a name that is left out keeps its default. */
  Map<Limit, Rate> rates() {
    Map<Limit, Rate> rates = new EnumMap<>(Limit.class);
    if (values.text(RATE_LIMITS).equals("off")) {
      return rates;
    }
    for (String list : List.of(RATE_LIMITS.byDefault(), values.text(RATE_LIMITS))) {
      for (String entry : list.split(",", -1)) {
        put(rates, entry.strip());
      }
    }
    return rates;
  }

  private void put(Map<Limit, Rate> rates, String entry) {
    Matcher matcher = RATE.matcher(entry);
    if (matcher.matches()) {
      Optional<Limit> limit = Limit.of(matcher.group(1));
      Optional<Duration> period = Durations.parse(matcher.group(3));
      if (limit.isPresent() && period.filter(p -> p.compareTo(MAX_PERIOD) <= 0).isPresent()) {
        rates.put(limit.get(), new Rate(Integer.parseInt(matcher.group(2)), period.get()));
        return;
      }
    }
    values.fault(
        RATE_LIMITS
            + ": an entry must be of the form login=600/1m, its name one of "
            + Arrays.stream(Limit.values()).map(Limit::label).collect(Collectors.joining(", ")));
  }
}
