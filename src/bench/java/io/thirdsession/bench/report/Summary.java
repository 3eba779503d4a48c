package io.thirdsession.bench.report;

import static java.util.stream.Collectors.joining;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** The figures of several rounds as one. */
record Summary(List<Figure> figures) {
  /** Returns what was measured, in the order in which it was. */
  Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    figures.forEach(figure -> names.add(figure.name()));
    return names;
  }

  Set<String> wars() {
    Set<String> wars = new LinkedHashSet<>();
    figures.stream().map(Figure::war).filter(war -> !war.isEmpty()).sorted().forEach(wars::add);
    return wars;
  }

  /** Returns the figures of this name and WAR, one for each round. */
  List<Figure> of(String name, String war) {
    return figures.stream().filter(f -> f.name().equals(name) && f.war().equals(war)).toList();
  }

  /** Returns the median over the rounds; empty if it was not measured. */
  OptionalDouble median(String name, String war, ToDoubleFunction<Figure> value) {
    return median(of(name, war).stream().mapToDouble(value).sorted().toArray());
  }

  /** Returns the responses with another status than they should have, over all rounds. */
  String others(String name, String war) {
    Map<Integer, Long> all = new TreeMap<>();
    for (Figure figure : of(name, war)) {
      figure.others().forEach((status, count) -> all.merge(status, count, Long::sum));
    }
    return all.entrySet().stream()
        .map(entry -> entry.getValue() + " × " + entry.getKey())
        .collect(joining(", "));
  }

  static OptionalDouble median(double... sorted) {
    int half = sorted.length / 2;
    if (sorted.length == 0) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(
        sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2);
  }
}
