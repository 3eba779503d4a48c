package io.thirdsession.phonebook;

import io.thirdsession.Secret;
import java.time.Instant;

/**
 * A phone number as stored in the database.
 *
 * @param sealed the number, sealed for its user
 * @param hash {@code length of key id ‖ key id ‖ keyed hash of the number (32)}: the same for all
 *     holders of the number under the same master key
 * @param source how it was proven
 * @param boundAt when it was proven
 */
public record SealedPhone(Secret sealed, Secret hash, PhoneSource source, Instant boundAt) {}
