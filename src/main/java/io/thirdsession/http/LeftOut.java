package io.thirdsession.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The optional data of a login that does not fit. It never refuses the login: it is left out, and
 * the log counts it. Not thread-safe.
 */
public final class LeftOut {
  /** Stands for every name that a client chose, which could be anything. */
  public static final String UNKNOWN = "?";

  private static final Logger log = LoggerFactory.getLogger(LeftOut.class);

  private final SortedMap<String, Integer> counts = new TreeMap<>();

  /** Counts a value that is left out, under a name of ours. */
  public void add(String field) {
    counts.merge(field, 1, Integer::sum);
  }

  /** Writes one line if anything was left out of this request. */
  public void log(HttpServletRequest request) {
    if (!counts.isEmpty()) {
      log.info(
          "optional data left out count={} fields={} servlet={} request={}",
          counts.values().stream().mapToInt(Integer::intValue).sum(),
          counts.keySet(),
          request.getServletPath(),
          RequestFacts.of(request).loggedId());
    }
  }
}
