package io.thirdsession.keys;

import io.thirdsession.Secret;

/**
 * An HMAC-SHA-256.
 *
 * @param keyId the id of the master key that it was made under
 * @param value 32 bytes
 */
public record Mac(String keyId, Secret value) {}
