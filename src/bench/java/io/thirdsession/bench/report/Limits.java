package io.thirdsession.bench.report;

import java.util.OptionalDouble;

/**
 * What the machine could do at most, from the limits that were measured in the same run. A check
 * cannot cost less than a servlet that does nothing and the one row that it must read; nor a login
 * than such a servlet and the rows that it must write.
 */
final class Limits {
  private final Summary summary;

  Limits(Summary summary) {
    this.summary = summary;
  }

  /** Returns the limit for this figure, in a second; empty if it has none. */
  OptionalDouble of(Figure figure) {
    return switch (figure.name()) {
      case "check", "gateway" -> together("primary-key read");
      case "login", "first login" -> together("login transaction");
      case "login, WeChat takes 200 ms" -> {
        OptionalDouble login = together("login transaction");
        yield login.isEmpty()
            ? login
            : OptionalDouble.of(Math.min(figure.clients() / 0.2, login.getAsDouble()));
      }
      case "made-up token" -> rate("bare servlet");
      case "login after it" ->
          summary.median("login before a stranger's bulk load", figure.war(), Figure::perSecond);
      default -> OptionalDouble.empty();
    };
  }

  /** Returns which part of its limit this should reach; 0 if nothing is demanded. */
  static double goal(String name) {
    return switch (name) {
      case "check" -> 1.0;
      case "login" -> 0.7;
      case "login, WeChat takes 200 ms" -> 0.8;
      default -> 0;
    };
  }

  /** One after the other takes as long as both: 1 / (1/a + 1/b). */
  private OptionalDouble together(String database) {
    OptionalDouble servlet = rate("bare servlet");
    OptionalDouble rows = rate(database);
    return servlet.isEmpty() || rows.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(1 / (1 / servlet.getAsDouble() + 1 / rows.getAsDouble()));
  }

  private OptionalDouble rate(String name) {
    return summary.median(name, "", Figure::perSecond);
  }
}
