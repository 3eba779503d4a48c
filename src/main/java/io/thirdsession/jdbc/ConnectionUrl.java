package io.thirdsession.jdbc;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The JDBC URL with the driver's options as we need them. An option that the operator's URL names
 * itself is left as it is.
 */
final class ConnectionUrl {
  private ConnectionUrl() {}

  /** Returns the URL for the pools: no call on a connection blocks for longer than 3 s. */
  static String pooled(String url) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("connectTimeout", "1000");
    options.put("socketTimeout", "3000"); // the driver's default waits for ever
    options.put("tcpKeepAlive", "true");
    options.put("useLocalSessionState", "true"); // no SET autocommit on the wire for nothing
    options.put("useServerPrepStmts", "true");
    options.put("cachePrepStmts", "true");
    options.put("prepStmtCacheSize", "100");
    options.put("prepStmtCacheSqlLimit", "4096");
    options.put("cacheServerConfiguration", "true");
    options.put("sessionVariables", "innodb_lock_wait_timeout=1");
    return with(url, options);
  }

  /** Returns the URL for migrations: a statement there may take as long as it needs. */
  static String migrations(String url) {
    return with(url, Map.of("connectTimeout", "1000", "tcpKeepAlive", "true"));
  }

  private static String with(String url, Map<String, String> options) {
    StringBuilder result = new StringBuilder(url);
    options.forEach(
        (name, value) -> {
          if (!url.contains("?" + name + "=") && !url.contains("&" + name + "=")) {
            result.append(result.indexOf("?") < 0 ? '?' : '&');
            result.append(name).append('=').append(value);
          }
        });
    return result.toString();
  }
}
