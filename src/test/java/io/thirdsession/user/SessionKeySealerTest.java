package io.thirdsession.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.Secret;
import io.thirdsession.keys.UnsealException;
import io.thirdsession.testing.TestKeys;
import io.thirdsession.wechat.SessionKey;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SessionKeySealerTest {
  private static final SessionKey KEY = SessionKey.parse("tiihtNczf5v6AKRyjwEUhQ==").orElseThrow();
  private static final SessionKey OTHER =
      SessionKey.parse("HyVFkGl5F5OQWJZZaNzBBg==").orElseThrow();

  private final SessionKeySealer sealer = new SessionKeySealer(TestKeys.ring("k1"));

  @Test
  void opensAKeyWhereItWasSealed() {
    SealedKey stored = sealer.seal(KEY, "wx1", "openid", Instant.EPOCH);

    assertEquals(KEY, sealer.open(stored, "wx1", "openid"));
    assertTrue(stored.sealed().length() <= 64, "fits its column");
  }

  @Test
  void refusesAKeyMovedToAnotherIdentity() {
    SealedKey stored = sealer.seal(KEY, "wx1", "openid", Instant.EPOCH);

    assertThrows(UnsealException.class, () -> sealer.open(stored, "wx1", "other"));
    assertThrows(UnsealException.class, () -> sealer.open(stored, "wx2", "openid"));
  }

  @Test
  void recognisesTheSameKey() {
    SealedKey stored = sealer.seal(KEY, "wx1", "openid", Instant.EPOCH);

    assertTrue(sealer.isSame(stored, KEY));
    assertFalse(sealer.isSame(stored, OTHER));
  }

  @Test
  void recognisesTheSameKeyAfterTheMasterKeyWasRotated() {
    SealedKey stored = sealer.seal(KEY, "wx1", "openid", Instant.EPOCH);

    assertTrue(new SessionKeySealer(TestKeys.ring("k2", "k1")).isSame(stored, KEY));
    assertFalse(new SessionKeySealer(TestKeys.ring("k2")).isSame(stored, KEY));
  }

  @Test
  void takesADamagedKeyForAnotherOne() {
    SealedKey stored = sealer.seal(KEY, "wx1", "openid", Instant.EPOCH);
    SealedKey damaged =
        new SealedKey(
            Secret.of(new byte[] {99}), stored.fingerprint(), Instant.EPOCH, 0, Optional.empty());

    assertFalse(sealer.isSame(damaged, KEY));
  }

  @Test
  void sealsUnderTheLongestIdWithinTheColumn() {
    SessionKeySealer longest = new SessionKeySealer(TestKeys.ring("a".repeat(16)));

    assertTrue(longest.seal(KEY, "wx1", "openid", Instant.EPOCH).sealed().length() <= 64);
  }
}
