package io.thirdsession.limit;

import java.time.Duration;

/**
 * A bucket of {@code count} tokens, refilled evenly over {@code period}.
 *
 * @param count at least 1
 * @param period at least a second
 */
public record Rate(int count, Duration period) {}
