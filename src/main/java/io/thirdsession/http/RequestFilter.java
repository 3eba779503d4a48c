package io.thirdsession.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.random.RandomGenerator;

/** Runs before everything: request id, headers of every answer, and what nobody else caught. */
public final class RequestFilter extends HttpFilter {
  private static final long serialVersionUID = 1L;

  /** Where proxies ask whether to let a request through: any 200 below it does. */
  private static final String GATEWAY = "/api/gateway";

  private final transient Responder responder;
  private final transient TrustedProxies proxies;
  private final transient BaseUrl baseUrl;
  private final transient RandomGenerator random;

  /**
   * Uses these parts.
   *
   * @param random for request ids
   */
  public RequestFilter(
      Responder responder, TrustedProxies proxies, BaseUrl baseUrl, RandomGenerator random) {
    this.responder = responder;
    this.proxies = proxies;
    this.baseUrl = baseUrl;
    this.random = random;
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
      if (leavesTheGateway(request)) {
        throw ApiException.of(ApiError.NOT_FOUND, "the path leads out of " + GATEWAY);
      }
      chain.doFilter(request, response);
    } catch (RuntimeException | ServletException e) {
      responder.fail(request, response, e, ErrorBody.API);
    }
  }

  /**
   * Returns whether the path begins as the gateway's and, once the container has resolved {@code
   * ..} and {@code ;}, is another's. Envoy puts the path of its client behind ours as it came: a
   * page that answers everybody with 200 would let that client through.
   */
  private static boolean leavesTheGateway(HttpServletRequest request) {
    return request.getRequestURI().startsWith(request.getContextPath() + GATEWAY)
        && !request.getServletPath().equals(GATEWAY);
  }
}
