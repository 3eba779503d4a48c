package io.thirdsession;

import static io.thirdsession.testing.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ThrottleTest {
  @Test
  void letsEachKindHappenOnceInThePause() {
    Throttle throttle = new Throttle(Duration.ofHours(1));

    assertTrue(throttle.isDue("a"));
    assertTrue(throttle.isDue("b"));
    assertFalse(throttle.isDue("a"));
  }

  @Test
  void letsEachKindHappenSeveralTimesInThePause() {
    Throttle throttle = new Throttle(2, Duration.ofHours(1));

    assertTrue(throttle.isDue("a"));
    assertTrue(throttle.isDue("a"));
    assertFalse(throttle.isDue("a"));
    assertTrue(throttle.isDue("b"));
  }

  @Test
  void saysOnceHowOftenItWasLeftOutOfSeveralTimes() {
    Throttle throttle = new Throttle(2, Duration.ofMillis(200));
    for (int i = 0; i < 5; i++) {
      throttle.due("a");
    }

    eventually(() -> assertTrue(throttle.due("a").orElse(0) >= 3));
    assertEquals(OptionalLong.of(0), throttle.due("a"));
  }

  @Test
  void letsItHappenAgainAfterThePause() {
    Throttle throttle = new Throttle(Duration.ofMillis(1));
    throttle.isDue("a");

    eventually(() -> assertTrue(throttle.isDue("a")));
  }

  @Test
  void saysHowOftenItWasLeftOutWhenItIsDueAgain() {
    Throttle throttle = new Throttle(Duration.ofMillis(200));
    assertEquals(OptionalLong.of(0), throttle.due("a"));
    for (int i = 0; i < 3; i++) {
      assertEquals(OptionalLong.empty(), throttle.due("a"));
    }
    assertEquals(Map.of(), throttle.leftOut(), "in the pause");

    eventually(() -> assertEquals(Map.of("a", 3L), throttle.leftOut()));
    assertEquals(Map.of(), throttle.leftOut(), "told once");
    assertEquals(OptionalLong.of(0), throttle.due("a"));
    throttle.due("a");
    eventually(() -> assertTrue(throttle.due("a").orElse(0) > 0));
  }

  @Test
  void manyKindsMakeNoneHappenTwice() {
    Throttle throttle = new Throttle(Duration.ofHours(1));

    int said = 0;
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 5_000; i++) {
        said += throttle.isDue("user-" + i) ? 1 : 0;
      }
    }

    assertEquals(5_000, said);
  }

  @Test
  void veryManyKindsFillNoMemory() {
    Throttle throttle = new Throttle(Duration.ofHours(1));
    for (int i = 0; i < 200_000; i++) {
      throttle.isDue("stranger-" + i);
    }

    int remembered = 0;
    for (int i = 0; i < 200_000; i++) {
      remembered += throttle.isDue("stranger-" + i) ? 0 : 1;
    }

    assertTrue(remembered <= 20_000, "remembered " + remembered);
  }
}
