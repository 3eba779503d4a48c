package io.thirdsession.http;

import java.time.Duration;

/**
 * How much of a body is taken.
 *
 * @param maxKept the most bytes that anybody reads; of a longer body none is kept
 * @param maxTaken the most bytes of a body that is too long, which are read past so that the client
 *     is told so and does not see a broken connection
 * @param deadline for the whole body
 */
record BodyLimits(int maxKept, long maxTaken, Duration deadline) {
  static final BodyLimits USUAL =
      new BodyLimits(
          RequestBody.MAX_LENGTH, 1_048_576 + RequestBody.MAX_LENGTH, Duration.ofSeconds(5));

  /** Returns those of requests with longer bodies. */
  static BodyLimits longer(int maxLength) {
    return new BodyLimits(maxLength, 1_048_576 + maxLength, USUAL.deadline());
  }

  /** Phones send whole photos, over slow networks. */
  static BodyLimits upload(int maxFileLength) {
    return new BodyLimits(
        maxFileLength + RequestBody.MAX_LENGTH, 16 * 1_048_576, Duration.ofSeconds(30));
  }
}
