package io.thirdsession.limit;

import java.time.Duration;

/**
 * So many at once, and as many again over this time.
 *
 * @param count at least 1
 * @param period at least a second
 */
public record Rate(int count, Duration period) {}
