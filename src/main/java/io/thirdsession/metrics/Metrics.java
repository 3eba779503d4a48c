package io.thirdsession.metrics;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmBufferPoolMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmClassLoadingMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmRuntimeInfoMetric;
import io.prometheus.metrics.instrumentation.jvm.JvmThreadsMetrics;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Everything that one node counts and measures, by name. Whoever counts asks for its counters once,
 * when it is made, and keeps them. Each name can be asked for once. Thread-safe.
 */
public final class Metrics {
  /** The label of whatever is not one of the known values. */
  public static final String OTHER = "other";

  /** The media type of {@link #text}, without its charset, which is UTF-8. */
  public static final String MEDIA_TYPE = "text/plain; version=0.0.4";

  private static final String TOTAL = "_total";

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Set<String> names = ConcurrentHashMap.newKeySet();
  private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();

  /** Returns counters with these labels; the name ends in {@code _total}. */
  public Counters counters(String name, String help, String... labels) {
    String base = base(name);
    Family<Counter> family =
        new Family<>(labels, Counter::new, cells -> counters(base, help, cells));
    register(name, family);
    return new Counters(family);
  }

  /** Returns a counter without labels; the name ends in {@code _total}. */
  public Counter counter(String name, String help) {
    return counters(name, help).of();
  }

  /** Exports a number that somebody else counts; the name ends in {@code _total}. */
  public void counted(String name, String help, LongSupplier total) {
    String base = base(name);
    register(
        name,
        new Family<>(
            new String[0],
            Counter::new,
            none ->
                CounterSnapshot.builder()
                    .name(base)
                    .help(help)
                    .dataPoint(
                        CounterDataPointSnapshot.builder()
                            .value((double) total.getAsLong())
                            .build())
                    .build()));
  }

  /** Returns histograms with these labels; the name ends in {@code _seconds}. */
  public Timings timings(String name, String help, String... labels) {
    Family<Timing> family = new Family<>(labels, Timing::new, cells -> timings(name, help, cells));
    register(name, family);
    return new Timings(family);
  }

  /**
   * Exports gauges whose values are asked for at each scrape.
   *
   * @param readings returns at once and never fails; empty for what is not known now
   */
  public void gauges(
      String name, String help, List<String> labels, Supplier<List<Reading>> readings) {
    String[] names = labels.toArray(String[]::new);
    register(
        name, new Family<>(names, Counter::new, none -> gauges(name, help, names, readings.get())));
  }

  /**
   * Exports what the JVM says of itself. What listens to its collector of garbage is left out: such
   * a listener would keep our class loader after a redeploy.
   */
  public void addJvm() {
    JvmThreadsMetrics.builder().register(registry);
    JvmBufferPoolMetrics.builder().register(registry);
    JvmClassLoadingMetrics.builder().register(registry);
    JvmGarbageCollectorMetrics.builder().register(registry);
    JvmMemoryMetrics.builder().register(registry);
    JvmRuntimeInfoMetric.builder().register(registry);
    ProcessMetrics.builder().register(registry);
  }

  private void register(String name, Collector collector) {
    if (!names.add(name)) {
      throw new IllegalStateException("there is a metric of this name: " + name);
    }
    registry.register(collector);
  }

  /** Returns all of it as text of Prometheus' format. */
  public String text() {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try {
      writer.write(text, registry.scrape(), EscapingScheme.UNDERSCORE_ESCAPING);
    } catch (IOException e) {
      throw new UncheckedIOException("memory can always be written", e);
    }
    return text.toString(StandardCharsets.UTF_8);
  }

  private static String base(String name) {
    if (!name.endsWith(TOTAL)) {
      throw new IllegalArgumentException("the name of a counter must end in " + TOTAL);
    }
    return name.substring(0, name.length() - TOTAL.length());
  }

  private static MetricSnapshot counters(String name, String help, Map<Labels, Counter> cells) {
    CounterSnapshot.Builder snapshot = CounterSnapshot.builder().name(name).help(help);
    cells.forEach(
        (labels, cell) ->
            snapshot.dataPoint(
                CounterDataPointSnapshot.builder()
                    .labels(labels)
                    .value((double) cell.total())
                    .build()));
    return snapshot.build();
  }

  private static MetricSnapshot timings(String name, String help, Map<Labels, Timing> cells) {
    HistogramSnapshot.Builder snapshot = HistogramSnapshot.builder().name(name).help(help);
    cells.forEach(
        (labels, cell) ->
            snapshot.dataPoint(
                HistogramDataPointSnapshot.builder()
                    .labels(labels)
                    .classicHistogramBuckets(
                        ClassicHistogramBuckets.of(Timing.bounds(), cell.counts()))
                    .sum(cell.sumSeconds())
                    .build()));
    return snapshot.build();
  }

  private static MetricSnapshot gauges(
      String name, String help, String[] labels, List<Reading> readings) {
    GaugeSnapshot.Builder snapshot = GaugeSnapshot.builder().name(name).help(help);
    for (Reading reading : readings) {
      snapshot.dataPoint(
          GaugeDataPointSnapshot.builder()
              .labels(Labels.of(labels, reading.labels().toArray(String[]::new)))
              .value(reading.value())
              .build());
    }
    return snapshot.build();
  }
}
