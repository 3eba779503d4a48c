package io.thirdsession.testing;

import static io.thirdsession.testing.Eventually.eventually;
import static io.thirdsession.testing.Eventually.within;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EventuallyTest {
  private final AtomicInteger tries = new AtomicInteger();

  @Test
  void asksUntilItHolds() {
    eventually(() -> assertEquals(3, tries.incrementAndGet()));

    assertEquals(3, tries.get());
  }

  @Test
  void saysInTheEndWhatDoesNotHold() {
    AssertionError e =
        assertThrows(
            AssertionError.class,
            () -> within(Duration.ofMillis(30), () -> fail("try " + tries.incrementAndGet())));

    assertEquals("try " + tries.get(), e.getMessage());
  }

  @Test
  void doesNotWaitOverAFault() {
    assertThrows(
        IllegalStateException.class,
        () ->
            eventually(
                () -> {
                  tries.incrementAndGet();
                  throw new IOException("broken");
                }));

    assertEquals(1, tries.get());
  }
}
