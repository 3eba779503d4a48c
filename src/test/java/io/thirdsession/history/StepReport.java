package io.thirdsession.history;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What a step of a drill has cost.
 *
 * @param title of the step
 * @param logins how soon logins were good again
 * @param checks how soon checks were good again
 * @param failedOnReturn how many of both failed when what was away came back
 * @param wrong what the checker found and had not found before
 */
record StepReport(
    String title, Comeback logins, Comeback checks, long failedOnReturn, List<String> wrong) {
  private static final Duration LOGINS_BUDGET = Duration.ofSeconds(10);
  private static final Duration CHECKS_BUDGET = Duration.ofSeconds(5);

  /** A response that is older than what somebody was told before it was asked for. */
  private static final String STALE = "ghost: accepted";

  /** Measures it from what clients were told. */
  static StepReport of(
      String title, List<Operation> history, long struck, long mended, List<String> wrong) {
    long onReturn = 0;
    for (Deed deed : List.of(Deed.LOGIN, Deed.CHECK)) {
      onReturn += Comeback.of(deed, history, mended, Long.MAX_VALUE).failed();
    }
    return new StepReport(
        title,
        Comeback.of(Deed.LOGIN, history, struck, mended),
        Comeback.of(Deed.CHECK, history, struck, mended),
        onReturn,
        wrong);
  }

  /** Returns whether both were good again within so many budgets. */
  boolean isWithin(int budgets) {
    return logins.goodAgainNanos() <= LOGINS_BUDGET.toNanos() * budgets
        && checks.goodAgainNanos() <= CHECKS_BUDGET.toNanos() * budgets;
  }

  /** Returns it in one line. */
  String line() {
    return String.format(
        Locale.ROOT,
        "step=%s loginsGoodAgainSeconds=%.1f checksGoodAgainSeconds=%.1f %s budget=%s logins=%d"
            + " loginsFailed=%d slowestLoginSeconds=%.1f checks=%d checksFailed=%d"
            + " slowestCheckSeconds=%.1f failedOnReturn=%d",
        title,
        logins.goodAgainSeconds(),
        checks.goodAgainSeconds(),
        counts(wrong),
        isWithin(1) ? "met" : "missed",
        logins.asked(),
        logins.failed(),
        logins.slowestSeconds(),
        checks.asked(),
        checks.failed(),
        checks.slowestSeconds(),
        failedOnReturn);
  }

  /** Returns how much of this is acknowledged work that was lost, and how much stale responses. */
  static String counts(List<String> wrong) {
    long stale = wrong.stream().filter(its -> its.startsWith(STALE)).count();
    return "lost=" + (wrong.size() - stale) + " stale=" + stale;
  }
}
