package io.thirdsession.wechat;

import static io.thirdsession.wechat.WeChatException.Kind.PHONE_CODE_REFUSED;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.thirdsession.Deadline;
import io.thirdsession.Timer;
import io.thirdsession.json.Json;
import io.thirdsession.metrics.Metrics;
import io.thirdsession.metrics.Reading;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * Calls of WeChat's server API. Every call returns at once; its future fails with {@link
 * WeChatException} only. While most calls fail, none are made: see {@link
 * WeChatException.Kind#OVERLOADED}. Thread-safe.
 */
public final class WeChatClient {
  /** What is wrong with the code itself; 40013 says that it is another app's. */
  private static final Set<Integer> PHONE_CODE = Set.of(40029, 40163, 41008, 40013);

  private static final int NO_SUCH_DATA = 1;

  /** WeChat has no session_key for the user, or holds another one. */
  private static final Set<Integer> NOT_THE_KEY = Set.of(87007, 87009);

  private final WeChatHttp http;
  private final GuardedCalls logins;
  private final GuardedCalls calls;
  private final GuardedCalls ofTokens;
  private final AccessTokens accessTokens;
  private final CallsWithToken withToken;
  private final Clock clock;

  /**
   * Uses this HTTP client, which must not follow redirects.
   *
   * @param random spreads repeated calls
   */
  public WeChatClient(
      HttpClient client,
      WeChatSettings settings,
      Timer timer,
      RandomGenerator random,
      Clock clock,
      Metrics metrics) {
    CallMeter meter = new CallMeter(metrics);
    this.ofTokens = new GuardedCalls("wechat-token", timer, random, meter);
    this.http = new WeChatHttp(client, settings, timer);
    this.logins = new GuardedCalls("wechat-login", timer, random, meter);
    this.calls = new GuardedCalls("wechat", timer, random, meter);
    this.accessTokens = new AccessTokens(http, ofTokens, timer, clock, metrics);
    this.withToken = new CallsWithToken(accessTokens);
    this.clock = clock;
    metrics.gauges(
        "thirdsession_breaker_state",
        "whether WeChat is asked: 0 yes, 1 by one call that tries, 2 no",
        List.of("breaker"),
        this::breakers);
  }

  /** Returns whether WeChat is asked, by family of calls: 0 yes, 1 by one call that tries, 2 no. */
  public List<Reading> breakers() {
    return List.of(logins.state(), calls.state(), ofTokens.state());
  }

  /**
   * Returns how far this node's clock is ahead of the one that WeChat's latest response shows, to
   * the second; empty if none had a date.
   */
  public Optional<Duration> clockAhead() {
    return http.date().ahead(clock.instant());
  }

  /** Returns the access_tokens of the apps. */
  public AccessTokens accessTokens() {
    return accessTokens;
  }

  /**
   * Returns the user whom a login code belongs to. The code is spent afterwards, whatever came of
   * it.
   *
   * @see <a
   *     href="https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/code2Session.html">code2Session</a>
   */
  public CompletableFuture<CodeSession> codeToSession(
      WeChatApp app, String code, Deadline deadline) {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("appid", app.appId());
    query.put("secret", app.secret().text());
    query.put("js_code", code);
    query.put("grant_type", "authorization_code");
    return logins.make(
        WeChatCall.CODE_TO_SESSION,
        () ->
            http.get(WeChatCall.CODE_TO_SESSION.path(), query, deadline)
                .thenApply(body -> CodeSessionResponse.read(body, app)),
        deadline);
  }

  /**
   * Returns the number behind the code of a phone button, which is spent afterwards.
   *
   * @param openId if given, WeChat refuses a code of another user
   * @see <a
   *     href="https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-info/phone-number/getPhoneNumber.html">getPhoneNumber</a>
   */
  public CompletableFuture<PhoneNumber> phoneNumber(
      WeChatApp app, String code, Optional<String> openId, Deadline deadline) {
    Map<String, String> body = new LinkedHashMap<>();
    body.put("code", code);
    openId.ifPresent(id -> body.put("openid", id));
    return post(
        app,
        WeChatCall.PHONE_NUMBER,
        body,
        deadline,
        response -> {
          if (PHONE_CODE.contains(response.errcode())) {
            throw response.failure(PHONE_CODE_REFUSED);
          }
          return phoneNumber(response.success(), app);
        });
  }

  /**
   * Returns whether WeChat has made this encrypted phone data for the app within three days. What
   * it hashes, the base64 text or the bytes in it, is not documented: WeChat is asked for both.
   *
   * @see <a
   *     href="https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-info/basic-info/checkEncryptedData.html">checkEncryptedData</a>
   */
  public CompletableFuture<Boolean> isEncryptedByWeChat(
      WeChatApp app, EncryptedData data, Deadline deadline) {
    return isKnownHash(app, DigestUtils.sha256Hex(data.base64()), deadline)
        .thenCompose(
            known ->
                known
                    ? CompletableFuture.completedFuture(true)
                    : isKnownHash(app, DigestUtils.sha256Hex(data.ciphertext()), deadline));
  }

  /**
   * Returns whether this is the session_key that WeChat holds for the user now.
   *
   * @see <a
   *     href="https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/checkSessionKey.html">checkSessionKey</a>
   */
  public CompletableFuture<Boolean> isSessionKeyCurrent(
      WeChatApp app, String openId, SessionKey sessionKey, Deadline deadline) {
    return signed(
        app,
        WeChatCall.CHECK_SESSION_KEY,
        openId,
        sessionKey,
        deadline,
        response -> {
          if (NOT_THE_KEY.contains(response.errcode())) {
            return false;
          }
          response.success();
          return true;
        });
  }

  /**
   * Makes WeChat replace the user's session_key, which keeps the end of its life, and returns the
   * new one; empty if the key given is not the one that WeChat holds.
   *
   * @see <a
   *     href="https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/ResetUserSessionKey.html">ResetUserSessionKey</a>
   */
  public CompletableFuture<Optional<SessionKey>> resetSessionKey(
      WeChatApp app, String openId, SessionKey sessionKey, Deadline deadline) {
    return signed(
        app,
        WeChatCall.RESET_SESSION_KEY,
        openId,
        sessionKey,
        deadline,
        response -> {
          if (NOT_THE_KEY.contains(response.errcode())) {
            return Optional.empty();
          }
          response.success();
          Optional<SessionKey> reset = response.text("session_key").flatMap(SessionKey::parse);
          if (reset.isEmpty() || !response.text("openid").equals(Optional.of(openId))) {
            throw WeChatResponse.malformed("no session_key of this user");
          }
          return reset;
        });
  }

  private CompletableFuture<Boolean> isKnownHash(WeChatApp app, String hash, Deadline deadline) {
    return post(
        app,
        WeChatCall.CHECK_ENCRYPTED_DATA,
        Map.of("encrypted_msg_hash", hash),
        deadline,
        response -> {
          if (response.errcode() == NO_SUCH_DATA) {
            return false;
          }
          // WeChat's own spelling; the right one too, should it be mended
          JsonObject fields = response.success();
          return isTrue(fields.get("vaild")) || isTrue(fields.get("valid"));
        });
  }

  private <T> CompletableFuture<T> post(
      WeChatApp app,
      WeChatCall call,
      Map<String, String> body,
      Deadline deadline,
      Function<WeChatResponse, T> reader) {
    return withToken.make(
        app,
        deadline,
        token ->
            calls.make(
                call,
                () ->
                    http.post(call.path(), bearing(token), Json.write(body), deadline)
                        .thenApply(bytes -> read(bytes, app, token, reader)),
                deadline));
  }

  private <T> CompletableFuture<T> signed(
      WeChatApp app,
      WeChatCall call,
      String openId,
      SessionKey sessionKey,
      Deadline deadline,
      Function<WeChatResponse, T> reader) {
    return withToken.make(
        app,
        deadline,
        token -> {
          Map<String, String> query = bearing(token);
          query.put("openid", openId);
          query.put("signature", SessionSignature.of(sessionKey, ""));
          query.put("sig_method", "hmac_sha256");
          return calls.make(
              call,
              () ->
                  http.get(call.path(), query, deadline)
                      .thenApply(bytes -> read(bytes, app, token, reader)),
              deadline);
        });
  }

  private static Map<String, String> bearing(AccessToken token) {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("access_token", token.value().text());
    return query;
  }

  private static <T> T read(
      byte[] body, WeChatApp app, AccessToken token, Function<WeChatResponse, T> reader) {
    return reader.apply(WeChatResponse.read(body, app.appId(), token.value()));
  }

  private PhoneNumber phoneNumber(JsonObject response, WeChatApp app) {
    if (!(response.get("phone_info") instanceof JsonObject info)) {
      throw WeChatResponse.malformed("no phone_info");
    }
    PhoneNumber number =
        PhoneNumber.read(info)
            .orElseThrow(() -> WeChatResponse.malformed("phone_info must be a phone number"));
    try {
      new Watermark(info).check(app.appId(), Watermark.OLDEST_BEHIND_A_CODE, clock.instant());
    } catch (OpenDataException e) {
      throw WeChatResponse.malformed("watermark of phone_info: " + e.reason());
    }
    return number;
  }

  private static boolean isTrue(JsonElement value) {
    return value != null && value.isJsonPrimitive() && value.getAsString().equals("true");
  }
}
