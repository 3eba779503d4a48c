package io.thirdsession.user;

import java.time.Instant;
import java.util.UUID;

/**
 * A person.
 *
 * @param id UUIDv7; as text the userId of the API
 * @param createdAt first login
 * @param lastLoginAt latest login
 * @param disabled whether logins are refused
 * @param profile what they said of themselves
 */
public record User(
    UUID id, Instant createdAt, Instant lastLoginAt, boolean disabled, Profile profile) {}
