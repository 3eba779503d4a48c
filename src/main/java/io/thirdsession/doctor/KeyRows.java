package io.thirdsession.doctor;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * The rows that the last complete rotation of master keys left under old or lost ones.
 *
 * @param left how many, by the id of the key
 * @param countedAt when that rotation ended; empty before the first
 */
public record KeyRows(Map<String, Integer> left, Optional<Instant> countedAt) {}
