package io.thirdsession.backend;

import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.Responder;
import io.thirdsession.http.Response;
import io.thirdsession.json.JsonName;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;

/**
 * {@code GET /.well-known/oauth-authorization-server} (RFC 8414), and the path of OpenID Connect
 * Discovery, on which APISIX insists: tells a gateway where introspection and revocation are. There
 * is none without PUBLIC_URL: the issuer must not be a host that a request has named.
 */
public final class OAuthMetadataServlet extends ApiServlet {
  private static final List<String> CREDENTIALS =
      List.of("client_secret_basic", "client_secret_post");

  private final Optional<String> publicUrl;

  public OAuthMetadataServlet(Responder responder, Optional<String> publicUrl) {
    super(responder, "GET", "HEAD");
    this.publicUrl = publicUrl;
  }

  @Override
  protected Response answer(HttpServletRequest request) {
    return publicUrl
        .map(issuer -> Response.json(Metadata.of(issuer)))
        .orElseThrow(() -> ApiException.of(ApiError.NOT_FOUND, "PUBLIC_URL must be set"));
  }

  /** In the names of RFC 8414, section 2. There is no grant: tokens come from a login at WeChat. */
  private record Metadata(
      String issuer,
      @JsonName("introspection_endpoint") String introspection,
      @JsonName("introspection_endpoint_auth_methods_supported") List<String> introspectionMethods,
      @JsonName("revocation_endpoint") String revocation,
      @JsonName("revocation_endpoint_auth_methods_supported") List<String> revocationMethods,
      @JsonName("token_endpoint_auth_methods_supported") List<String> tokenMethods,
      @JsonName("response_types_supported") List<String> responseTypes,
      @JsonName("grant_types_supported") List<String> grantTypes) {
    static Metadata of(String issuer) {
      return new Metadata(
          issuer,
          issuer + "/api/introspect",
          CREDENTIALS,
          issuer + "/api/revoke",
          CREDENTIALS,
          CREDENTIALS,
          List.of(),
          List.of());
    }
  }
}
