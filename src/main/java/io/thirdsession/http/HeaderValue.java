package io.thirdsession.http;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The value of a header with its parameters, as in {@code text/html; charset="utf-8"} (RFC 9110
 * §5.6.6). Read by hand in one pass: strangers send these.
 *
 * @param value before the first semicolon
 * @param parameters by their names in lower case
 */
record HeaderValue(String value, Map<String, String> parameters) {
  private static final int MAX_LENGTH = 4_096;

  /** Returns the parts of this text; empty if it is too long, or is not of this form. */
  static Optional<HeaderValue> parse(String text) {
    if (text.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    Reader reader = new Reader(text);
    String value = reader.until(";");
    Map<String, String> parameters = new HashMap<>();
    while (reader.skip(';')) {
      String name = reader.until("=;").toLowerCase(Locale.ROOT);
      Optional<String> parameter = reader.skip('=') ? reader.parameter() : Optional.of("");
      if (parameter.isEmpty()) {
        return Optional.empty();
      }
      if (!name.isEmpty() && parameters.put(name, parameter.get()) != null) {
        return Optional.empty(); // who reads the first and who reads the last would differ
      }
    }
    return Optional.of(new HeaderValue(value, Map.copyOf(parameters)));
  }

  private static final class Reader {
    private final String text;
    private int at;

    Reader(String text) {
      this.text = text;
    }

    /** Returns what stands before the next of these characters, without blanks around it. */
    String until(String ends) {
      int start = at;
      while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
        at++;
      }
      return text.substring(start, at).strip();
    }

    /** Returns whether this character is next, and is behind us now. */
    boolean skip(char wanted) {
      boolean there = at < text.length() && text.charAt(at) == wanted;
      at += there ? 1 : 0;
      return there;
    }

    /** Returns the value of a parameter; empty if it is quoted and something else follows it. */
    Optional<String> parameter() {
      skipBlanks();
      if (!skip('"')) {
        return Optional.of(until(";"));
      }
      StringBuilder quoted = new StringBuilder();
      while (at < text.length() && text.charAt(at) != '"') {
        if (text.charAt(at) == '\\' && at + 1 < text.length()) {
          at++;
        }
        quoted.append(text.charAt(at));
        at++;
      }
      boolean closed = skip('"');
      return closed && until(";").isEmpty() ? Optional.of(quoted.toString()) : Optional.empty();
    }

    private void skipBlanks() {
      while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
        at++;
      }
    }
  }
}
