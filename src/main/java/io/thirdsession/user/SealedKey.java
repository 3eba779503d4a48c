package io.thirdsession.user;

import io.thirdsession.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A session_key as stored in the database, with the data that stays with the key in either slot.
 *
 * @param sealed the key, sealed for its identity
 * @param fingerprint 16 bytes of a keyed hash of the key, under the master key that sealed it
 * @param exchangedAt when the request that returned it was sent to WeChat
 * @param failures how many decryptions with it have failed
 * @param failedAt when the latest of them failed; empty if none has
 */
record SealedKey(
    Secret sealed,
    Secret fingerprint,
    Instant exchangedAt,
    int failures,
    Optional<Instant> failedAt) {
  /** The number of failures after which a key is quarantined. */
  static final int MAX_FAILURES = 5;

  /** How long a key is quarantined after its latest failure. */
  static final Duration QUARANTINE = Duration.ofHours(1);

  /** Returns whether the key is quarantined, because too many tries failed. */
  boolean isResting(Instant now) {
    Instant over = now.minus(QUARANTINE);
    return failures >= MAX_FAILURES && failedAt.filter(at -> !at.isAfter(over)).isEmpty();
  }

  /** Returns the same key with the later of this time of exchange and its own. */
  SealedKey seenAgain(Instant exchangedAt) {
    Instant later = exchangedAt.isAfter(this.exchangedAt) ? exchangedAt : this.exchangedAt;
    return new SealedKey(sealed, fingerprint, later, failures, failedAt);
  }
}
