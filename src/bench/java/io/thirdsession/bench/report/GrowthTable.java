package io.thirdsession.bench.report;

import io.thirdsession.bench.report.LineChart.Axis;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What changes while the tables grow. */
final class GrowthTable {
  private GrowthTable() {}

  static String of(List<GrowthStep> steps) {
    Table table =
        new Table(
            "sessions",
            "users",
            "check of few users, p50 ms",
            "p99 ms",
            "of many, p50 ms",
            "p99 ms",
            "logins of few users per second",
            "p99 ms",
            "of all per second",
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
              Table.number(step.fewChecks().p50()),
              Table.number(step.fewChecks().p99()),
              Table.number(step.check().p50()),
              Table.number(step.check().p99()),
              Table.number(step.fewLogins().perSecond()),
              Table.number(step.fewLogins().p99()),
              Table.number(step.login().perSecond()),
              Table.number(step.login().p99()),
              Table.number(step.sessionBytes()),
              Table.number(step.userBytes()),
              Table.number(step.innodbBytes()),
              Table.number(step.binlogBytes())));
    }
    return table.toString();
  }

  /** Returns what purging costs those who are served meanwhile. */
  static String of(PurgeStep purge, GrowthStep before) {
    Table table =
        new Table(
            "sessions",
            "purged a second",
            "check of few users, p50 ms",
            "p99 ms",
            "logins of few users per second",
            "p99 ms",
            "expired ones left");
    return table
        .row(
            List.of(
                "%,d".formatted(before.sessions()),
                "",
                Table.number(before.fewChecks().p50()),
                Table.number(before.fewChecks().p99()),
                Table.number(before.fewLogins().perSecond()),
                Table.number(before.fewLogins().p99()),
                ""))
        .row(
            List.of(
                "and %,d expired ones that are purged".formatted(purge.expired()),
                Table.number(purge.perSecond()),
                Table.number(purge.check().p50()),
                Table.number(purge.check().p99()),
                Table.number(purge.login().perSecond()),
                Table.number(purge.login().p99()),
                "%,d".formatted(purge.left())))
        .toString();
  }

  /** Returns throughput by that of the smallest tables. */
  static String picture(List<GrowthStep> steps) {
    List<Double> sizes = steps.stream().map(step -> (double) step.sessions()).toList();
    Map<String, List<double[]>> lines = new LinkedHashMap<>();
    lines.put("check, few users", relative(steps, GrowthStep::fewChecks));
    lines.put("check, many", relative(steps, GrowthStep::check));
    lines.put("login, few users", relative(steps, GrowthStep::fewLogins));
    lines.put("login, all", relative(steps, GrowthStep::login));
    double most =
        lines.values().stream().flatMap(List::stream).mapToDouble(p -> p[1]).max().orElse(1);
    LineChart chart =
        new LineChart(
            "Throughput while the tables grow",
            Axis.logarithmic("sessions", sizes),
            Axis.upTo("part of the throughput with the fewest", most));
    lines.forEach(chart::line);
    return chart.svg();
  }

  private static List<double[]> relative(
      List<GrowthStep> steps, Function<GrowthStep, Figure> figure) {
    double first = figure.apply(steps.get(0)).perSecond();
    return steps.stream()
        .map(step -> new double[] {step.sessions(), figure.apply(step).perSecond() / first})
        .toList();
  }
}
