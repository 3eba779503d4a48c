package io.thirdsession.wechat;

import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Base64 as clients send it on from WeChat. What careless ones do to it on its way is undone where
 * only one meaning is left: blanks for {@code +}, percent-encoding, the URL-safe alphabet, missing
 * padding, ends of lines, and the quotes of {@code JSON.stringify}. Anything else is refused: a
 * wrong guess would count as a failure of the user's session_key. Not for tokens, which have one
 * form.
 */
final class ClientBase64 {
  private static final int MAX_ENCODINGS = 2;
  private static final int QUANTUM = 4;

  private ClientBase64() {}

  /** Returns the bytes; empty if the text is not base64, or may mean several things. */
  static Optional<byte[]> decode(String text) {
    String sent = text;
    for (int i = 0; i < MAX_ENCODINGS && sent.indexOf('%') >= 0; i++) {
      sent = percentDecoded(sent);
    }
    return plusses(unquoted(withoutLineEnds(sent)))
        .map(standard -> standard.replace('-', '+').replace('_', '/'))
        .flatMap(ClientBase64::padded)
        .flatMap(ClientBase64::canonical);
  }

  private static String percentDecoded(String text) {
    StringBuilder decoded = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%' && i + 2 < text.length()) {
        char high = text.charAt(i + 1);
        char low = text.charAt(i + 2);
        if (HexFormat.isHexDigit(high) && HexFormat.isHexDigit(low)) {
          c = (char) (HexFormat.fromHexDigit(high) << 4 | HexFormat.fromHexDigit(low));
          i += 2;
        }
      }
      decoded.append(c);
    }
    return decoded.toString();
  }

  private static String withoutLineEnds(String text) {
    return text.replace("\r", "").replace("\n", "").replace("\t", "");
  }

  private static String unquoted(String text) {
    return text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"")
        ? text.substring(1, text.length() - 1)
        : text;
  }

  /**
   * Puts {@code +} where it became a blank. Blanks at the ends may also be white space: behind
   * padding and in the URL-safe alphabet they are, elsewhere the length tells, if it does.
   */
  private static Optional<String> plusses(String text) {
    int begin = 0;
    int end = text.length();
    while (end > begin && text.charAt(end - 1) == ' ') {
      end--;
    }
    while (begin < end && text.charAt(begin) == ' ') {
      begin++;
    }
    String inner = text.substring(begin, end);
    if (inner.indexOf('-') >= 0 || inner.indexOf('_') >= 0) {
      return Optional.of(inner).filter(its -> its.indexOf(' ') < 0);
    }
    String outer = text.substring(0, inner.endsWith("=") ? end : text.length());
    if (outer.length() == inner.length()) {
      return Optional.of(inner.replace(' ', '+'));
    }
    boolean ofPlusses = outer.length() % QUANTUM == 0;
    boolean ofWhiteSpace = inner.length() % QUANTUM == 0;
    return Optional.of((ofPlusses ? outer : inner).replace(' ', '+'))
        .filter(its -> ofPlusses != ofWhiteSpace);
  }

  private static Optional<String> padded(String text) {
    int length = text.length();
    while (length > 0 && text.charAt(length - 1) == '=') {
      length--;
    }
    int missing = (QUANTUM - length % QUANTUM) % QUANTUM;
    return Optional.of(text.substring(0, length) + "=".repeat(missing))
        .filter(its -> missing < QUANTUM - 1 && text.length() <= its.length());
  }

  /** Refuses bits that no encoder leaves behind: the text was cut off or changed. */
  private static Optional<byte[]> canonical(String text) {
    try {
      return Optional.of(Base64.getDecoder().decode(text))
          .filter(bytes -> Base64.getEncoder().encodeToString(bytes).equals(text));
    } catch (IllegalArgumentException ignored) { // its message would quote the data
      return Optional.empty();
    }
  }
}
