package io.thirdsession.user;

import io.thirdsession.Secret;
import java.time.Instant;

/**
 * A phone number as the database holds it.
 *
 * @param sealed the number, sealed for its user
 * @param hash {@code length of key id ‖ key id ‖ keyed hash of the number (32)}: the same for all
 *     who hold the number, as long as the master key is the same
 * @param source how it was proven
 * @param boundAt when it was proven
 */
public record StoredPhone(Secret sealed, Secret hash, PhoneSource source, Instant boundAt) {}
