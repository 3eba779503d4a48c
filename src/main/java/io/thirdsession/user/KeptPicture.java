package io.thirdsession.user;

import java.time.Instant;

/**
 * The picture that is kept of a user.
 *
 * @param base64 a JPEG of at most 320 by 320 pixels
 * @param createdAt when it was uploaded
 */
public record KeptPicture(String base64, Instant createdAt) {}
