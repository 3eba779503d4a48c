package io.thirdsession.client;

import io.thirdsession.audit.Actor;
import io.thirdsession.audit.AuditEvent;
import io.thirdsession.audit.AuditTrail;
import io.thirdsession.audit.Subject;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.FormFields;
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
import java.util.Set;

/**
 * Authenticates the calling service, by HTTP Basic (RFC 7617), by fields of its form, or by a
 * secret that the caller passes. Thread-safe.
 */
public final class ClientAuthenticator {
  private static final String HEADER = "Authorization";
  private static final String SCHEME = "basic ";

  /** The field of a form with the secret. */
  public static final String POSTED_SECRET = "client_secret";

  /** What a browser says of a request by a page from here, and of one that no page has sent. */
  private static final Set<String> OWN_SITE = Set.of("same-origin", "none");

  private final ServiceClients clients;
  private final RateLimits limits;
  private final AuditTrail audit;

  /** Makes an authenticator of these clients. */
  public ClientAuthenticator(ServiceClients clients, RateLimits limits, AuditTrail audit) {
    this.clients = clients;
    this.limits = limits;
    this.audit = audit;
  }

  /**
   * Returns the service client of this request, authenticated by HTTP Basic, whatever its scopes.
   *
   * @throws ApiException {@code client_invalid} if the credentials are missing or wrong, {@code
   *     rate_limited} after too many wrong credentials
   */
  public ServiceClient require(HttpServletRequest request) {
    return find(request)
        .orElseThrow(
            () ->
                refused(
                    request, "Authorization: Basic must be that of a client in SERVICE_CLIENTS"));
  }

  /** Returns whether {@link #requireToChange} would return a client; counts and records nothing. */
  public boolean mayChange(HttpServletRequest request, Scope scope) {
    return isOfOwnSite(request)
        && find(request).filter(client -> client.scopes().contains(scope)).isPresent();
  }

  /**
   * Returns the service client of this request, authenticated by HTTP Basic; it has this scope.
   *
   * @throws ApiException {@code client_invalid} if the credentials are missing or wrong, {@code
   *     rate_limited} after too many wrong credentials, {@code forbidden} if the client does not
   *     have the scope
   */
  public ServiceClient require(HttpServletRequest request, Scope scope) {
    ServiceClient client = require(request);
    client.require(scope);
    return client;
  }

  /**
   * Returns the service client that {@code Authorization} names, before anybody looks at the body;
   * empty if the request has no such header.
   *
   * @throws ApiException as {@link #require(HttpServletRequest)} if it has one
   */
  public Optional<ServiceClient> inHeader(HttpServletRequest request) {
    return request.getHeader(HEADER) == null ? Optional.empty() : Optional.of(require(request));
  }

  /**
   * Returns the service client of this request, authenticated in its header or by {@code client_id}
   * and {@code client_secret} in its form (RFC 6749, section 2.3.1), whatever its scopes. The same
   * client may stand in both places, as lua-resty-openidc sends it.
   *
   * @param inHeader what {@link #inHeader} has returned
   * @throws ApiException {@code client_invalid} if the credentials are missing or wrong, {@code
   *     rate_limited} after too many wrong credentials, {@code invalid_request} if they are of two
   *     clients
   */
  public ServiceClient require(
      HttpServletRequest request, Optional<ServiceClient> inHeader, FormFields form) {
    if (!form.names().contains(POSTED_SECRET)) {
      return inHeader.orElseGet(() -> require(request));
    }
    ServiceClient posted =
        clients
            .find(form.required("client_id"), form.required(POSTED_SECRET))
            .orElseThrow(
                () ->
                    refused(request, "client_secret must be that of a client in SERVICE_CLIENTS"));
    if (inHeader.isPresent() && !inHeader.get().id().equals(posted.id())) {
      throw ApiException.invalid("client_id", "must be the client of Authorization");
    }
    return posted;
  }

  /**
   * Returns the same for a request that changes something. No page of another site may have sent
   * it: a browser that was given the credentials in its own dialog adds them to whatever any page
   * sends here.
   *
   * @throws ApiException as {@link #require}, and {@code forbidden} if a browser says that another
   *     site's page has sent it
   */
  public ServiceClient requireToChange(HttpServletRequest request, Scope scope) {
    refuseOtherSites(request);
    return require(request, scope);
  }

  /**
   * Refuses a request that a browser says another site's page has sent, as {@link #requireToChange}
   * does.
   *
   * @throws ApiException {@code forbidden} if it does
   */
  public static void refuseOtherSites(HttpServletRequest request) {
    if (!isOfOwnSite(request)) {
      throw ApiException.of(ApiError.FORBIDDEN, "Sec-Fetch-Site must be same-origin or none");
    }
  }

  private static boolean isOfOwnSite(HttpServletRequest request) {
    return Collections.list(request.getHeaders("Sec-Fetch-Site")).stream()
        .allMatch(OWN_SITE::contains);
  }

  /**
   * Returns the service client that has this secret and this scope, whatever its id.
   *
   * @throws ApiException {@code client_invalid} if there is none, {@code rate_limited} after too
   *     many wrong secrets
   */
  public ServiceClient requireBySecret(HttpServletRequest request, String secret, Scope scope) {
    return clients
        .findBySecret(secret, scope)
        .orElseThrow(
            () -> refused(request, "secret must be that of a client with scope " + scope.label()));
  }

  private Optional<ServiceClient> find(HttpServletRequest request) {
    List<String> headers = Collections.list(request.getHeaders(HEADER));
    if (headers.size() != 1 || !headers.get(0).toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
      return Optional.empty();
    }
    String pair;
    try {
      byte[] bytes = Base64.getDecoder().decode(headers.get(0).substring(SCHEME.length()).strip());
      pair = new String(bytes, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException ignored) { // not base64, and so not credentials
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
   * Finds a client whose id and secret were form-encoded before they were joined, as OAuth requires
   * (RFC 6749, section 2.3.1) and Spring Security does; curl and most others do not. It makes a
   * difference for secrets with {@code +} or {@code /}.
   */
  private Optional<ServiceClient> findFormEncoded(String id, String secret) {
    try {
      return clients.find(
          URLDecoder.decode(id, StandardCharsets.UTF_8),
          URLDecoder.decode(secret, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException ignored) { // not encoded as in a form
      return Optional.empty();
    }
  }

  /**
   * Counts the refusal and returns the error. Only wrong credentials are counted: nobody can lock a
   * service out by guessing from its IP address.
   */
  private ApiException refused(HttpServletRequest request, String diagnosis) {
    RequestFacts facts = RequestFacts.of(request);
    limits.takeOfAddress(Limit.CLIENT, facts);
    audit.record(AuditEvent.CLIENT_REFUSED, Actor.of(Subject.NOBODY, facts), "");
    return ApiException.of(ApiError.CLIENT_INVALID, diagnosis);
  }
}
