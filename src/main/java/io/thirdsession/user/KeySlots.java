package io.thirdsession.user;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The current session_key of an identity and the previous one. What the phone sends may be
 * encrypted with the key from before the latest login, so that key is kept for a while.
 *
 * @param current the key of the latest exchange
 * @param previous the key before that one; empty if there was none
 * @param replacedAt when the previous key was replaced
 */
record KeySlots(SealedKey current, Optional<SealedKey> previous, Optional<Instant> replacedAt) {
  /** How long the previous key remains valid after it was replaced. */
  private static final Duration GRACE = Duration.ofMinutes(10);

  /** Returns the slots of an identity that has logged in once. */
  static KeySlots first(SealedKey key) {
    return new KeySlots(key, Optional.empty(), Optional.empty());
  }

  /** Returns whether data that the previous key decrypts or signs is still accepted. */
  boolean isPreviousInGrace(Instant now) {
    return previous.isPresent()
        && replacedAt.filter(at -> now.isBefore(at.plus(GRACE))).isPresent();
  }

  /**
   * Returns the slots after WeChat issued this key.
   *
   * <p>WeChat may issue the same key again: it then stays in its slot, with its failures. A key
   * from an earlier exchange whose response arrives late does not displace a newer current key: it
   * goes into the previous slot, unless the key there is newer too.
   *
   * @param brought the key, with no failures counted
   * @param isSame returns whether a stored key equals {@code brought}
   * @param now the time to record as {@code replacedAt} if the current key is displaced
   */
  KeySlots after(SealedKey brought, Predicate<SealedKey> isSame, Instant now) {
    if (isSame.test(current)) {
      return new KeySlots(current.seenAgain(brought.exchangedAt()), previous, replacedAt);
    }
    Optional<SealedKey> known = previous.filter(isSame);
    SealedKey key = known.map(k -> k.seenAgain(brought.exchangedAt())).orElse(brought);
    if (brought.exchangedAt().isBefore(current.exchangedAt())) {
      boolean newerThanPrevious =
          previous.map(p -> !brought.exchangedAt().isBefore(p.exchangedAt())).orElse(true);
      return newerThanPrevious
          ? new KeySlots(current, Optional.of(key), Optional.of(current.exchangedAt()))
          : this;
    }
    return new KeySlots(key, Optional.of(current), Optional.of(now));
  }
}
