package io.thirdsession.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is found out about a request once, at its beginning.
 *
 * @param requestId 16 hex digits of ours, or what a trusted proxy sent
 * @param traceId 32 hex digits, of a trusted proxy's {@code traceparent}; empty without one
 * @param clientAddress IP address of the client, behind the trusted proxies
 * @param limitedAddress by which clients are counted: the IP address, of IPv6 its first 64 bits;
 *     empty if many come from one address and cannot be told apart
 * @param locale Chinese unless the client asks for English
 * @param baseUrl by which clients reach this server, without a trailing slash
 * @param startedNanos {@link System#nanoTime()} when it arrived
 */
public record RequestFacts(
    String requestId,
    Optional<String> traceId,
    String clientAddress,
    Optional<String> limitedAddress,
    Locale locale,
    String baseUrl,
    long startedNanos) {
  private static final String ATTRIBUTE = RequestFacts.class.getName();
  private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9-]{1,64}");

  /** Returns the facts of this request, finding them out if that was not done yet. */
  static RequestFacts of(
      HttpServletRequest request, TrustedProxies proxies, BaseUrl baseUrl, RandomGenerator random) {
    if (request.getAttribute(ATTRIBUTE) instanceof RequestFacts known) {
      return known;
    }
    String clientAddress = proxies.clientAddress(request);
    RequestFacts facts =
        new RequestFacts(
            requestId(request, proxies, random),
            traceId(request, proxies),
            clientAddress,
            proxies.limitedAddress(request, clientAddress),
            locale(request),
            baseUrl.of(request, proxies),
            System.nanoTime());
    request.setAttribute(ATTRIBUTE, facts);
    return facts;
  }

  /** Returns the facts of a request that has come through the filter. */
  public static RequestFacts of(HttpServletRequest request) {
    if (request.getAttribute(ATTRIBUTE) instanceof RequestFacts known) {
      return known;
    }
    throw new IllegalStateException("the request did not come through the filter");
  }

  /** Returns what a line of the log says after {@code request=}: the id, and the trace if any. */
  public String loggedId() {
    return traceId.map(trace -> requestId + " trace=" + trace).orElse(requestId);
  }

  private static String requestId(
      HttpServletRequest request, TrustedProxies proxies, RandomGenerator random) {
    @Nullable String sent = request.getHeader("X-Request-Id");
    if (sent != null && REQUEST_ID.matcher(sent).matches() && proxies.isTrusted(request)) {
      return sent;
    }
    return HexFormat.of().toHexDigits(random.nextLong());
  }

  private static Optional<String> traceId(HttpServletRequest request, TrustedProxies proxies) {
    @Nullable String sent = request.getHeader(TraceParent.HEADER);
    return sent != null && proxies.isTrusted(request)
        ? TraceParent.traceId(Collections.list(request.getHeaders(TraceParent.HEADER)))
        : Optional.empty();
  }

  private static Locale locale(HttpServletRequest request) {
    @Nullable String wanted = request.getHeader("Accept-Language");
    return wanted != null && wanted.strip().toLowerCase(Locale.ROOT).startsWith("en")
        ? Locale.ENGLISH
        : Locale.CHINESE;
  }
}
