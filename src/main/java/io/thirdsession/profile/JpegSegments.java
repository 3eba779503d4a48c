package io.thirdsession.profile;

import java.util.Arrays;
import java.util.OptionalInt;

/** Reads the segments of a JPEG (ITU T.81 §B.1.1): each is a marker, a length and the content. */
final class JpegSegments {
  static final int APP1 = 0xFFE1;
  static final int START_OF_SCAN = 0xFFDA;

  private static final int START_OF_IMAGE_LENGTH = 2;
  private static final int MARKER_LENGTH = 4;
  private static final int FILL = 0xFFFF;

  private JpegSegments() {}

  /**
   * Returns the offset of the first segment that has this marker and whose content begins with
   * {@code content}; empty if there is none, or the file does not consist of segments. Nothing
   * after the start of the first scan is searched.
   */
  static OptionalInt find(byte[] jpeg, int marker, byte[] content) {
    int at = START_OF_IMAGE_LENGTH;
    while (at + MARKER_LENGTH <= jpeg.length) {
      int found = number(jpeg, at);
      if (found == FILL) {
        at++;
        continue;
      }
      int length = number(jpeg, at + 2);
      int begin = at + MARKER_LENGTH;
      boolean begins =
          begin + content.length <= jpeg.length
              && Arrays.equals(jpeg, begin, begin + content.length, content, 0, content.length);
      if (found == marker && begins) {
        return OptionalInt.of(at);
      }
      if (found < 0xFF00 || found == START_OF_SCAN || length < 2) {
        return OptionalInt.empty();
      }
      at += 2 + length;
    }
    return OptionalInt.empty();
  }

  /** Returns the length of the segment at this offset, without its marker. */
  static int length(byte[] jpeg, int at) {
    return number(jpeg, at + 2);
  }

  /**
   * Returns whether there is an end marker after the start of the first scan, whose data cannot
   * contain one.
   */
  static boolean isWhole(byte[] jpeg) {
    OptionalInt scan = find(jpeg, START_OF_SCAN, new byte[0]);
    for (int i = scan.orElse(jpeg.length); i + 1 < jpeg.length; i++) {
      if (number(jpeg, i) == 0xFFD9) {
        return true;
      }
    }
    return false;
  }

  private static int number(byte[] jpeg, int at) {
    return (jpeg[at] & 0xFF) << 8 | (jpeg[at + 1] & 0xFF);
  }
}
