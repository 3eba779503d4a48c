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
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads RATE_LIMITS: {@code login=600/1m,…}, or off. */
final class LimitSettings {
  private static final Pattern RATE =
      Pattern.compile("([a-z.]{1,20})=([1-9][0-9]{0,6})/([0-9]{1,9}[smhd])");
  private static final Duration LONGEST_PERIOD = Duration.ofDays(1);

  private final Function<Setting, String> text;
  private final List<String> faults;

  LimitSettings(Function<Setting, String> text, List<String> faults) {
    this.text = text;
    this.faults = faults;
  }

  /** Returns the rates; a name that is left out keeps its default. */
  Map<Limit, Rate> rates() {
    Map<Limit, Rate> rates = new EnumMap<>(Limit.class);
    if (text.apply(RATE_LIMITS).equals("off")) {
      return rates;
    }
    for (String list : List.of(RATE_LIMITS.byDefault(), text.apply(RATE_LIMITS))) {
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
      if (limit.isPresent() && period.filter(p -> p.compareTo(LONGEST_PERIOD) <= 0).isPresent()) {
        rates.put(limit.get(), new Rate(Integer.parseInt(matcher.group(2)), period.get()));
        return;
      }
    }
    faults.add(
        RATE_LIMITS
            + ": an entry is not of the form login=600/1m, or its name is none of "
            + Arrays.stream(Limit.values()).map(Limit::label).toList());
  }
}
