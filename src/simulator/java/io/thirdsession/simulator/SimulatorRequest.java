package io.thirdsession.simulator;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * One HTTP request, whichever server received it.
 *
 * @param method in capitals, for example GET
 * @param path as sent, without the query
 * @param rawQuery as sent, without the question mark; empty if there was none
 * @param headers names in lower case
 * @param body as sent; empty if there was none
 */
public record SimulatorRequest(
    String method, String path, String rawQuery, Map<String, String> headers, byte[] body) {

  public SimulatorRequest {
    Map<String, String> lowerCase = new TreeMap<>();
    headers.forEach((name, value) -> lowerCase.put(name.toLowerCase(Locale.ROOT), value));
    headers = Collections.unmodifiableMap(lowerCase);
    body = body.clone();
  }

  @Override
  public byte[] body() {
    return body.clone();
  }

  /** Returns the body read as UTF-8. */
  public String bodyText() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /**
   * Returns the decoded query parameters, in order. Of a name given twice the first value counts.
   */
  public Map<String, String> query() {
    return parameters(rawQuery);
  }

  /** Returns the decoded parameters of a body that is a form, as {@link #query} does. */
  Map<String, String> form() {
    return parameters(bodyText());
  }

  /** Returns the decoded value of a query parameter, or an empty text if it is missing. */
  String parameter(String name) {
    return query().getOrDefault(name, "");
  }

  private static Map<String, String> parameters(String encoded) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : encoded.split("&")) {
      int equals = pair.indexOf('=');
      String name = decode(equals < 0 ? pair : pair.substring(0, equals));
      if (!name.isEmpty()) {
        parameters.putIfAbsent(name, equals < 0 ? "" : decode(pair.substring(equals + 1)));
      }
    }
    return Collections.unmodifiableMap(parameters);
  }

  static String decode(String encoded) {
    try {
      return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      return encoded; // A lone percent sign: taken as it stands.
    }
  }

  /** Leaves out the query and the body, which hold secrets. */
  @Override
  public String toString() {
    return method + " " + path;
  }
}
