package io.thirdsession.wechat;

import io.thirdsession.metrics.Counters;
import io.thirdsession.metrics.Metrics;
import io.thirdsession.metrics.Timings;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Measures calls of WeChat, and counts what it refuses. Thread-safe. */
final class CallMeter {
  /** The errcodes that WeChat documents for these calls. Any other has one label with the rest. */
  private static final Set<Integer> DOCUMENTED =
      Set.of(
          -1, 1, 40001, 40002, 40013, 40014, 40029, 40097, 40125, 40163, 40164, 40226, 40243, 41002,
          41004, 41008, 42001, 43002, 45009, 45011, 47001, 48001, 50002, 50004, 50007, 61004, 87007,
          87009, 89501, 89503, 89506, 89507);

  private final Timings times;
  private final Counters errcodes;

  CallMeter(Metrics metrics) {
    this.times =
        metrics.timings(
            "thirdsession_wechat_call_seconds",
            "calls of WeChat, each attempt by itself",
            "call",
            "outcome");
    this.errcodes =
        metrics.counters(
            "thirdsession_wechat_errcodes_total",
            "errcodes with which WeChat refused a call",
            "app",
            "call",
            "errcode");
  }

  /** Takes in how a call ended that began at this {@link System#nanoTime()}. */
  void ended(WeChatCall call, long startedNanos, @Nullable WeChatException failure) {
    String outcome = failure == null ? "success" : failure.kind().name().toLowerCase(Locale.ROOT);
    times.of(call.label(), outcome).addSince(startedNanos);
    if (failure != null && failure.errcode().isPresent()) {
      errcodes.of(failure.appId(), call.label(), label(failure.errcode().getAsInt())).increment();
    }
  }

  private static String label(int errcode) {
    return DOCUMENTED.contains(errcode) ? Integer.toString(errcode) : Metrics.OTHER;
  }
}
