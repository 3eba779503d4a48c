package io.thirdsession.profile;

import java.time.Instant;

/**
 * A user's stored picture.
 *
 * @param base64 a JPEG of at most 320 by 320 pixels
 * @param createdAt when it was uploaded
 */
public record Avatar(String base64, Instant createdAt) {}
