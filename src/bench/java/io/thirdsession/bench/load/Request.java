package io.thirdsession.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;

/**
 * A request as it goes over the wire.
 *
 * @param bytes the whole of it
 * @param user the number of the user that sends it; -1 where that does not matter
 */
public record Request(ByteBuffer bytes, int user) {
  /** Returns a GET of this path with these header lines, each ended by CR and LF. */
  public static Request get(String path, String headers) {
    return of("GET " + path + " HTTP/1.1\r\nHost: bench\r\n" + headers + "\r\n", -1);
  }

  /** Returns a POST of this JSON, sent by this user. */
  public static Request post(String path, String headers, String json, int user) {
    return of(
        "POST "
            + path
            + " HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: "
            + json.length()
            + "\r\n"
            + headers
            + "\r\n"
            + json,
        user);
  }

  private static Request of(String text, int user) {
    return new Request(ByteBuffer.wrap(text.getBytes(US_ASCII)).asReadOnlyBuffer(), user);
  }
}
