package io.thirdsession.backend;

import io.thirdsession.Deadline;
import io.thirdsession.client.ClientAuthenticator;
import io.thirdsession.client.Scope;
import io.thirdsession.client.ServiceClient;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.ApiServlet;
import io.thirdsession.http.ErrorBody;
import io.thirdsession.http.JsonFields;
import io.thirdsession.http.Responder;
import io.thirdsession.http.Response;
import io.thirdsession.json.JsonName;
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
 * {@code POST /cgi-bin/stable_token}: returns the access_token of an app in WeChat's own format, so
 * that the WeChat libraries of other services need only another URL. They send the secret of a
 * service client instead of the AppSecret, which stays here.
 */
public final class StableTokenServlet extends ApiServlet {
  /**
   * A token younger than this was just fetched, so a caller who asks for {@code force_refresh} must
   * have the one before it.
   */
  private static final Duration YOUNG = Duration.ofSeconds(60);

  private static final Duration FETCH = Duration.ofSeconds(5);

  /** Errors in WeChat's format: status 200 and an error number. */
  private static final ErrorBody ERRORS =
      (failure, facts) -> {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("errcode", Refusal.of(failure).errcode);
        body.put("errmsg", Refusal.of(failure).errmsg + ", rid: " + facts.requestId());
        return new ErrorBody.Rendered(200, body);
      };

  private final ClientAuthenticator clients;
  private final WeChatApps apps;
  private final AccessTokens tokens;
  private final Clock clock;

  public StableTokenServlet(
      Responder responder,
      ClientAuthenticator clients,
      WeChatApps apps,
      AccessTokens tokens,
      Clock clock) {
    super(responder, "POST");
    this.clients = clients;
    this.apps = apps;
    this.tokens = tokens;
    this.clock = clock;
  }

  @Override
  protected ErrorBody errorBody() {
    return ERRORS;
  }

  @Override
  protected Response answer(HttpServletRequest request) {
    JsonFields fields = JsonFields.ofAnyType(request);
    Optional<String> grantType = fields.optionalString("grant_type");
    String appId = fields.optionalString("appid").orElse("");
    String secret = fields.optionalString("secret").orElse("");
    boolean refused = fields.optionalBoolean("force_refresh").orElse(false);
    if (!grantType.equals(Optional.of("client_credential"))) {
      throw ApiException.invalid("grant_type", "must be client_credential");
    }
    ServiceClient client = clients.requireBySecret(request, secret, Scope.TOKEN);
    WeChatApp app =
        apps.find(appId)
            .filter(known -> client.mayKnow(known.appId()))
            .orElseThrow(
                () -> ApiException.invalid("appid", "must be the appid of an app in WX_APPS"));
    Deadline deadline = Deadline.in(FETCH);
    return Response.later(
        tokens
            .get(app, deadline)
            .thenCompose(
                token -> {
                  boolean young = clock.instant().isBefore(token.fetchedAt().plus(YOUNG));
                  return refused && !young && tokens.reject(app, token)
                      ? tokens.get(app, deadline)
                      : CompletableFuture.completedFuture(token);
                })
            .thenApply(token -> Response.json(TokenResponse.of(token, clock.instant()))));
  }

  private record TokenResponse(
      @JsonName("access_token") String accessToken, @JsonName("expires_in") long expiresIn) {
    static TokenResponse of(AccessToken token, Instant now) {
      return new TokenResponse(
          token.value().text(), Duration.between(now, token.expiresAt()).toSeconds());
    }

    /** Leaves out the token. */
    @Override
    public String toString() {
      return "TokenResponse[expiresIn=" + expiresIn + "]";
    }
  }

  /** WeChat's errors for the same mistakes. */
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
