package io.thirdsession.json;

/**
 * Mends JSON texts in which a client has cut a character in two: a phone that shortens "老王😀"
 * writes one half of a surrogate pair as {@code \}{@code ud83d}, which is in no valid text.
 */
final class HalfCharacters {
  private static final int ESCAPE_LENGTH = 6;
  private static final int NONE = -1;

  private HalfCharacters() {}

  /** Returns the JSON text with U+FFFD in place of every escape that is half a character. */
  static String replaced(String json) {
    StringBuilder mended = new StringBuilder(json.length());
    int at = 0;
    while (at < json.length()) {
      int length = lengthAt(json, at);
      int unit = unit(json, at);
      boolean half = length == ESCAPE_LENGTH && unit != NONE && Character.isSurrogate((char) unit);
      if (half) {
        mended.append('\uFFFD');
      } else {
        mended.append(json, at, at + length);
      }
      at += length;
    }
    return mended.toString();
  }

  /** Returns how long the character, the escape or the pair of escapes here is. */
  private static int lengthAt(String json, int at) {
    if (json.charAt(at) != '\\' || at + 1 == json.length()) {
      return 1;
    }
    int first = unit(json, at);
    if (first == NONE) {
      return 2;
    }
    int second = unit(json, at + ESCAPE_LENGTH);
    boolean pair = second != NONE && Character.isSurrogatePair((char) first, (char) second);
    return pair ? 2 * ESCAPE_LENGTH : ESCAPE_LENGTH;
  }

  /** Returns the unit of UTF-16 that the escape here stands for, or NONE. */
  private static int unit(String json, int at) {
    if (at + ESCAPE_LENGTH > json.length()
        || json.charAt(at) != '\\'
        || json.charAt(at + 1) != 'u') {
      return NONE;
    }
    int unit = 0;
    for (int i = at + 2; i < at + ESCAPE_LENGTH; i++) {
      int digit = Character.digit(json.charAt(i), 16);
      if (digit < 0 || json.charAt(i) > 'f') {
        return NONE;
      }
      unit = unit << 4 | digit;
    }
    return unit;
  }
}
