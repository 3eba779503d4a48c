package io.thirdsession.bench.report;

import io.thirdsession.bench.report.LineChart.Axis;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The pictures about running servers. */
final class ServerPictures {
  private ServerPictures() {}

  /** Returns throughput against the number of clients. */
  static String throughput(List<Figure> byClients) {
    return chart(
        "Requests per second",
        "per second",
        byClients,
        List.of("check", "login"),
        Figure::perSecond);
  }

  /** Returns the CPU time of server and database against the number of clients. */
  static String cpu(List<Figure> all) {
    List<Figure> byClients = all.stream().filter(figure -> figure.perSecond() > 0).toList();
    LineChart chart = empty("CPU time of a request", "µs", byClients, f -> f.server());
    for (String name : List.of("check", "login")) {
      chart.line(name + ", server", points(byClients, name, Figure::server));
      chart.line(name + ", database", points(byClients, name, Figure::database));
    }
    return chart.svg();
  }

  /** Returns whether it is of requests at a steady rate. */
  static boolean isSteady(Figure figure) {
    return figure.name().endsWith("at half its rate");
  }

  /** Returns what part of the responses took how long, at a steady rate of requests. */
  static String percentiles(List<Figure> steady) {
    double most = steady.stream().mapToDouble(Figure::p999).max().orElse(1);
    LineChart chart =
        new LineChart(
            "Time of a response at half the possible rate",
            Axis.logarithmic("1 in … responses takes longer", List.of(2.0, 10.0, 100.0, 1000.0)),
            Axis.upTo("ms", most));
    for (Figure figure : steady) {
      chart.line(
          figure.name().replace(" at half its rate", "") + " " + figure.war(),
          List.of(
              new double[] {2, figure.p50()},
              new double[] {10, figure.p90()},
              new double[] {100, figure.p99()},
              new double[] {1000, figure.p999()}));
    }
    return chart.svg();
  }

  private static String chart(
      String title,
      String unit,
      List<Figure> figures,
      List<String> names,
      ToDoubleFunction<Figure> value) {
    LineChart chart = empty(title, unit, figures, value);
    for (String name : names) {
      chart.line(name, points(figures, name, value));
    }
    return chart.svg();
  }

  private static LineChart empty(
      String title, String unit, List<Figure> figures, ToDoubleFunction<Figure> value) {
    List<Double> clients =
        figures.stream().map(figure -> (double) figure.clients()).distinct().sorted().toList();
    double most = figures.stream().mapToDouble(value).max().orElse(1);
    return new LineChart(title, Axis.logarithmic("clients", clients), Axis.upTo(unit, most));
  }

  private static List<double[]> points(
      List<Figure> figures, String name, ToDoubleFunction<Figure> value) {
    return figures.stream()
        .filter(figure -> figure.name().equals(name))
        .map(figure -> new double[] {figure.clients(), value.applyAsDouble(figure)})
        .toList();
  }
}
