package io.thirdsession.http;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs before everything: request id, headers of every response, and what nobody else caught. */
public final class RequestFilter extends HttpFilter {
  /** Where proxies ask whether to let a request through: any 200 below it does. */
  private static final String GATEWAY = "/api/gateway";

  private static final Logger log = LoggerFactory.getLogger(RequestFilter.class);

  private final Responder responder;
  private final TrustedProxies proxies;
  private final BaseUrl baseUrl;
  private final RandomGenerator random;
  private final BodyCollector bodies;
  private final CorsOrigins origins;

  /** Draws request ids at random. */
  public RequestFilter(
      Responder responder,
      TrustedProxies proxies,
      BaseUrl baseUrl,
      RandomGenerator random,
      BodyCollector bodies,
      CorsOrigins origins) {
    this.responder = responder;
    this.proxies = proxies;
    this.baseUrl = baseUrl;
    this.random = random;
    this.bodies = bodies;
    this.origins = origins;
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    RequestFacts facts = RequestFacts.of(request, proxies, baseUrl, random);
    response.setHeader("X-Request-Id", facts.requestId());
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader(
        "Content-Security-Policy",
        "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    response.setHeader("Referrer-Policy", "no-referrer");
    try {
      if (!origins.answersPreflight(request, response) && bodies.collect(request, response)) {
        pass(request, response, chain);
      }
    } catch (RuntimeException | ServletException e) {
      responder.fail(request, response, e, ErrorBody.API);
    }
  }

  private static void pass(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Optional<Body> unfinished = Body.of(request).filter(body -> !body.isWhole());
    if (unfinished.isPresent()) {
      // whoever sends the next request behind the rest would get no response
      response.setHeader("Connection", "close");
    }
    try {
      if (leavesTheGateway(request)) {
        throw ApiException.of(ApiError.NOT_FOUND, "the path leads out of " + GATEWAY);
      }
      chain.doFilter(request, response);
    } finally {
      Body.of(request).ifPresent(Body::discard);
    }
    if (unfinished.isPresent() && request.getDispatcherType() == DispatcherType.ERROR) {
      leaveTheRest(request, response);
    }
  }

  /**
   * What Tomcat refuses before any filter arrives here as an error, with its body unread. At the
   * end of an asynchronous request Tomcat closes without waiting for the rest.
   */
  private static void leaveTheRest(HttpServletRequest request, HttpServletResponse response) {
    try {
      request.startAsync(request, response).complete();
    } catch (IllegalStateException e) {
      log.debug("not possible here, and Jetty never waits", e);
    }
  }

  /**
   * Returns whether the path begins as the gateway's and, once the container has resolved {@code
   * ..} and {@code ;}, is another's. Envoy puts the path of its client behind ours as it came: a
   * page that everybody gets with 200 would let that client through.
   */
  private static boolean leavesTheGateway(HttpServletRequest request) {
    return request.getRequestURI().startsWith(request.getContextPath() + GATEWAY)
        && !request.getServletPath().equals(GATEWAY);
  }
}
