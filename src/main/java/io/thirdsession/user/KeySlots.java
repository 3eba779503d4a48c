package io.thirdsession.user;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The current session_key of an identity and the one before. WeChat may have encrypted what the
 * phone sends with the key before the latest login, so that one is kept for a while.
 *
 * @param current the key of the latest exchange
 * @param previous the key before
 * @param replacedAt since when it is the previous one
 */
record KeySlots(StoredKey current, Optional<StoredKey> previous, Optional<Instant> replacedAt) {
  /** How long the previous key counts after it was replaced. */
  private static final Duration GRACE = Duration.ofMinutes(10);

  /** Returns the slots of an identity that has logged in once. */
  static KeySlots first(StoredKey key) {
    return new KeySlots(key, Optional.empty(), Optional.empty());
  }

  /** Returns whether what the previous key opens or signs still counts. */
  boolean isPreviousInGrace(Instant now) {
    return previous.isPresent()
        && replacedAt.filter(at -> now.isBefore(at.plus(GRACE))).isPresent();
  }

  /**
   * Returns the slots after a login brought this key.
   *
   * <p>WeChat may give the same key again: then it stays where it is, with its failures. An answer
   * that overtook a later one does not push out the newer key; it goes into the previous slot.
   *
   * @param brought the key, with no failures
   * @param isSame whether a stored key is the one brought
   * @param now when a key that is pushed out becomes the previous one
   */
  KeySlots after(StoredKey brought, Predicate<StoredKey> isSame, Instant now) {
    if (isSame.test(current)) {
      return new KeySlots(current.seenAgain(brought.exchangedAt()), previous, replacedAt);
    }
    Optional<StoredKey> known = previous.filter(isSame);
    StoredKey key = known.map(k -> k.seenAgain(brought.exchangedAt())).orElse(brought);
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
