package io.thirdsession.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets pages of other origins, such as a mini program's build for browsers, make the mini program's
 * calls (the CORS protocol of the Fetch standard). Without credentials: a token is sent by the page
 * itself, never by the browser. Immutable.
 */
public final class CorsOrigins {
  private static final String REQUESTED_METHOD = "Access-Control-Request-Method";

  private final Set<String> origins;
  private final Set<String> paths;

  /**
   * Makes the rule.
   *
   * @param origins exactly as browsers send them; none: nothing is said to any page
   * @param paths the servlet paths of the calls that they may make
   */
  public CorsOrigins(Set<String> origins, Set<String> paths) {
    this.origins = Set.copyOf(origins);
    this.paths = Set.copyOf(paths);
  }

  /**
   * Adds the headers that let the page read the response, and returns whether the request was a
   * question for permission alone, which is thereby answered: status 204.
   */
  boolean answersPreflight(HttpServletRequest request, HttpServletResponse response) {
    if (origins.isEmpty() || !paths.contains(request.getServletPath())) {
      return false;
    }
    response.setHeader("Vary", "Origin"); // also for others: a cache must not give them this one
    @Nullable String origin = request.getHeader("Origin");
    if (origin == null || !origins.contains(origin)) {
      return false;
    }
    response.setHeader("Access-Control-Allow-Origin", origin);
    response.setHeader("Access-Control-Expose-Headers", "Retry-After, X-Request-Id");
    if (!request.getMethod().equals("OPTIONS") || request.getHeader(REQUESTED_METHOD) == null) {
      return false;
    }
    response.setHeader("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE");
    response.setHeader("Access-Control-Allow-Headers", "Authorization, Content-Type");
    response.setHeader("Access-Control-Max-Age", "600");
    response.setStatus(HttpServletResponse.SC_NO_CONTENT);
    return true;
  }
}
