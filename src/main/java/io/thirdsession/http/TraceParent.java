package io.thirdsession.http;

import java.util.List;
import java.util.Optional;

/** The header {@code traceparent} of W3C Trace Context, by which a proxy names the trace. */
final class TraceParent {
  static final String HEADER = "traceparent";

  private static final int VERSION_END = 2;
  private static final int TRACE_START = 3;
  private static final int TRACE_END = 35;
  private static final int PARENT_START = 36;
  private static final int PARENT_END = 52;
  private static final int FLAGS_START = 53;
  private static final int LENGTH = 55;

  private TraceParent() {}

  /**
   * Returns the trace's id, 32 lower-case hex digits; empty if this is not one header, or not
   * well-formed to the letter. Later versions may append fields, which are not read.
   */
  static Optional<String> traceId(List<String> headers) {
    return headers.size() == 1 && isValid(headers.get(0))
        ? Optional.of(headers.get(0).substring(TRACE_START, TRACE_END))
        : Optional.empty();
  }

  private static boolean isValid(String header) {
    return hasLengthOfVersion(header)
        && isHex(header, 0, VERSION_END)
        && !header.startsWith("ff")
        && header.charAt(VERSION_END) == '-'
        && isId(header, TRACE_START, TRACE_END)
        && header.charAt(TRACE_END) == '-'
        && isId(header, PARENT_START, PARENT_END)
        && header.charAt(PARENT_END) == '-'
        && isHex(header, FLAGS_START, LENGTH);
  }

  private static boolean hasLengthOfVersion(String header) {
    return header.length() == LENGTH
        || (header.length() > LENGTH && header.charAt(LENGTH) == '-' && !header.startsWith("00"));
  }

  /** All zeros mean that there is none. */
  private static boolean isId(String header, int start, int end) {
    return isHex(header, start, end)
        && !header.chars().skip(start).limit(end - start).allMatch(c -> c == '0');
  }

  private static boolean isHex(String header, int start, int end) {
    for (int i = start; i < end; i++) {
      char c = header.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }
}
