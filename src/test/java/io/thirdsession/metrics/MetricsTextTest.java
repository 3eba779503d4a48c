package io.thirdsession.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class MetricsTextTest {
  private final Metrics metrics = new Metrics();

  @Test
  void aCounterIsALineForEachOfItsLabels() {
    Counters logins = metrics.counters("logins_total", "logins", "app", "outcome");
    logins.of("wx1", "success").add(3);
    logins.of("wx1", "success").increment();
    logins.of("wx1", "code_invalid").increment();

    assertEquals(
        """
        # HELP logins_total logins
        # TYPE logins_total counter
        logins_total{app="wx1",outcome="code_invalid"} 1.0
        logins_total{app="wx1",outcome="success"} 4.0
        """,
        metrics.text());
  }

  @Test
  void aHistogramCountsWhatTookAtMostSoLong() {
    Timing timing = metrics.timings("t_seconds", "t").of();
    timing.add(1_000_000);
    timing.add(1_000_001);
    timing.add(10_000_000_001L);

    assertEquals(
        """
        # HELP t_seconds t
        # TYPE t_seconds histogram
        t_seconds_bucket{le="0.001"} 1
        t_seconds_bucket{le="0.0025"} 2
        t_seconds_bucket{le="0.005"} 2
        t_seconds_bucket{le="0.01"} 2
        t_seconds_bucket{le="0.025"} 2
        t_seconds_bucket{le="0.05"} 2
        t_seconds_bucket{le="0.1"} 2
        t_seconds_bucket{le="0.25"} 2
        t_seconds_bucket{le="0.5"} 2
        t_seconds_bucket{le="1.0"} 2
        t_seconds_bucket{le="2.5"} 2
        t_seconds_bucket{le="5.0"} 2
        t_seconds_bucket{le="10.0"} 2
        t_seconds_bucket{le="+Inf"} 3
        t_seconds_count 3
        t_seconds_sum 10.002000002
        """,
        metrics.text());
  }

  @Test
  void aGaugeIsAskedAtEachScrapeAndMayNotBeKnown() {
    int[] asked = {0};
    metrics.gauges(
        "g", "g", List.of("b"), () -> asked[0]++ == 0 ? List.of() : List.of(Reading.of(2, "c")));

    assertEquals("", metrics.text());
    assertEquals("# HELP g g\n# TYPE g gauge\ng{b=\"c\"} 2.0\n", metrics.text());
  }

  @Test
  void aNameIsGivenOnce() {
    metrics.counter("logins_total", "logins");

    assertThrows(IllegalStateException.class, () -> metrics.counter("logins_total", "logins"));
  }

  @Test
  void aCounterSaysThatItIsOne() {
    assertThrows(IllegalArgumentException.class, () -> metrics.counters("logins", "logins"));
  }
}
