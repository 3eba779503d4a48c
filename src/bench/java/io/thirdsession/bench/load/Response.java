package io.thirdsession.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Reads responses from a buffer. Knows as much of HTTP as the servers say: a Content-Length, chunks
 * of JSON, or no body. Mutable, reused for every response of a connection.
 */
public final class Response {
  private static final byte[] LENGTH = "\r\ncontent-length:".getBytes(US_ASCII);
  private static final byte[] CHUNKED = "\r\ntransfer-encoding:".getBytes(US_ASCII);
  private static final byte[] CLOSE = "\r\nconnection: close".getBytes(US_ASCII);
  private static final byte[] END = "\r\n\r\n".getBytes(US_ASCII);
  private static final byte[] LAST_CHUNK = "\r\n0\r\n\r\n".getBytes(US_ASCII);
  private static final int STATUS_AT = 9; // behind "HTTP/1.1 "

  private final byte[] bytes = new byte[64 * 1024];
  private final ByteBuffer buffer = ByteBuffer.wrap(bytes);
  private int total = -1; // not known yet
  private boolean chunked;

  ByteBuffer buffer() {
    return buffer;
  }

  /** Returns whether the whole response is there. */
  boolean isWhole() {
    if (chunked) {
      return endsWithLastChunk();
    }
    if (total < 0) {
      int end = indexOf(END);
      if (end < 0) {
        return false;
      }
      if (find(CHUNKED, end) >= 0) {
        chunked = true;
        return endsWithLastChunk();
      }
      total = end + END.length + length(end);
    }
    return buffer.position() >= total;
  }

  /** JSON has no line ends in it that could be taken for a chunk's. */
  private boolean endsWithLastChunk() {
    int from = buffer.position() - LAST_CHUNK.length;
    return from >= 0
        && Arrays.equals(bytes, from, buffer.position(), LAST_CHUNK, 0, LAST_CHUNK.length);
  }

  private int length(int end) {
    int at = find(LENGTH, end);
    if (at < 0) {
      return 0;
    }
    int length = 0;
    for (int i = at + LENGTH.length; bytes[i] != '\r'; i++) {
      if (bytes[i] != ' ') {
        length = length * 10 + bytes[i] - '0';
      }
    }
    return length;
  }

  /** Returns the status, of three digits. */
  public int status() {
    return (bytes[STATUS_AT] - '0') * 100
        + (bytes[STATUS_AT + 1] - '0') * 10
        + bytes[STATUS_AT + 2]
        - '0';
  }

  /** Returns whether the server closes the connection, as Tomcat does after a 503 for instance. */
  boolean closes() {
    return status() >= 400 && indexOf(CLOSE) >= 0;
  }

  /** Returns where these bytes begin; -1 if they are not there. */
  public int indexOf(byte[] wanted) {
    return find(wanted, buffer.position() - wanted.length);
  }

  /** Returns the text from here on. */
  public String text(int from, int length) {
    return new String(bytes, from, length, US_ASCII);
  }

  /** Returns all of it, for a message. */
  public String text() {
    return text(0, buffer.position());
  }

  void clear() {
    buffer.clear();
    total = -1;
    chunked = false;
  }

  /** Upper case in the response counts as lower case, which is how header names are compared. */
  private int find(byte[] wanted, int last) {
    for (int i = 0; i <= last; i++) {
      int j = 0;
      while (j < wanted.length && lower(bytes[i + j], wanted[j]) == wanted[j]) {
        j++;
      }
      if (j == wanted.length) {
        return i;
      }
    }
    return -1;
  }

  private static int lower(byte there, byte wanted) {
    return there >= 'A' && there <= 'Z' && wanted >= 'a' && wanted <= 'z' ? there + 32 : there;
  }
}
