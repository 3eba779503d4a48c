package io.thirdsession.bench.report;

import io.thirdsession.bench.machine.Held;
import java.time.Duration;
import java.util.List;

/**
 * A part of a long run.
 *
 * @param end since the run began
 * @param figures of the load in this part
 * @param time for which each of them was measured
 * @param held by the server after it
 */
public record SoakSlice(Duration end, List<Figure> figures, Duration time, Held held) {
  double responses() {
    return figures.stream().mapToDouble(Figure::perSecond).sum() * time.toMillis() / 1e3;
  }

  long others() {
    return figures.stream()
        .flatMap(figure -> figure.others().values().stream())
        .mapToLong(Long::longValue)
        .sum();
  }
}
