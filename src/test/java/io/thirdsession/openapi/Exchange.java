package io.thirdsession.openapi;

import java.net.http.HttpHeaders;
import java.util.Map;

/**
 * A request and its response.
 *
 * @param path with its query
 * @param requestHeaders the last value of each, by lower-case names
 * @param requestBody empty if there was none
 */
public record Exchange(
    String method,
    String path,
    Map<String, String> requestHeaders,
    byte[] requestBody,
    int status,
    HttpHeaders headers,
    byte[] body) {

  String pathOnly() {
    int query = path.indexOf('?');
    return query < 0 ? path : path.substring(0, query);
  }

  String query() {
    int query = path.indexOf('?');
    return query < 0 ? "" : path.substring(query + 1);
  }

  /** Names request and status, without what may be secret. */
  @Override
  public String toString() {
    return method + " " + pathOnly() + " -> " + status;
  }
}
