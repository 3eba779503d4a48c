package io.thirdsession.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A picture with lines, as SVG: both axes as they are told, one colour and one label a line. */
final class LineChart {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 400;
  private static final int LEFT = 80;
  private static final int RIGHT = 150;
  private static final int TOP = 48;
  private static final int BOTTOM = 56;
  private static final int LABEL_HEIGHT = 16;
  private static final List<String> COLOURS =
      List.of("#0b62a4", "#c4501b", "#3a7d34", "#7a4fa0", "#8a6d00");

  private final String title;
  private final Axis x;
  private final Axis y;
  private final List<Line> lines = new ArrayList<>();

  /**
   * An axis from {@code min} to {@code max}.
   *
   * @param ticks where it is marked
   * @param logarithmic whether equal lengths are equal factors
   */
  record Axis(String label, double min, double max, List<Double> ticks, boolean logarithmic) {
    /** Returns an axis from 0 to a round number that is not less than this. */
    static Axis upTo(String label, double most) {
      double unit = Math.pow(10, Math.floor(Math.log10(Math.max(most, 1e-9))));
      double step = most / unit <= 2 ? unit / 2 : most / unit <= 5 ? unit : unit * 2;
      List<Double> ticks = new ArrayList<>();
      for (int i = 0; ticks.isEmpty() || ticks.get(i - 1) < most; i++) {
        ticks.add(i * step);
      }
      return new Axis(label, 0, ticks.get(ticks.size() - 1), ticks, false);
    }

    /** Returns an axis with these marks, a factor apart. */
    static Axis logarithmic(String label, List<Double> ticks) {
      return new Axis(label, ticks.get(0), ticks.get(ticks.size() - 1), ticks, true);
    }

    double part(double value) {
      return logarithmic
          ? Math.log(value / min) / Math.log(max / min)
          : (value - min) / (max - min);
    }
  }

  private record Line(String label, List<double[]> points) {}

  LineChart(String title, Axis x, Axis y) {
    this.title = title;
    this.x = x;
    this.y = y;
  }

  /** Adds a line through these points, each x and y. */
  LineChart line(String label, List<double[]> points) {
    if (!points.isEmpty()) {
      lines.add(new Line(label, points));
    }
    return this;
  }

  String svg() {
    StringBuilder svg = new StringBuilder();
    svg.append(
        ("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%1$d\""
                + " height=\"%2$d\" font-family=\"sans-serif\" font-size=\"13\" fill=\"#222\">\n")
            .formatted(WIDTH, HEIGHT));
    svg.append("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
    text(svg, LEFT, 24, "start", "font-size=\"16\" font-weight=\"bold\"", title);
    grid(svg);
    for (int i = 0; i < lines.size(); i++) {
      draw(svg, lines.get(i), COLOURS.get(i % COLOURS.size()));
    }
    labels(svg);
    return svg.append("</svg>\n").toString();
  }

  private void grid(StringBuilder svg) {
    for (double tick : y.ticks()) {
      svg.append(
          "<line x1=\"%d\" x2=\"%d\" y1=\"%s\" y2=\"%3$s\" stroke=\"#ddd\"/>%n"
              .formatted(LEFT, WIDTH - RIGHT, at(top(tick))));
      text(svg, LEFT - 8, top(tick) + 4, "end", "", amount(tick));
    }
    for (double tick : x.ticks()) {
      text(svg, left(tick), HEIGHT - BOTTOM + 20, "middle", "", amount(tick));
    }
    text(svg, LEFT + plotWidth() / 2.0, HEIGHT - 12, "middle", "", x.label());
    text(svg, LEFT, TOP - 8, "start", "fill=\"#555\"", y.label());
  }

  private void draw(StringBuilder svg, Line line, String colour) {
    StringBuilder path = new StringBuilder();
    for (double[] point : line.points()) {
      path.append(at(left(point[0]))).append(',').append(at(top(point[1]))).append(' ');
      svg.append(
          "<circle cx=\"%s\" cy=\"%s\" r=\"3\" fill=\"%s\"/>%n"
              .formatted(at(left(point[0])), at(top(point[1])), colour));
    }
    svg.append(
        "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>%n"
            .formatted(path.toString().strip(), colour));
  }

  /** Beside the end of each line, moved apart where two would cover each other. */
  private void labels(StringBuilder svg) {
    List<Line> fromTop = new ArrayList<>(lines);
    fromTop.sort((one, other) -> Double.compare(top(last(one)), top(last(other))));
    double above = 0;
    int below = fromTop.size();
    for (Line line : fromTop) {
      double lowest = HEIGHT - BOTTOM - LABEL_HEIGHT * --below;
      above = Math.max(above + LABEL_HEIGHT, Math.min(top(last(line)) + 4, lowest));
      String colour = COLOURS.get(lines.indexOf(line) % COLOURS.size());
      text(svg, WIDTH - RIGHT + 10, above, "start", "fill=\"" + colour + "\"", line.label());
    }
  }

  private static double last(Line line) {
    return line.points().get(line.points().size() - 1)[1];
  }

  private double left(double value) {
    return LEFT + x.part(value) * plotWidth();
  }

  private double top(double value) {
    return HEIGHT - BOTTOM - y.part(value) * (HEIGHT - TOP - BOTTOM);
  }

  private static int plotWidth() {
    return WIDTH - LEFT - RIGHT;
  }

  private static void text(
      StringBuilder svg, double left, double top, String anchor, String style, String text) {
    svg.append(
        "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\" %s>%s</text>%n"
            .formatted(at(left), at(top), anchor, style, text.replace("&", "&amp;")));
  }

  private static String at(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static String amount(double value) {
    if (value >= 1_000_000) {
      return "%.0f M".formatted(value / 1e6);
    }
    return value == Math.rint(value) ? "%,.0f".formatted(value) : Double.toString(value);
  }
}
