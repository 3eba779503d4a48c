package io.thirdsession.wechat;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The date in WeChat's latest response. Kept as it came: hardly anybody asks. Thread-safe. */
final class ServerDate {
  private volatile @Nullable Seen last;

  void seen(HttpHeaders headers) {
    headers.firstValue("Date").ifPresent(date -> last = new Seen(date, System.nanoTime()));
  }

  /** Returns how far this node's clock, which shows {@code now}, is ahead; empty if not known. */
  Optional<Duration> ahead(Instant now) {
    @Nullable Seen seen = last;
    if (seen == null) {
      return Optional.empty();
    }
    try {
      Instant theirs = DateTimeFormatter.RFC_1123_DATE_TIME.parse(seen.date(), Instant::from);
      Duration since = Duration.ofNanos(System.nanoTime() - seen.atNanos());
      return Optional.of(Duration.between(theirs, now.minus(since)));
    } catch (DateTimeException ignored) { // no date
      return Optional.empty();
    }
  }

  private record Seen(String date, long atNanos) {}
}
