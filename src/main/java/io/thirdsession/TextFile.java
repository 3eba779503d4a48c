package io.thirdsession;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A text file that people write, on Windows too: UTF-8, with or without a byte order mark. */
public final class TextFile {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private TextFile() {}

  /**
   * Returns the text in this file, without a byte order mark.
   *
   * @throws NotUtf8 if it has another encoding
   */
  public static String read(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    if (isUtf16(bytes)) {
      throw new NotUtf8("must be UTF-8, not UTF-16");
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    } catch (CharacterCodingException ignored) { // it would say where, in a secret
      throw new NotUtf8("must be UTF-8");
    }
  }

  /** Windows PowerShell begins its files with a mark; others that have none have zeros. */
  private static boolean isUtf16(byte[] bytes) {
    if (bytes.length > 1) {
      int mark = ((bytes[0] & 0xFF) << 8) | (bytes[1] & 0xFF);
      if (mark == 0xFFFE || mark == 0xFEFF) {
        return true;
      }
    }
    for (byte b : bytes) {
      if (b == 0) {
        return true;
      }
    }
    return false;
  }

  /** The file has another encoding; the message says what it must have. */
  public static final class NotUtf8 extends IOException {
    private NotUtf8(String message) {
      super(message);
    }
  }
}
