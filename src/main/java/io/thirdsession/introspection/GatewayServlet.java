package io.thirdsession.introspection;

import io.thirdsession.http.Answer;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.Responder;
import io.thirdsession.session.RequestAuthenticator;
import io.thirdsession.session.Session;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/gateway} and every path below, any method: a proxy asks whether to let a request
 * through (nginx auth_request, Traefik ForwardAuth, Envoy ext_authz). The headers are WeChat cloud
 * run's, and all are there always: what the proxy copies then overwrites what the client sent.
 */
public final class GatewayServlet extends ApiServlet {
  private static final long serialVersionUID = 1L;

  private final transient RequestAuthenticator authenticator;

  /** Answers through this responder. */
  public GatewayServlet(Responder responder, RequestAuthenticator authenticator) {
    super(responder);
    this.authenticator = authenticator;
  }

  @Override
  protected Answer answer(HttpServletRequest request) {
    Session session = authenticator.require(request);
    @Nullable String apps = request.getHeader("X-Gateway-App");
    if (apps != null
        && Stream.of(apps.split(",", -1)).noneMatch(app -> app.strip().equals(session.appId()))) {
      throw ApiException.of(ApiError.SESSION_INVALID, "a session of an app not in X-Gateway-App");
    }
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("X-WX-OPENID", session.openId());
    headers.put("X-WX-APPID", session.appId());
    headers.put("X-WX-UNIONID", session.unionId().orElse(""));
    headers.put("X-User-Id", session.userId().toString());
    return Answer.headers(headers);
  }
}
