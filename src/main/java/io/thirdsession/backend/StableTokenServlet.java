package io.thirdsession.backend;

import io.thirdsession.Deadline;
import io.thirdsession.audit.AuditEvent;
import io.thirdsession.audit.AuditTrail;
import io.thirdsession.audit.Subject;
import io.thirdsession.client.Scope;
import io.thirdsession.client.ServiceClient;
import io.thirdsession.client.ServiceClients;
import io.thirdsession.http.Answer;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.ErrorBody;
import io.thirdsession.http.JsonFields;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.http.Responder;
import io.thirdsession.limit.Limit;
import io.thirdsession.limit.RateLimits;
import io.thirdsession.wechat.AccessToken;
import io.thirdsession.wechat.AccessTokens;
import io.thirdsession.wechat.WeChatApp;
import io.thirdsession.wechat.WeChatApps;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * {@code POST /cgi-bin/stable_token}: the access_token of an app in WeChat's own form, for other
 * services, whose libraries need nothing but another address. They bear the secret of a service
 * client in the place of the AppSecret, which stays here.
 */
public final class StableTokenServlet extends ApiServlet {
  private static final long serialVersionUID = 1L;

  /** A younger token was just fetched: whoever complains about it holds the one before. */
  private static final Duration YOUNG = Duration.ofSeconds(60);

  private static final Duration FETCH = Duration.ofSeconds(5);

  /** Errors as WeChat has them: status 200 and a number. */
  private static final ErrorBody ERRORS =
      (failure, facts) -> {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("errcode", Refusal.of(failure).errcode);
        body.put("errmsg", Refusal.of(failure).errmsg + ", rid: " + facts.requestId());
        return new ErrorBody.Rendered(200, body);
      };

  private final transient ServiceClients clients;
  private final transient RateLimits limits;
  private final transient AuditTrail audit;
  private final transient WeChatApps apps;
  private final transient AccessTokens tokens;
  private final transient Clock clock;

  /** Answers through this responder. */
  public StableTokenServlet(
      Responder responder,
      ServiceClients clients,
      RateLimits limits,
      AuditTrail audit,
      WeChatApps apps,
      AccessTokens tokens,
      Clock clock) {
    super(responder, "POST");
    this.clients = clients;
    this.limits = limits;
    this.audit = audit;
    this.apps = apps;
    this.tokens = tokens;
    this.clock = clock;
  }

  @Override
  protected ErrorBody errorBody() {
    return ERRORS;
  }

  @Override
  protected Answer answer(HttpServletRequest request) {
    JsonFields fields = JsonFields.ofAnyType(request);
    Optional<String> grantType = fields.optionalText("grant_type");
    String appId = fields.optionalText("appid").orElse("");
    String secret = fields.optionalText("secret").orElse("");
    boolean refused = fields.optionalBoolean("force_refresh").orElse(false);
    if (!grantType.equals(Optional.of("client_credential"))) {
      throw ApiException.invalid("grant_type", "is not client_credential");
    }
    ServiceClient client =
        clients.findBySecret(secret, Scope.TOKEN).orElseThrow(() -> wrongSecret(request));
    WeChatApp app =
        apps.find(appId)
            .filter(known -> client.mayKnow(known.appId()))
            .orElseThrow(() -> ApiException.invalid("appid", "is not in WX_APPS"));
    Deadline deadline = Deadline.in(FETCH);
    return Answer.later(
        tokens
            .get(app, deadline)
            .thenCompose(
                token -> {
                  boolean young = clock.instant().isBefore(token.fetchedAt().plus(YOUNG));
                  return refused && !young && tokens.reject(app, token)
                      ? tokens.get(app, deadline)
                      : CompletableFuture.completedFuture(token);
                })
            .thenApply(token -> Answer.json(body(token, clock.instant()))));
  }

  private ApiException wrongSecret(HttpServletRequest request) {
    RequestFacts facts = RequestFacts.of(request);
    limits.takeOfAddress(Limit.CLIENT, facts);
    audit.record(AuditEvent.CLIENT_REFUSED, Subject.NOBODY, facts, "");
    return ApiException.of(ApiError.CLIENT_INVALID, "secret is none of a client with scope token");
  }

  private static Map<String, Object> body(AccessToken token, Instant now) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("access_token", token.value().text());
    body.put("expires_in", Duration.between(now, token.expiresAt()).toSeconds());
    return body;
  }

  /** What WeChat says of the same mistakes. */
  private enum Refusal {
    BUSY(-1, "system error"),
    GRANT_TYPE(40002, "invalid grant_type"),
    APP(40013, "invalid appid"),
    SECRET(40125, "invalid appsecret"),
    METHOD(43002, "require POST method"),
    MINUTE_QUOTA(45011, "api minute-quota reach limit, must slower, retry next minute"),
    FORMAT(47001, "data format error");

    private final int errcode;
    private final String errmsg;

    Refusal(int errcode, String errmsg) {
      this.errcode = errcode;
      this.errmsg = errmsg;
    }

    static Refusal of(ApiException failure) {
      return switch (failure.error()) {
        case CLIENT_INVALID -> SECRET;
        case METHOD_NOT_ALLOWED -> METHOD;
        case RATE_LIMITED -> MINUTE_QUOTA;
        case INVALID_REQUEST ->
            switch (failure.field().orElse("")) {
              case "grant_type" -> GRANT_TYPE;
              case "appid" -> APP;
              default -> FORMAT;
            };
        case PAYLOAD_TOO_LARGE -> FORMAT;
        default -> BUSY;
      };
    }
  }
}
