package io.thirdsession.user;

import io.thirdsession.phonebook.SealedPhone;
import io.thirdsession.profile.Profile;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A person.
 *
 * @param id UUIDv7; in text form, the API's {@code userId}
 * @param createdAt time of the first login
 * @param lastLoginAt time of the latest login
 * @param disabled whether logins are refused
 * @param profile what the user said about themselves
 * @param phone the user's phone number, sealed; empty if none is bound
 * @param externalId the company's own id of the user; empty if it gave none
 * @param profileStaleAt since when WeChat has another name or picture of them; empty: not since the
 *     profile was written
 */
public record User(
    UUID id,
    Instant createdAt,
    Instant lastLoginAt,
    boolean disabled,
    Profile profile,
    Optional<SealedPhone> phone,
    Optional<String> externalId,
    Optional<Instant> profileStaleAt) {}
