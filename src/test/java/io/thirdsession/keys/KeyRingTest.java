package io.thirdsession.keys;

import static io.thirdsession.keys.Purpose.SESSION_KEY;
import static io.thirdsession.keys.Purpose.TOKEN_TAG;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.thirdsession.Secret;
import io.thirdsession.testing.TestKeys;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeyRingTest {
  private static final byte[] PLAIN = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
  private static final byte[] MESSAGE = {42};

  private final KeyRing ring = TestKeys.ring("k1");

  @Test
  void opensWhatItSealed() {
    byte[] sealed = ring.seal(SESSION_KEY, PLAIN, "wx1", "openid");

    assertArrayEquals(PLAIN, ring.open(SESSION_KEY, sealed, "wx1", "openid"));
    assertEquals("k1", KeyRing.keyId(sealed));
    assertEquals(1 + 2 + 12 + 16 + 16, sealed.length);
  }

  @Test
  void sealsTheSameBytesDifferentlyEachTime() {
    assertFalse(
        Arrays.equals(ring.seal(SESSION_KEY, PLAIN, "a"), ring.seal(SESSION_KEY, PLAIN, "a")));
  }

  @Test
  void refusesAValueWithAnyBitChanged() {
    byte[] sealed = ring.seal(SESSION_KEY, PLAIN, "wx1", "openid");

    for (int bit = 0; bit < sealed.length * 8; bit++) {
      byte[] changed = sealed.clone();
      changed[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThrows(
          UnsealException.class, () -> ring.open(SESSION_KEY, changed, "wx1", "openid"), "" + bit);
    }
  }

  @Test
  void refusesAValueOfAnyShorterLength() {
    byte[] sealed = ring.seal(SESSION_KEY, PLAIN, "wx1", "openid");

    for (int length = 0; length < sealed.length; length++) {
      byte[] cut = Arrays.copyOf(sealed, length);
      assertThrows(UnsealException.class, () -> ring.open(SESSION_KEY, cut, "wx1", "openid"));
    }
  }

  @Test
  void refusesAValueMovedToAnotherPlaceOrPurpose() {
    byte[] sealed = ring.seal(SESSION_KEY, PLAIN, "wx1", "openid");

    assertThrows(UnsealException.class, () -> ring.open(SESSION_KEY, sealed, "wx1", "other"));
    assertThrows(UnsealException.class, () -> ring.open(SESSION_KEY, sealed, "wx2", "openid"));
    assertThrows(UnsealException.class, () -> ring.open(SESSION_KEY, sealed, "wx1openid"));
    assertThrows(UnsealException.class, () -> ring.open(TOKEN_TAG, sealed, "wx1", "openid"));
  }

  @Test
  void sealsUnderTheFirstKeyAndOpensUnderEveryConfiguredOne() {
    byte[] old = ring.seal(SESSION_KEY, PLAIN, "a");
    KeyRing rotated = TestKeys.ring("k2", "k1");

    assertArrayEquals(PLAIN, rotated.open(SESSION_KEY, old, "a"));
    assertEquals("k2", KeyRing.keyId(rotated.seal(SESSION_KEY, PLAIN, "a")));
  }

  @Test
  void refusesAValueWhoseKeyIsNoLongerConfigured() {
    byte[] old = ring.seal(SESSION_KEY, PLAIN, "a");

    assertThrows(UnsealException.class, () -> TestKeys.ring("k2").open(SESSION_KEY, old, "a"));
  }

  @Test
  void knowsTheKeyOfTheBeginningOfAMacAndOfNothingElse() {
    byte[] tag = Arrays.copyOf(ring.mac(TOKEN_TAG, MESSAGE), 8);

    assertEquals(Optional.of("k1"), ring.keyOfMac(TOKEN_TAG, MESSAGE, tag));
    assertEquals(Optional.of("k1"), TestKeys.ring("k2", "k1").keyOfMac(TOKEN_TAG, MESSAGE, tag));
    assertEquals(Optional.empty(), TestKeys.ring("k2").keyOfMac(TOKEN_TAG, MESSAGE, tag));
    assertEquals(Optional.empty(), ring.keyOfMac(SESSION_KEY, MESSAGE, tag));
    assertEquals(Optional.empty(), ring.keyOfMac(TOKEN_TAG, new byte[] {43}, tag));
    for (int bit = 0; bit < 64; bit++) {
      byte[] changed = tag.clone();
      changed[bit / 8] ^= (byte) (1 << (bit % 8));
      assertEquals(Optional.empty(), ring.keyOfMac(TOKEN_TAG, MESSAGE, changed));
    }
  }

  @Test
  void hasADifferentKeyForEachPurpose() {
    assertNotEquals(
        HexFormat.of().formatHex(ring.mac(TOKEN_TAG, MESSAGE)),
        HexFormat.of().formatHex(ring.mac(SESSION_KEY, MESSAGE)));
  }

  @Test
  void usesOtherKeysOnceTheyAreReplaced() {
    byte[] old = ring.seal(SESSION_KEY, PLAIN, "a");

    ring.replace(List.of(TestKeys.masterKey("k9"), TestKeys.masterKey("k1")));

    assertEquals("k9", KeyRing.keyId(ring.seal(SESSION_KEY, PLAIN, "a")));
    assertArrayEquals(PLAIN, ring.open(SESSION_KEY, old, "a"));
  }

  @Test
  void refusesKeysOfAnotherLengthOrIdsOfAnotherShape() {
    Secret good = Secret.of(new byte[32]);

    assertThrows(IllegalArgumentException.class, () -> new MasterKey("k", Secret.of(new byte[31])));
    assertThrows(IllegalArgumentException.class, () -> new MasterKey("k", Secret.of(new byte[33])));
    assertThrows(IllegalArgumentException.class, () -> new MasterKey("", good));
    assertThrows(IllegalArgumentException.class, () -> new MasterKey("a".repeat(17), good));
    assertThrows(IllegalArgumentException.class, () -> new MasterKey("a:b", good));
  }

  @Test
  void refusesTwoKeysUnderOneId() {
    List<MasterKey> twice = List.of(TestKeys.masterKey("k1"), TestKeys.masterKey("k1"));

    assertThrows(IllegalArgumentException.class, () -> new KeyRing(twice, new SecureRandom()));
  }

  @Test
  void threadsThatMakeMacsAtOnceDoNotDisturbEachOther() {
    List<String> alone =
        IntStream.range(0, 100)
            .mapToObj(i -> ring.mac(TOKEN_TAG, new byte[i]))
            .map(HexFormat.of()::formatHex)
            .toList();

    List<String> atOnce =
        IntStream.range(0, 20_000)
            .parallel()
            .mapToObj(i -> ring.mac(TOKEN_TAG, new byte[i % 100]))
            .map(HexFormat.of()::formatHex)
            .toList();

    for (int i = 0; i < atOnce.size(); i++) {
      assertEquals(alone.get(i % 100), atOnce.get(i));
    }
  }
}
