package io.thirdsession.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Finds the files in a {@code multipart/form-data} body (RFC 7578) whose bytes are all there. The
 * containers' own parsers count parts and headers, each in its own way, and read from the
 * connection.
 */
final class MultipartBody {
  private static final int MAX_BOUNDARY_LENGTH = 70;
  private static final int MAX_HEADERS_LENGTH = 8_192;
  private static final byte[] BLANK_LINE = {'\r', '\n', '\r', '\n'};
  private static final byte[] LINE_END = {'\r', '\n'};
  private static final byte[] LAST = {'-', '-'};
  private static final String DISPOSITION = "content-disposition:";

  private final byte[] body;

  /** What stands between parts; that it begins with the end of a line makes the search linear. */
  private final byte[] delimiter;

  private MultipartBody(byte[] body, byte[] delimiter) {
    this.body = body;
    this.delimiter = delimiter;
  }

  /**
   * Returns the contents of the parts that have a file's name; the others are read past.
   *
   * @throws ApiException if the body does not consist of parts with this boundary
   */
  static List<byte[]> files(byte[] body, String boundary) {
    if (boundary.isEmpty() || boundary.length() > MAX_BOUNDARY_LENGTH) {
      throw broken("its boundary must have 1 to " + MAX_BOUNDARY_LENGTH + " characters");
    }
    byte[] delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
    return new MultipartBody(body, delimiter).files();
  }

  private List<byte[]> files() {
    List<byte[]> files = new ArrayList<>();
    int at = behindFirstDelimiter();
    while (!startsWith(LAST, at)) {
      int headers = behindLineEnd(at);
      // without headers the blank line begins with the end of the line before
      int headersEnd = indexOf(BLANK_LINE, headers - 2, headers + MAX_HEADERS_LENGTH);
      int content = headersEnd + BLANK_LINE.length;
      int end = indexOf(delimiter, content - 2, body.length);
      if (headersEnd > headers && isFile(headers, headersEnd)) {
        files.add(Arrays.copyOfRange(body, content, Math.max(content, end)));
      }
      at = end + delimiter.length;
    }
    return files;
  }

  /** Nothing need stand before it, not even the end of a line. */
  private int behindFirstDelimiter() {
    byte[] dashes = Arrays.copyOfRange(delimiter, LINE_END.length, delimiter.length);
    return startsWith(dashes, 0)
        ? dashes.length
        : indexOf(delimiter, 0, body.length) + delimiter.length;
  }

  private int behindLineEnd(int start) {
    int at = start;
    while (at < body.length && (body[at] == ' ' || body[at] == '\t')) {
      at++;
    }
    if (!startsWith(LINE_END, at)) {
      throw broken("a boundary must end its line");
    }
    return at + LINE_END.length;
  }

  private boolean isFile(int from, int to) {
    String headers = new String(body, from, to - from, StandardCharsets.UTF_8);
    return headers
        .lines()
        .filter(line -> line.regionMatches(true, 0, DISPOSITION, 0, DISPOSITION.length()))
        .map(line -> HeaderValue.parse(line.substring(DISPOSITION.length())))
        .flatMap(Optional::stream)
        .anyMatch(MultipartBody::namesAFile);
  }

  private static boolean namesAFile(HeaderValue disposition) {
    return disposition.value().equalsIgnoreCase("form-data")
        && (disposition.parameters().containsKey("filename")
            || disposition.parameters().containsKey("filename*"));
  }

  private boolean startsWith(byte[] wanted, int at) {
    return at + wanted.length <= body.length
        && Arrays.equals(body, at, at + wanted.length, wanted, 0, wanted.length);
  }

  private int indexOf(byte[] wanted, int from, int to) {
    int last = Math.min(to, body.length) - wanted.length;
    for (int at = from; at <= last; at++) {
      if (body[at] == wanted[0] && startsWith(wanted, at)) {
        return at;
      }
    }
    throw broken("it breaks off within a part");
  }

  private static ApiException broken(String diagnosis) {
    return ApiException.invalid("file", "cannot be read from the body: " + diagnosis)
        .saying("上传的内容不完整，请重新上传", "The upload is incomplete: upload the file again");
  }
}
