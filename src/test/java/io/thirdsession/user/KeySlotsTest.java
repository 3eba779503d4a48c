package io.thirdsession.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.Secret;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeySlotsTest {
  private static final Instant T0 = Instant.parse("2026-11-22T08:00:00Z");

  @Test
  void keepsAFirstKeyWithoutAPrevious() {
    KeySlots slots = KeySlots.first(key("a", 0));

    assertEquals(Optional.empty(), slots.previous());
  }

  @Test
  void pushesTheCurrentKeyIntoThePreviousSlot() {
    KeySlots slots = after(KeySlots.first(key("a", 0)), key("b", 10), 11);

    assertEquals(new KeySlots(key("b", 10), Optional.of(key("a", 0)), at(11)), slots);
  }

  @Test
  void replacesNothingWhenTheSameKeyComesAgain() {
    KeySlots before = after(KeySlots.first(key("a", 0)), key("b", 10), 11);

    KeySlots slots = after(before, key("b", 20), 21);

    assertEquals(new KeySlots(key("b", 20), Optional.of(key("a", 0)), at(11)), slots);
  }

  @Test
  void keepsTheFailuresOfAKeyThatComesAgain() {
    SealedKey failed = failed("a", 0, 5);

    KeySlots slots = after(KeySlots.first(failed), key("a", 10), 11);

    assertEquals(5, slots.current().failures());
  }

  @Test
  void keepsTheFailuresOfAKeyWhereverItStands() {
    KeySlots before = after(KeySlots.first(failed("a", 0, 3)), key("b", 10), 11);

    KeySlots slots = after(before, key("a", 20), 21);

    assertEquals(3, slots.current().failures());
    assertEquals(at(20).orElseThrow(), slots.current().exchangedAt());
    assertEquals(Optional.of(key("b", 10)), slots.previous());
    assertEquals(at(21), slots.replacedAt());
  }

  @Test
  void startsADifferentKeyWithoutFailures() {
    KeySlots slots = after(KeySlots.first(failed("a", 0, 5)), key("b", 10), 11);

    assertEquals(0, slots.current().failures());
    assertEquals(5, slots.previous().orElseThrow().failures());
  }

  @Test
  void putsAnOlderKeyThatArrivesLateIntoThePreviousSlot() {
    KeySlots slots = after(KeySlots.first(key("b", 10)), key("a", 5), 12);

    assertEquals(new KeySlots(key("b", 10), Optional.of(key("a", 5)), at(10)), slots);
  }

  @Test
  void dropsALateKeyThatIsOlderThanThePreviousOne() {
    KeySlots before = after(KeySlots.first(key("b", 10)), key("c", 20), 21);

    assertEquals(before, after(before, key("a", 5), 22));
  }

  @Test
  void takesAKeyExchangedAtTheSameMomentForTheNewer() {
    KeySlots slots = after(KeySlots.first(key("a", 10)), key("b", 10), 12);

    assertEquals(key("b", 10), slots.current());
  }

  @Test
  void thePreviousKeyCountsForTenMinutesAndNotAtTheirEnd() {
    KeySlots slots = after(KeySlots.first(key("a", 0)), key("b", 10), 11);

    assertTrue(slots.isPreviousInGrace(T0.plusSeconds(611).minusMillis(1)));
    assertFalse(slots.isPreviousInGrace(T0.plusSeconds(611)));
  }

  @Test
  void aFirstKeyCountsAlone() {
    assertFalse(KeySlots.first(key("a", 0)).isPreviousInGrace(T0));
  }

  private static KeySlots after(KeySlots slots, SealedKey brought, int nowSeconds) {
    return slots.after(
        brought,
        stored -> stored.fingerprint().equals(brought.fingerprint()),
        T0.plusSeconds(nowSeconds));
  }

  private static SealedKey key(String name, int exchangedAtSeconds) {
    return new SealedKey(
        Secret.of("sealed " + name),
        Secret.of(name),
        T0.plusSeconds(exchangedAtSeconds),
        0,
        Optional.empty());
  }

  private static SealedKey failed(String name, int exchangedAtSeconds, int failures) {
    SealedKey key = key(name, exchangedAtSeconds);
    return new SealedKey(
        key.sealed(), key.fingerprint(), key.exchangedAt(), failures, Optional.of(T0));
  }

  private static Optional<Instant> at(int seconds) {
    return Optional.of(T0.plusSeconds(seconds));
  }
}
