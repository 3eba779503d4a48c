package io.thirdsession.push;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.thirdsession.FairExecutor;
import io.thirdsession.Secret;
import io.thirdsession.http.ApiError;
import io.thirdsession.http.ApiException;
import io.thirdsession.http.Response;
import io.thirdsession.limit.Limit;
import io.thirdsession.limit.RateLimits;
import io.thirdsession.wechat.EncryptedPush;
import io.thirdsession.wechat.PushMessage;
import io.thirdsession.wechat.PushSignature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes WeChat's message push. The signature in the query covers neither the body nor the path: who
 * has seen one URL in a log could send any body with it. So what deletes is obeyed only if it was
 * encrypted for the app, which the other signature covers; everything else is handed on.
 * Thread-safe.
 */
public final class PushService {
  private static final Logger log = LoggerFactory.getLogger(PushService.class);

  /** How old a timestamp may be, or how far ahead. */
  private static final Duration MAX_AGE = Duration.ofMinutes(5);

  private static final int MAX_REMEMBERED = 100_000;
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,11}");
  private static final Pattern ECHO = Pattern.compile("[A-Za-z0-9_=+/-]{1,128}");
  private static final Response SUCCESS = Response.text("text/plain", "success");

  private final Supplier<List<PushApp>> apps;
  private final PushedDeeds deeds;
  private final PushRelay relay;
  private final RateLimits limits;
  private final FairExecutor threads;
  private final Clock clock;

  /** The body that came with a timestamp and a nonce, by its hash. */
  private final Cache<String, String> seen =
      Caffeine.newBuilder()
          .expireAfterWrite(MAX_AGE.multipliedBy(2))
          .maximumSize(MAX_REMEMBERED)
          .build();

  /** Takes the pushes of the apps that this supplier currently returns. */
  public PushService(
      Supplier<List<PushApp>> apps,
      PushedDeeds deeds,
      PushRelay relay,
      RateLimits limits,
      FairExecutor threads,
      Clock clock) {
    this.apps = apps;
    this.deeds = deeds;
    this.relay = relay;
    this.limits = limits;
    this.threads = threads;
    this.clock = clock;
  }

  /**
   * Returns what WeChat's console wants to hear when the address is entered there: its own word.
   *
   * @throws ApiException {@code not_found} for an app that PUSH_APPS does not have, {@code
   *     forbidden} if the signature does not hold, {@code rate_limited} after too many such
   */
  Response verify(PushRequest request) {
    requireSigned(request, app(request.appId()));
    return Response.text("text/plain", request.fields().required("echostr", ECHO));
  }

  /**
   * Does what the push demands, hands it on, and returns what to answer. If either fails the future
   * does, and WeChat sends it again.
   *
   * @throws ApiException as {@link #verify}; also {@code forbidden} if it was encrypted for another
   *     app or signed by somebody else, {@code invalid_request} if the body cannot be read
   */
  CompletableFuture<Response> take(PushRequest request, byte[] body) {
    PushApp app = app(request.appId());
    requireSigned(request, app);
    requireNew(request, body);
    PushMessage message = read(body);
    Optional<PushMessage> sealed = opened(request, app, message);
    Optional<PushedEvent> event = PushedEvent.in(sealed.orElse(message));
    if (event.filter(PushedEvent::demandsDeed).isEmpty()) {
      return relayed(request, body);
    }
    if (sealed.isEmpty() && !event.get().demandsDeletion()) {
      return relayed(request, body);
    }
    if (sealed.isEmpty()) {
      log.warn(
          "push not obeyed: it demands a deletion and is not encrypted app={} event={} request={}"
              + " cure=\"choose the safe mode in WeChat's console, and give its key in PUSH_APPS\"",
          app.appId(),
          event.get().name(),
          request.facts().loggedId());
      return relayed(request, body);
    }
    return CompletableFuture.runAsync(
            () -> deeds.obey(app.appId(), event.get(), request.facts()),
            threads.of(app.appId(), event.get().openId()))
        .thenCompose(done -> relayed(request, body));
  }

  private PushApp app(String appId) {
    return apps.get().stream()
        .filter(app -> app.appId().equals(appId))
        .findFirst()
        .orElseThrow(() -> ApiException.of(ApiError.NOT_FOUND, "the app must be in PUSH_APPS"));
  }

  private void requireSigned(PushRequest request, PushApp app) {
    String signature = request.fields().required("signature");
    if (!PushSignature.holds(signature, app.token(), request.timestamp(), request.nonce())) {
      throw refused(request, "signature must be that of the app's token in PUSH_APPS");
    }
    Instant now = clock.instant();
    Instant sent =
        Instant.ofEpochSecond(Long.parseLong(request.fields().required("timestamp", SECONDS)));
    if (Duration.between(sent, now).abs().compareTo(MAX_AGE) > 0) {
      throw refused(request, "timestamp must be within 5 minutes of this node's clock");
    }
  }

  /** WeChat draws a nonce for each message; the same one with another body is not WeChat's. */
  private void requireNew(PushRequest request, byte[] body) {
    String hash = DigestUtils.sha256Hex(body);
    String key = request.appId() + ' ' + request.timestamp() + ' ' + request.nonce();
    if (!seen.get(key, unseen -> hash).equals(hash)) {
      throw refused(request, "timestamp and nonce came before, with another body");
    }
  }

  /** Returns what was encrypted; empty if nothing was, or there is no key for it. */
  private Optional<PushMessage> opened(PushRequest request, PushApp app, PushMessage message) {
    Optional<String> encrypted = message.find("Encrypt");
    Optional<Secret> key = app.aesKey();
    if (encrypted.isEmpty() || key.isEmpty()) {
      return Optional.empty();
    }
    String signature = request.fields().required("msg_signature");
    if (!PushSignature.holds(
        signature, app.token(), request.timestamp(), request.nonce(), encrypted.get())) {
      throw refused(request, "msg_signature must be that of Encrypt");
    }
    byte[] opened =
        EncryptedPush.open(encrypted.get(), key.get(), app.appId())
            .orElseThrow(
                () -> refused(request, "Encrypt must be for this app, under its key in PUSH_APPS"));
    return Optional.of(read(opened));
  }

  private static PushMessage read(byte[] body) {
    try {
      return PushMessage.read(body);
    } catch (PushMessage.Malformed e) {
      throw ApiException.invalid("body", String.valueOf(e.getMessage()));
    }
  }

  private CompletableFuture<Response> relayed(PushRequest request, byte[] body) {
    return relay.isThere()
        ? relay.send(request.appId(), request.query(), request.contentType(), body)
        : CompletableFuture.completedFuture(SUCCESS);
  }

  private ApiException refused(PushRequest request, String diagnosis) {
    limits.takeOfAddress(Limit.CLIENT, request.facts());
    return ApiException.of(ApiError.FORBIDDEN, diagnosis)
        .saying("推送签名校验失败", "The push is not signed by WeChat for this app");
  }
}
