package io.thirdsession.bench.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** The tables about running servers. */
final class ServerTables {
  private final Summary summary;
  private final Limits limits;

  ServerTables(List<Figure> figures) {
    this.summary = new Summary(figures);
    this.limits = new Limits(summary);
  }

  /** Returns one row for each thing that was measured of each WAR: medians over the rounds. */
  String table() {
    Table table =
        new Table(
            "what",
            "clients",
            "per second",
            "limit",
            "part of it",
            "demanded",
            "p50 ms",
            "p99 ms",
            "p99.9 ms",
            "CPU server µs",
            "database µs",
            "generator µs",
            "waits",
            "MiB",
            "others");
    for (String name : summary.names()) {
      for (String war : wars(name)) {
        table.row(row(name, war));
      }
    }
    return table.toString();
  }

  private List<String> wars(String name) {
    return summary.figures().stream()
        .filter(figure -> figure.name().equals(name))
        .map(Figure::war)
        .distinct()
        .sorted()
        .toList();
  }

  private List<String> row(String name, String war) {
    Figure first = summary.of(name, war).get(0);
    double perSecond = median(name, war, Figure::perSecond);
    OptionalDouble limit = limits.of(first);
    double goal = Limits.goal(name);
    List<String> cells = new ArrayList<>();
    cells.add(summary.wars().size() > 1 && !war.isEmpty() ? war + ": " + name : name);
    cells.add(Integer.toString(first.clients()));
    cells.add(Table.number(perSecond));
    cells.add(limit.isEmpty() ? "" : Table.number(limit.getAsDouble()));
    cells.add(limit.isEmpty() ? "" : "%.2f".formatted(perSecond / limit.getAsDouble()));
    cells.add(goal == 0 ? "" : Double.toString(goal));
    List<ToDoubleFunction<Figure>> values =
        List.of(
            Figure::p50,
            Figure::p99,
            Figure::p999,
            Figure::server,
            Figure::database,
            Figure::generator,
            Figure::switches,
            Figure::peak);
    values.forEach(value -> cells.add(Table.number(median(name, war, value))));
    cells.add(summary.others(name, war));
    return cells;
  }

  private double median(String name, String war, ToDoubleFunction<Figure> value) {
    return summary.median(name, war, value).orElse(0);
  }

  /**
   * Returns one row for each thing that was measured of two WARs: the second by the first, round by
   * round, because only figures that were measured one after the other may be compared. Empty
   * unless there are two.
   */
  String comparison() {
    List<String> wars = List.copyOf(summary.wars());
    if (wars.size() != 2) {
      return "";
    }
    Table table =
        new Table("b by a, round by round", "per second", "CPU server", "CPU database", "p50");
    for (String name : summary.names()) {
      List<Figure> first = summary.of(name, wars.get(0));
      List<Figure> second = summary.of(name, wars.get(1));
      if (!first.isEmpty() && first.size() == second.size()) {
        List<String> cells = new ArrayList<>(List.of(name));
        List<ToDoubleFunction<Figure>> values =
            List.of(Figure::perSecond, Figure::server, Figure::database, Figure::p50);
        values.forEach(value -> cells.add(ratios(first, second, value)));
        table.row(cells);
      }
    }
    return table.toString();
  }

  private static String ratios(
      List<Figure> first, List<Figure> second, ToDoubleFunction<Figure> value) {
    double[] ratios = new double[first.size()];
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = value.applyAsDouble(second.get(i)) / value.applyAsDouble(first.get(i));
      texts.add("%.2f".formatted(ratios[i]));
    }
    Arrays.sort(ratios);
    return "**%.2f** (%s)".formatted(Summary.median(ratios).orElse(0), String.join(" ", texts));
  }
}
