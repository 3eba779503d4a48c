package io.thirdsession.metrics;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/** The cells of one name, one for each combination of labels that was asked for. Thread-safe. */
final class Family<C> implements Collector {
  private final String[] labels;
  private final Supplier<C> make;
  private final Function<Map<Labels, C>, MetricSnapshot> snapshot;
  private final Map<Labels, C> cells = new ConcurrentHashMap<>();
  private final Map<List<String>, C> byValues = new ConcurrentHashMap<>();

  /**
   * Makes a family without cells.
   *
   * @param snapshot returns what is exported of the cells
   */
  Family(String[] labels, Supplier<C> make, Function<Map<Labels, C>, MetricSnapshot> snapshot) {
    this.labels = labels.clone();
    this.make = make;
    this.snapshot = snapshot;
  }

  C of(String... values) {
    List<String> key = Arrays.asList(values);
    C known = byValues.get(key);
    return known != null
        ? known
        : byValues.computeIfAbsent(
            List.of(values),
            missing ->
                cells.computeIfAbsent(
                    Labels.of(labels, missing.toArray(String[]::new)), its -> make.get()));
  }

  @Override
  public MetricSnapshot collect() {
    return snapshot.apply(cells);
  }
}
