package io.thirdsession;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * UUIDs of version 7 (RFC 9562 §5.7): 48 bits of milliseconds since 1970, then 74 random bits. Rows
 * keyed by them are inserted at the right edge of an index, and the oldest are at its left.
 */
public final class Uuid7 {
  /** Bytes in a UUID. */
  public static final int LENGTH = 16;

  /** A regular expression for a UUID as responses contain it: 36 characters, lower case. */
  public static final String TEXT = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";

  private static final long VERSION = 0x7000L;
  private static final long VARIANT = 0x8000_0000_0000_0000L;
  private static final long MAX_MILLIS = 0xFFFF_FFFF_FFFFL;

  private Uuid7() {}

  /**
   * Returns a new id whose time is {@code now}, truncated to the millisecond.
   *
   * @throws IllegalArgumentException if {@code now} is before 1970 or after the year 10889
   */
  public static UUID next(Instant now, RandomGenerator random) {
    long high = millisBits(now) | VERSION | (random.nextLong() & 0xFFFL);
    long low = VARIANT | (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL);
    return new UUID(high, low);
  }

  /**
   * Returns the smallest id with this time: every id made before this time is smaller, and no id
   * made at or after it is.
   *
   * @throws IllegalArgumentException as {@link #next}
   */
  public static UUID least(Instant time) {
    return new UUID(millisBits(time), 0);
  }

  /** Returns the time in the id, to the millisecond. */
  public static Instant time(UUID id) {
    return Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16);
  }

  /** Returns the 16 bytes of the id, most significant first: the order in which ids sort. */
  public static byte[] bytes(UUID id) {
    return ByteBuffer.allocate(LENGTH)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .array();
  }

  /** Returns the id with these 16 bytes, as {@link #bytes} wrote them. */
  public static UUID of(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new UUID(buffer.getLong(), buffer.getLong());
  }

  private static long millisBits(Instant time) {
    long millis = time.toEpochMilli();
    if (millis < 0 || millis > MAX_MILLIS) {
      throw new IllegalArgumentException("time does not fit into 48 bits of milliseconds");
    }
    return millis << 16;
  }
}
