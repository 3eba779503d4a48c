package io.thirdsession.simulator;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** HTTP/1.1 as bytes: as much of RFC 9112 as HTTP clients use towards an API. */
final class HttpWire {
  private static final int MAX_HEAD = 64 * 1024;
  private static final int MAX_BODY = 1024 * 1024;

  private HttpWire() {}

  /**
   * Reads the next request; empty if the caller has closed the connection.
   *
   * @param in supports {@code mark}
   */
  static Optional<SimulatorRequest> read(InputStream in, OutputStream out) throws IOException {
    in.mark(1);
    if (in.read() < 0) {
      return Optional.empty();
    }
    in.reset();
    String[] parts = readLine(in).split(" ");
    if (parts.length != 3 || !parts[2].startsWith("HTTP/1.")) {
      throw new ProtocolException("not an HTTP/1 request line");
    }
    Map<String, String> headers = readHeaders(in);
    // HTTP/1.0 clients close unless they ask otherwise; from here on that is said in one way.
    if (parts[2].equals("HTTP/1.0")) {
      headers.putIfAbsent("connection", "close");
    }
    if (headers.getOrDefault("expect", "").equalsIgnoreCase("100-continue")) {
      out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }
    byte[] body = readBody(in, headers);
    String[] target = parts[1].split("\\?", 2);
    String query = target.length == 2 ? target[1] : "";
    return Optional.of(new SimulatorRequest(parts[0], target[0], query, headers, body));
  }

  /** Returns the status line and headers of this answer. */
  static byte[] head(SimulatorResponse response, boolean keepOpen) {
    StringBuilder head = new StringBuilder();
    head.append("HTTP/1.1 ").append(response.status()).append(" \r\n");
    head.append("Content-Type: ").append(response.contentType()).append("\r\n");
    head.append("Content-Length: ").append(response.body().length).append("\r\n");
    response.headers().forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    head.append("Connection: ").append(keepOpen ? "keep-alive" : "close").append("\r\n\r\n");
    return head.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  static boolean keepsOpen(SimulatorRequest request) {
    String connection = request.headers().getOrDefault("connection", "");
    return !connection.toLowerCase(Locale.ROOT).contains("close");
  }

  private static Map<String, String> readHeaders(InputStream in) throws IOException {
    Map<String, String> headers = new HashMap<>();
    int size = 0;
    for (String line = readLine(in); !line.isEmpty(); line = readLine(in)) {
      size += line.length();
      int colon = line.indexOf(':');
      if (colon < 1 || size > MAX_HEAD) {
        throw new ProtocolException("bad or too many headers");
      }
      String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      headers.put(name, line.substring(colon + 1).strip());
    }
    return headers;
  }

  private static byte[] readBody(InputStream in, Map<String, String> headers) throws IOException {
    if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
      return readChunks(in);
    }
    return readExactly(in, length(headers.getOrDefault("content-length", "0"), 10));
  }

  private static byte[] readChunks(InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int size = chunkSize(in); size > 0; size = chunkSize(in)) {
      body.write(readExactly(in, size));
      readLine(in);
      length(Integer.toString(body.size()), 10);
    }
    readHeaders(in); // trailers
    return body.toByteArray();
  }

  private static int chunkSize(InputStream in) throws IOException {
    return length(readLine(in).split(";")[0].strip(), 16);
  }

  private static int length(String text, int radix) throws ProtocolException {
    try {
      int length = Integer.parseInt(text, radix);
      if (length >= 0 && length <= MAX_BODY) {
        return length;
      }
    } catch (NumberFormatException ignored) {
      // Refused below, like a length that is out of range.
    }
    throw new ProtocolException("bad length of a body");
  }

  private static byte[] readExactly(InputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the body ends early");
    }
    return bytes;
  }

  private static String readLine(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("the head ends early");
      }
      if (line.size() == MAX_HEAD) {
        throw new ProtocolException("a line is too long");
      }
      line.write(next);
    }
    String text = line.toString(StandardCharsets.ISO_8859_1);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }
}
