package io.thirdsession.user;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A person.
 *
 * @param id UUIDv7; as text the userId of the API
 * @param createdAt first login
 * @param lastLoginAt latest login
 * @param disabled whether logins are refused
 * @param profile what they said of themselves
 * @param phone their number, sealed, if one is bound
 */
public record User(
    UUID id,
    Instant createdAt,
    Instant lastLoginAt,
    boolean disabled,
    Profile profile,
    Optional<StoredPhone> phone) {

  /** Returns the user with this number bound. */
  public User withPhone(StoredPhone bound) {
    return new User(id, createdAt, lastLoginAt, disabled, profile, Optional.of(bound));
  }
}
