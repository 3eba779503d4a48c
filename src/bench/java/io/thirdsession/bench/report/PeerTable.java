package io.thirdsession.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Ours beside a peer, call by call: medians over the rounds. */
final class PeerTable {
  private static final List<ToDoubleFunction<Figure>> VALUES =
      List.of(
          Figure::perSecond,
          Figure::server,
          Figure::database,
          Figure::p50,
          Figure::p99,
          Figure::peak);

  private final Summary summary;
  private final String ours;
  private final String peer;

  /** Compares the figures of two names. */
  PeerTable(List<Figure> figures, String ours, String peer) {
    this.summary = new Summary(figures);
    this.ours = ours;
    this.peer = peer;
  }

  String table() {
    Table table =
        new Table(
            "what",
            "clients",
            "per second",
            "CPU server µs",
            "database µs",
            "p50 ms",
            "p99 ms",
            "MiB",
            "others");
    for (String name : summary.names()) {
      if (!summary.of(name, peer).isEmpty() && !summary.of(name, ours).isEmpty()) {
        table.row(row(name, "ours", ours));
        table.row(row(name, "peer", peer));
        table.row(ratios(name));
      }
    }
    return table.toString();
  }

  private List<String> row(String name, String whose, String war) {
    List<String> cells = new ArrayList<>();
    cells.add(name + ": " + whose);
    cells.add(Integer.toString(summary.of(name, war).get(0).clients()));
    VALUES.forEach(value -> cells.add(Table.number(median(name, war, value))));
    cells.add(summary.others(name, war));
    return cells;
  }

  private List<String> ratios(String name) {
    List<String> cells = new ArrayList<>(List.of("*ours by peer*", ""));
    VALUES.forEach(
        value ->
            cells.add("*%.2f*".formatted(median(name, ours, value) / median(name, peer, value))));
    cells.add("");
    return cells;
  }

  private double median(String name, String war, ToDoubleFunction<Figure> value) {
    return summary.median(name, war, value).orElse(0);
  }
}
