package io.thirdsession;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class Uuid7Test {
  private final SecureRandom random = new SecureRandom();

  /** RFC 9562, appendix A.6. */
  @Test
  void readsTheExampleOfTheRfc() {
    UUID example = UUID.fromString("017F22E2-79B0-7CC3-98C4-DC0C0C07398F");

    assertEquals(Instant.parse("2022-02-22T19:22:22.000Z"), Uuid7.time(example));
    assertEquals(7, example.version());
    assertEquals(2, example.variant());
  }

  @Test
  void makesTheExampleOfTheRfcFromItsRandomBits() {
    long[] bits = {0xCC3L, 0x18C4_DC0C_0C07_398FL};
    RandomGenerator fixed =
        new RandomGenerator() {
          private int next;

          @Override
          public long nextLong() {
            return bits[next++];
          }
        };

    UUID made = Uuid7.next(Instant.parse("2022-02-22T19:22:22.000Z"), fixed);

    assertEquals(UUID.fromString("017F22E2-79B0-7CC3-98C4-DC0C0C07398F"), made);
  }

  @Test
  void bearsItsTimeCutToTheMillisecond() {
    UUID id = Uuid7.next(Instant.parse("2026-11-22T08:00:00.123999Z"), random);

    assertEquals(Instant.parse("2026-11-22T08:00:00.123Z"), Uuid7.time(id));
  }

  @Test
  void survivesTheWayToBytesAndBack() {
    UUID id = Uuid7.next(Instant.EPOCH, random);

    assertEquals(id, Uuid7.of(Uuid7.bytes(id)));
    assertEquals(16, Uuid7.bytes(id).length);
  }

  @Test
  void laterIdsSortAfterEarlierOnes() {
    Instant now = Instant.parse("2026-11-22T08:00:00Z");
    UUID earlier = Uuid7.next(now, random);
    UUID later = Uuid7.next(now.plusMillis(1), random);

    assertTrue(Arrays.compareUnsigned(Uuid7.bytes(earlier), Uuid7.bytes(later)) < 0);
  }

  @Test
  void refusesATimeBefore1970() {
    Instant before = Instant.EPOCH.minusMillis(1);

    assertThrows(IllegalArgumentException.class, () -> Uuid7.next(before, random));
  }
}
