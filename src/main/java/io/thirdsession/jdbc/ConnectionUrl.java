package io.thirdsession.jdbc;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Adds the driver options that we need to the JDBC URL. An option that the operator's URL already
 * sets is left unchanged, except that our session variables are added to theirs.
 */
final class ConnectionUrl {
  /** How long a statement waits for a row that another transaction has locked, in seconds. */
  private static final String LOCK_WAIT = "innodb_lock_wait_timeout";

  private static final Pattern SESSION_VARIABLES =
      Pattern.compile("(?i)[?&]sessionVariables=[^&]*");

  private static final Pattern PLAIN = Pattern.compile("(jdbc:mysql://)([^/?]*)(.*)");

  private static final Pattern SOCKET_TIMEOUT =
      Pattern.compile("(?i)(?<=[?&]socketTimeout=)\\d{1,9}(?=&|$)");

  private static final Pattern CONNECT_TIMEOUT =
      Pattern.compile("(?i)(?<=[?&]connectTimeout=)\\d{1,9}(?=&|$)");

  private ConnectionUrl() {}

  /**
   * Returns a URL for each host that a URL of the form {@code jdbc:mysql://h1:3306,h2:3306/db}
   * lists. Any other URL, such as {@code jdbc:mysql:loadbalance:}, is the driver's and returned as
   * it is.
   */
  static List<String> perHost(String url) {
    Matcher plain = PLAIN.matcher(url);
    if (!plain.matches()) {
      return List.of(url);
    }
    return hosts(plain.group(2)).stream()
        .map(host -> plain.group(1) + host + plain.group(3))
        .toList();
  }

  /** Splits at commas, but not at those in the parentheses of {@code (host=h1,port=3306)}. */
  private static List<String> hosts(String list) {
    List<String> hosts = new ArrayList<>();
    int depth = 0;
    int begin = 0;
    for (int i = 0; i <= list.length(); i++) {
      char c = i < list.length() ? list.charAt(i) : ',';
      if (c == '(' || c == '[') {
        depth++;
      } else if (c == ')' || c == ']') {
        depth--;
      } else if (c == ',' && (depth == 0 || i == list.length())) {
        hosts.add(list.substring(begin, i).strip());
        begin = i + 1;
      }
    }
    return hosts;
  }

  /**
   * Returns the URL of the pools with the time that connecting may take as the time that each step
   * of the handshake may take. A URL that the driver balances itself is left as it is.
   */
  static String opening(String pooled) {
    Matcher connecting = CONNECT_TIMEOUT.matcher(pooled);
    return connecting.find() && PLAIN.matcher(pooled).matches()
        ? SOCKET_TIMEOUT.matcher(pooled).replaceAll(connecting.group())
        : pooled;
  }

  /** Returns the time that a statement may take, unless the driver sees to that. */
  static OptionalInt socketTimeoutMillis(String pooled) {
    Matcher timeout = SOCKET_TIMEOUT.matcher(pooled);
    return timeout.find() && PLAIN.matcher(pooled).matches()
        ? OptionalInt.of(Integer.parseInt(timeout.group()))
        : OptionalInt.empty();
  }

  /** Returns the URL for the pools: no call on a connection blocks for longer than 3 s. */
  static String pooled(String url) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("connectTimeout", "1000");
    options.put("socketTimeout", "3000"); // the driver's default waits forever
    options.put("socketFactory", ImpatientSocketFactory.class.getName()); // and no longer with TLS
    options.put("tcpKeepAlive", "true");
    options.put("useLocalSessionState", "true"); // saves needless SET autocommit
    options.put("useServerPrepStmts", "true");
    options.put("cachePrepStmts", "true");
    options.put("prepStmtCacheSize", "100");
    options.put("prepStmtCacheSqlLimit", "4096");
    options.put("cacheServerConfiguration", "true");
    return with(withSessionVariable(url), options);
  }

  /** Returns the URL for migrations: a statement there may take as long as it needs. */
  static String migrations(String url) {
    return with(url, Map.of("connectTimeout", "1000", "tcpKeepAlive", "true"));
  }

  /** Matches option names in any case, as the driver does. */
  private static String withSessionVariable(String url) {
    Matcher theirs = SESSION_VARIABLES.matcher(url);
    if (!theirs.find()) {
      return with(url, Map.of("sessionVariables", LOCK_WAIT + "=1"));
    }
    return theirs.group().contains(LOCK_WAIT)
        ? url
        : url.substring(0, theirs.end()) + "," + LOCK_WAIT + "=1" + url.substring(theirs.end());
  }

  private static String with(String url, Map<String, String> options) {
    StringBuilder result = new StringBuilder(url);
    options.forEach(
        (name, value) -> {
          if (!names(url, name)) {
            result.append(result.indexOf("?") < 0 ? '?' : '&');
            result.append(name).append('=').append(value);
          }
        });
    return result.toString();
  }

  private static boolean names(String url, String option) {
    String lower = url.toLowerCase(Locale.ROOT);
    String name = option.toLowerCase(Locale.ROOT) + "=";
    return lower.contains("?" + name) || lower.contains("&" + name);
  }
}
