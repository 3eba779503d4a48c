package io.thirdsession.history;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ComebackTest {
  private static final long STRUCK = 100;
  private static final long OVER = 1_000;

  @Test
  void lastsUntilTheEndOfTheLastThatFailed() {
    Told told =
        new Told()
            .login(1, 10, 20)
            .check(1, Outcome.UNKNOWN, 110, 150)
            .check(1, Outcome.UNKNOWN, 120, 400)
            .check(1, Outcome.DONE, 130, 900);

    assertEquals(new Comeback(3, 2, 300, 770), checks(told));
  }

  @Test
  void countsWhatWasUnderWayWhenTheFaultStruck() {
    assertEquals(
        new Comeback(1, 1, 50, 60),
        checks(new Told().login(1, 10, 20).check(1, Outcome.UNKNOWN, 90, 150)));
  }

  @Test
  void isOverAtOnceWhereNothingFails() {
    assertEquals(
        new Comeback(1, 0, 0, 10),
        checks(new Told().login(1, 10, 20).check(1, Outcome.REFUSED, 110, 120)));
  }

  @Test
  void countsNeitherWhatWasBeforeNorWhatCameLaterNorOtherDeeds() {
    Told told =
        new Told()
            .unknownLogin(200)
            .login(1, 10, 20)
            .check(1, Outcome.UNKNOWN, 30, 100)
            .check(1, Outcome.UNKNOWN, OVER, 1_100);

    assertEquals(new Comeback(0, 0, 0, 0), checks(told));
  }

  private static Comeback checks(Told told) {
    return Comeback.of(Deed.CHECK, told.operations(), STRUCK, OVER);
  }
}
