package io.thirdsession.profile;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import net.coobird.thumbnailator.util.exif.Orientation;

/**
 * Reads how the camera was held from the Exif segment of a JPEG (Exif 2.3 §4.6.4, tag 0x0112). The
 * segment may be anywhere before the first scan. A malformed one is ignored, since the picture
 * itself is still good.
 */
final class ExifOrientation {
  private static final int TAG = 0x0112;
  private static final int SHORT = 3;
  private static final int ENTRY_LENGTH = 12;
  private static final int MAX_ENTRIES = 512;
  private static final int TIFF_HEADER_LENGTH = 8;
  private static final int MARKER_LENGTH = 4;
  private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);

  private ExifOrientation() {}

  /** Returns how to turn the picture; empty if it has no orientation, or none that can be read. */
  static Optional<Orientation> of(byte[] jpeg) {
    return inJpeg(jpeg).flatMap(ExifOrientation::read);
  }

  private static Optional<ByteBuffer> inJpeg(byte[] file) {
    OptionalInt segment = JpegSegments.find(file, JpegSegments.APP1, EXIF);
    if (segment.isEmpty()) {
      return Optional.empty();
    }
    int at = segment.getAsInt();
    int begin = at + MARKER_LENGTH + EXIF.length;
    return slice(file, begin, at + 2 + JpegSegments.length(file, at) - begin);
  }

  private static Optional<ByteBuffer> slice(byte[] file, int begin, long length) {
    return length < TIFF_HEADER_LENGTH || begin + length > file.length
        ? Optional.empty()
        : Optional.of(ByteBuffer.wrap(file, begin, (int) length).slice());
  }

  /** Reads the orientation from the first directory after a TIFF header (TIFF 6.0 §2). */
  private static Optional<Orientation> read(ByteBuffer tiff) {
    char order = (char) tiff.get(0);
    tiff.order(order == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    long directory = Integer.toUnsignedLong(tiff.getInt(4));
    if (directory + 2 > tiff.limit()) {
      return Optional.empty();
    }
    int count = Math.min(MAX_ENTRIES, Short.toUnsignedInt(tiff.getShort((int) directory)));
    for (int i = 0; i < count; i++) {
      long entry = directory + 2 + (long) i * ENTRY_LENGTH;
      if (entry + ENTRY_LENGTH > tiff.limit()) {
        return Optional.empty();
      }
      if (Short.toUnsignedInt(tiff.getShort((int) entry)) == TAG
          && tiff.getShort((int) entry + 2) == SHORT) {
        return known(Short.toUnsignedInt(tiff.getShort((int) entry + 8)));
      }
    }
    return Optional.empty();
  }

  private static Optional<Orientation> known(int value) {
    return value >= 1 && value <= 8
        ? Optional.ofNullable(Orientation.typeOf(value))
        : Optional.empty();
  }
}
