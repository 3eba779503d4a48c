package io.thirdsession.bench.report;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A table in Markdown. */
final class Table {
  private final StringBuilder text = new StringBuilder();

  Table(String... headers) {
    row(List.of(headers));
    List<String> rules = new ArrayList<>(Collections.nCopies(headers.length, "--:"));
    rules.set(0, "---");
    row(rules);
  }

  Table row(List<String> cells) {
    text.append(cells.stream().collect(joining(" | ", "| ", " |"))).append('\n');
    return this;
  }

  @Override
  public String toString() {
    return text.toString();
  }

  /** Returns a number with three digits that matter, and thousands apart. */
  static String number(double value) {
    if (value == 0) {
      return "";
    }
    if (value >= 100) {
      return "%,.0f".formatted(value);
    }
    return value >= 10 ? "%.1f".formatted(value) : "%.2f".formatted(value);
  }
}
