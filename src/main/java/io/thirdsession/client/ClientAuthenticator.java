package io.thirdsession.client;

import io.thirdsession.audit.AuditEvent;
import io.thirdsession.audit.AuditTrail;
import io.thirdsession.audit.Subject;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.limit.Limit;
import io.thirdsession.limit.RateLimits;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Which service is calling: HTTP Basic (RFC 7617), nothing else. Thread-safe. */
public final class ClientAuthenticator {
  private static final String SCHEME = "basic ";

  private final ServiceClients clients;
  private final RateLimits limits;
  private final AuditTrail audit;

  /** Finds clients here. */
  public ClientAuthenticator(ServiceClients clients, RateLimits limits, AuditTrail audit) {
    this.clients = clients;
    this.limits = limits;
    this.audit = audit;
  }

  /**
   * Returns the service client of this request, which has this scope.
   *
   * @throws ApiException {@code client_invalid} if the credentials are missing or wrong, {@code
   *     rate_limited} if they were too often, {@code forbidden} without the scope
   */
  public ServiceClient require(HttpServletRequest request, Scope scope) {
    ServiceClient client = find(request).orElseThrow(() -> refused(request));
    client.require(scope);
    return client;
  }

  private Optional<ServiceClient> find(HttpServletRequest request) {
    List<String> headers = Collections.list(request.getHeaders("Authorization"));
    if (headers.size() != 1 || !headers.get(0).toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
      return Optional.empty();
    }
    String pair;
    try {
      byte[] bytes = Base64.getDecoder().decode(headers.get(0).substring(SCHEME.length()).strip());
      pair = new String(bytes, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    int colon = pair.indexOf(':');
    if (colon < 0) {
      return Optional.empty();
    }
    String id = pair.substring(0, colon);
    String secret = pair.substring(colon + 1);
    return clients.find(id, secret).or(() -> findFormEncoded(id, secret));
  }

  /**
   * OAuth has both encoded as in a form before they are joined (RFC 6749, section 2.3.1), and
   * Spring Security does; curl and most others do not. A secret with {@code +} or {@code /}
   * differs.
   */
  private Optional<ServiceClient> findFormEncoded(String id, String secret) {
    try {
      return clients.find(
          URLDecoder.decode(id, StandardCharsets.UTF_8),
          URLDecoder.decode(secret, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Right credentials always pass: nobody can lock a service out by guessing from its address. */
  private ApiException refused(HttpServletRequest request) {
    RequestFacts facts = RequestFacts.of(request);
    limits.takeOfAddress(Limit.CLIENT, facts);
    audit.record(AuditEvent.CLIENT_REFUSED, Subject.NOBODY, facts, "");
    return ApiException.of(
        ApiError.CLIENT_INVALID, "Authorization: Basic is missing, or not of SERVICE_CLIENTS");
  }
}
