package io.thirdsession.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class NoticesTest {
  @Test
  void saysEachKindOnceInThePause() {
    Notices notices = new Notices(Duration.ofHours(1));

    assertTrue(notices.isDue("a"));
    assertTrue(notices.isDue("b"));
    assertFalse(notices.isDue("a"));
  }

  @Test
  void saysItAgainAfterThePause() throws InterruptedException {
    Notices notices = new Notices(Duration.ofMillis(1));
    notices.isDue("a");

    Thread.sleep(20);

    assertTrue(notices.isDue("a"));
  }

  @Test
  void manyKindsMakeNoneHeardTwice() {
    Notices notices = new Notices(Duration.ofHours(1));

    int said = 0;
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 5_000; i++) {
        said += notices.isDue("user-" + i) ? 1 : 0;
      }
    }

    assertEquals(5_000, said);
  }

  @Test
  void veryManyKindsFillNoMemory() {
    Notices notices = new Notices(Duration.ofHours(1));
    for (int i = 0; i < 200_000; i++) {
      notices.isDue("stranger-" + i);
    }

    int remembered = 0;
    for (int i = 0; i < 200_000; i++) {
      remembered += notices.isDue("stranger-" + i) ? 0 : 1;
    }

    assertTrue(remembered <= 20_000, "remembered " + remembered);
  }
}
