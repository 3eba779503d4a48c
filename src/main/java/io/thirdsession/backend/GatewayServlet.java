package io.thirdsession.backend;

import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.Responder;
import io.thirdsession.http.Response;
import io.thirdsession.session.RequestAuthenticator;
import io.thirdsession.session.Session;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * {@code /api/gateway} and every path below it, with any method: tells a proxy whether to let a
 * request through (nginx auth_request, Traefik ForwardAuth, Envoy ext_authz). The response headers
 * are WeChat Cloud Run's and two of ours. All of them are always present, so that those that the
 * proxy copies overwrite those that the client sent.
 */
public final class GatewayServlet extends ApiServlet {
  private final RequestAuthenticator authenticator;

  public GatewayServlet(Responder responder, RequestAuthenticator authenticator) {
    super(responder);
    this.authenticator = authenticator;
  }

  @Override
  protected Response answer(HttpServletRequest request) {
    Session session = authenticator.require(request).session();
    for (String apps : Collections.list(request.getHeaders("X-Gateway-App"))) {
      // check every one: a client may have added its own to the proxy's
      if (Stream.of(apps.split(",", -1)).noneMatch(app -> app.strip().equals(session.appId()))) {
        throw ApiException.of(ApiError.SESSION_INVALID, "a session of an app not in X-Gateway-App");
      }
    }
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("X-WX-OPENID", session.openId());
    headers.put("X-WX-APPID", session.appId());
    headers.put("X-WX-UNIONID", session.unionId().orElse(""));
    headers.put("X-User-Id", session.userId().toString());
    headers.put("X-External-Id", session.externalId().orElse(""));
    return Response.headers(headers);
  }
}
