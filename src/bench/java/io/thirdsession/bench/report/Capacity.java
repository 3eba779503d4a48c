package io.thirdsession.bench.report;

import java.util.List;
import java.util.OptionalDouble;

/**
 * How much one needs for so many daily users. What users do is assumed here; what that costs was
 * measured.
 */
final class Capacity {
  private static final List<Integer> MILLIONS = List.of(1, 10, 100);
  private static final double SECONDS_A_DAY = 86_400;

  /** The busiest second of a day, by the average one. */
  private static final double PEAK = 3.5;

  /** A core that is busier than that has no room for what was not foreseen. */
  private static final double MAX_BUSY = 0.5;

  /** Of a daily user, in four visits a day. */
  private static final double CHECKS = 40;

  /** With the client library, which keeps its token for days. */
  private static final double LOGINS = 0.3;

  /** With clients that log in at every start. */
  private static final double LOGINS_AT_EVERY_START = 4;

  /** Live sessions for each daily user: many more have one than come every day. */
  private static final double SESSIONS = 2.15;

  /** Users that ever came, for each that comes daily. */
  private static final double USERS = 6;

  private Capacity() {}

  /** Returns the cores for checks and logins; empty if neither was measured. */
  static String cores(List<Figure> figures) {
    Summary summary = new Summary(figures);
    if (summary.wars().isEmpty()) {
      return "";
    }
    String war = summary.wars().iterator().next();
    OptionalDouble checkServer = summary.median("check", war, Figure::server);
    OptionalDouble loginServer = summary.median("login", war, Figure::server);
    if (checkServer.isEmpty() || loginServer.isEmpty()) {
      return "";
    }
    double checkDatabase = summary.median("check", war, Figure::database).orElse(0);
    double loginDatabase = summary.median("login", war, Figure::database).orElse(0);
    Table table =
        new Table(
            "daily users",
            "checks per second at the peak",
            "logins per second",
            "cores for servers",
            "for the database",
            "logins per second, at every start",
            "cores for servers",
            "for the database");
    for (int millions : MILLIONS) {
      double checks = peak(millions, CHECKS);
      double few = peak(millions, LOGINS);
      double many = peak(millions, LOGINS_AT_EVERY_START);
      table.row(
          List.of(
              millions + " million",
              Table.number(checks),
              Table.number(few),
              cores(checks, checkServer.getAsDouble(), few, loginServer.getAsDouble()),
              cores(checks, checkDatabase, few, loginDatabase),
              Table.number(many),
              cores(checks, checkServer.getAsDouble(), many, loginServer.getAsDouble()),
              cores(checks, checkDatabase, many, loginDatabase)));
    }
    return table.toString();
  }

  /** Returns what lies on the disks, by the largest tables that were measured. */
  static String storage(GrowthStep step) {
    Table table =
        new Table(
            "daily users",
            "live sessions, GB",
            "users, GB",
            "binary log a day, GB",
            "with logins at every start, GB");
    for (int millions : MILLIONS) {
      double daily = millions * 1e6;
      table.row(
          List.of(
              millions + " million",
              Table.number(daily * SESSIONS * step.sessionBytes() / 1e9),
              Table.number(daily * USERS * step.userBytes() / 1e9),
              Table.number(daily * LOGINS * step.binlogBytes() / 1e9),
              Table.number(daily * LOGINS_AT_EVERY_START * step.binlogBytes() / 1e9)));
    }
    return table.toString();
  }

  private static double peak(int millions, double daily) {
    return millions * 1e6 * daily / SECONDS_A_DAY * PEAK;
  }

  private static String cores(
      double checks, double checkMicros, double logins, double loginMicros) {
    double busy = (checks * checkMicros + logins * loginMicros) / 1e6;
    return Table.number(busy / MAX_BUSY);
  }
}
