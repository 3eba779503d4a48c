package io.thirdsession.http;

import io.thirdsession.metrics.Metrics;
import io.thirdsession.metrics.Timing;
import io.thirdsession.metrics.Timings;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * How long requests took, by method, route and status. What a client sends never becomes a label:
 * whatever is no route, method or status of ours is {@code other}. Adding takes no lock and
 * allocates nothing once a combination was seen. Thread-safe.
 */
public final class RequestTimes {
  private static final List<String> METHODS =
      List.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH");

  private static final int OTHER_METHOD = METHODS.size();
  private static final int STATUSES = 600;
  private static final String BELOW = "/*";

  private final Timings times;
  private final Map<String, Route> exact = new ConcurrentHashMap<>();
  private final Map<String, Route> below = new ConcurrentHashMap<>();
  private final Route other = new Route(Metrics.OTHER);

  public RequestTimes(Metrics metrics) {
    this.times =
        metrics.timings(
            "http_server_requests_seconds",
            "from the arrival of a request to the end of its response",
            "method",
            "uri",
            "status",
            "outcome");
  }

  /** Gives this route a label of its own: a path, or one that ends in {@code /*}. */
  public void label(String route) {
    if (route.endsWith(BELOW)) {
      below.put(route.substring(0, route.length() - BELOW.length()), new Route(route));
    } else {
      exact.put(route, new Route(route));
    }
  }

  /** Adds a request whose response is written. */
  void add(HttpServletRequest request, int status) {
    long nanos = System.nanoTime() - RequestFacts.of(request).startedNanos();
    String path = request.getServletPath();
    boolean isBelow = below.containsKey(path) && request.getPathInfo() != null;
    add(request.getMethod(), path, isBelow, status, nanos);
  }

  /**
   * Adds a request.
   *
   * @param isBelow whether it is of the route that begins with this path and goes on
   */
  void add(String method, String path, boolean isBelow, int status, long nanos) {
    @Nullable Route route = (isBelow ? below : exact).get(path);
    int row = METHODS.indexOf(method);
    (route == null ? other : route)
        .cell(times, row < 0 ? OTHER_METHOD : row, status < STATUSES ? status : 0)
        .add(nanos);
  }

  private static String outcome(int status) {
    return switch (status / 100) {
      case 1 -> "INFORMATIONAL";
      case 2 -> "SUCCESS";
      case 3 -> "REDIRECTION";
      case 4 -> "CLIENT_ERROR";
      case 5 -> "SERVER_ERROR";
      default -> "UNKNOWN";
    };
  }

  /** A route with a row for each method and a cell for each status, made when first needed. */
  private static final class Route {
    private final String label;
    private final AtomicReferenceArray<@Nullable AtomicReferenceArray<@Nullable Timing>> rows =
        new AtomicReferenceArray<>(OTHER_METHOD + 1);

    Route(String label) {
      this.label = label;
    }

    Timing cell(Timings times, int row, int status) {
      AtomicReferenceArray<@Nullable Timing> cells = row(row);
      @Nullable Timing known = cells.get(status);
      if (known != null) {
        return known;
      }
      Timing made =
          times.of(
              row == OTHER_METHOD ? Metrics.OTHER : METHODS.get(row),
              label,
              status == 0 ? Metrics.OTHER : Integer.toString(status),
              outcome(status));
      cells.set(status, made); // the same one, whoever was quicker
      return made;
    }

    private AtomicReferenceArray<@Nullable Timing> row(int row) {
      @Nullable AtomicReferenceArray<@Nullable Timing> known = rows.get(row);
      if (known != null) {
        return known;
      }
      AtomicReferenceArray<@Nullable Timing> made = new AtomicReferenceArray<>(STATUSES);
      @Nullable AtomicReferenceArray<@Nullable Timing> quicker =
          rows.compareAndExchange(row, null, made);
      return quicker == null ? made : quicker;
    }
  }
}
