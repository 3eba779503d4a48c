package io.thirdsession.bench.report;

import io.thirdsession.bench.report.LineChart.Axis;
import java.util.List;
import java.util.function.Function;

/** What changes while the tables grow. */
final class GrowthTable {
  private GrowthTable() {}

  static String of(List<GrowthStep> steps) {
    Table table =
        new Table(
            "sessions",
            "users",
            "check p50 ms",
            "p99 ms",
            "checks per second",
            "logins per second",
            "p50 ms",
            "p99 ms",
            "bytes a session",
            "bytes a user",
            "InnoDB bytes a login",
            "binary log bytes a login");
    for (GrowthStep step : steps) {
      table.row(
          List.of(
              "%,d".formatted(step.sessions()),
              "%,d".formatted(step.users()),
              Table.number(step.check().p50()),
              Table.number(step.check().p99()),
              Table.number(step.check().perSecond()),
              Table.number(step.login().perSecond()),
              Table.number(step.login().p50()),
              Table.number(step.login().p99()),
              Table.number(step.sessionBytes()),
              Table.number(step.userBytes()),
              Table.number(step.innodbBytes()),
              Table.number(step.binlogBytes())));
    }
    return table.toString();
  }

  /** Returns throughput by that of the smallest tables. */
  static String picture(List<GrowthStep> steps) {
    List<Double> sizes = steps.stream().map(step -> (double) step.sessions()).toList();
    List<double[]> checks = relative(steps, GrowthStep::check);
    List<double[]> logins = relative(steps, GrowthStep::login);
    double most =
        Math.max(
            checks.stream().mapToDouble(point -> point[1]).max().orElse(1),
            logins.stream().mapToDouble(point -> point[1]).max().orElse(1));
    return new LineChart(
            "Throughput while the tables grow",
            Axis.logarithmic("sessions", sizes),
            Axis.upTo("part of the throughput with the fewest", most))
        .line("check", checks)
        .line("login", logins)
        .svg();
  }

  private static List<double[]> relative(
      List<GrowthStep> steps, Function<GrowthStep, Figure> figure) {
    double first = figure.apply(steps.get(0)).perSecond();
    return steps.stream()
        .map(step -> new double[] {step.sessions(), figure.apply(step).perSecond() / first})
        .toList();
  }
}
