package io.thirdsession.user;

import io.thirdsession.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A session_key as the database holds it, with what belongs to the key wherever it stands.
 *
 * @param sealed the key, sealed for its identity
 * @param fingerprint 16 bytes of a keyed hash of the key, under the master key that sealed it
 * @param exchangedAt when the exchange that brought it was sent to WeChat
 * @param failures decryptions that failed under it
 * @param failedAt the latest of them
 */
record StoredKey(
    Secret sealed,
    Secret fingerprint,
    Instant exchangedAt,
    int failures,
    Optional<Instant> failedAt) {
  /** So many failures let a key rest. */
  static final int MOST_FAILURES = 5;

  /** For so long after the latest failure. */
  static final Duration QUARANTINE = Duration.ofHours(1);

  /** Returns whether the key may not be tried, because too many tries failed. */
  boolean isResting(Instant now) {
    Instant over = now.minus(QUARANTINE);
    return failures >= MOST_FAILURES && failedAt.filter(at -> !at.isAfter(over)).isEmpty();
  }

  /** Returns the same key with the later of the two times of exchange. */
  StoredKey seenAgain(Instant exchangedAt) {
    Instant later = exchangedAt.isAfter(this.exchangedAt) ? exchangedAt : this.exchangedAt;
    return new StoredKey(sealed, fingerprint, later, failures, failedAt);
  }
}
