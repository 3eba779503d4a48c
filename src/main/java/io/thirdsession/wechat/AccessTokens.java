package io.thirdsession.wechat;

import static io.thirdsession.wechat.WeChatException.Kind.CONFIGURATION;
import static io.thirdsession.wechat.WeChatException.Kind.QUOTA_EXHAUSTED;
import static io.thirdsession.wechat.WeChatException.Kind.RATE_LIMITED;
import static io.thirdsession.wechat.WeChatException.Kind.TIMEOUT;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.thirdsession.Deadline;
import io.thirdsession.Secret;
import io.thirdsession.Timer;
import io.thirdsession.json.Json;
import io.thirdsession.metrics.Metrics;
import io.thirdsession.metrics.Reading;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The access_token of each app, from stable_token in its normal mode: WeChat gives every node the
 * same, so that nodes need not agree on one. One fetch at a time; while the present token is good,
 * nobody waits for the next. {@code force_refresh} is never used: it kills the token that other
 * programs hold. Thread-safe.
 *
 * @see <a
 *     href="https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-access-token/getStableAccessToken.html">getStableAccessToken</a>
 */
public final class AccessTokens {
  /** WeChat gives a new token in the last 5 minutes of the old one, and then both are good. */
  private static final Duration EARLY = Duration.ofMinutes(5);

  /** A token is not used so near its end that a call could arrive after it. */
  private static final Duration LAST_USE = Duration.ofSeconds(10);

  /** From asking for a token to having it. */
  private static final Duration FETCH = Duration.ofSeconds(4);

  /** After a refused token, or a refresh that failed: no other fetch for this long. */
  private static final Duration BETWEEN_REFETCHES = Duration.ofSeconds(30);

  /** After WeChat has named its quota of a minute, or of a day. */
  private static final Duration MINUTE_QUOTA = Duration.ofMinutes(1);

  private static final Duration DAY_QUOTA = Duration.ofMinutes(10);

  /** What only this call says, and only the operator can mend. */
  private static final Set<Integer> OPERATORS =
      Set.of(40001, 50004, 50007, 89501, 89503, 89506, 89507);

  private static final Pattern SECONDS = Pattern.compile("[1-9][0-9]{0,5}");
  private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7E]{1,2048}");

  private final WeChatHttp http;
  private final GuardedCalls calls;
  private final Timer timer;
  private final Clock clock;
  private final ConcurrentHashMap<String, Slot> slots = new ConcurrentHashMap<>();

  AccessTokens(WeChatHttp http, GuardedCalls calls, Timer timer, Clock clock, Metrics metrics) {
    this.http = http;
    this.calls = calls;
    this.timer = timer;
    this.clock = clock;
    metrics.gauges(
        "thirdsession_access_token_expires_seconds",
        "until the access_token of an app expires, if one is held",
        List.of("app"),
        this::expiries);
  }

  private List<Reading> expiries() {
    Instant now = clock.instant();
    List<Reading> expiries = new ArrayList<>();
    slots.forEach(
        (appId, slot) -> {
          @Nullable AccessToken held = slot.held();
          if (held != null) {
            expiries.add(Reading.of(Duration.between(now, held.expiresAt()), appId));
          }
        });
    return expiries;
  }

  /** Returns a token that is good now; fails with {@link WeChatException}. */
  public CompletableFuture<AccessToken> get(WeChatApp app, Deadline deadline) {
    Slot slot = slot(app);
    synchronized (slot) {
      Instant now = clock.instant();
      @Nullable AccessToken held = slot.token;
      if (held != null && now.isBefore(held.expiresAt().minus(EARLY))) {
        return CompletableFuture.completedFuture(held);
      }
      @Nullable CompletableFuture<AccessToken> fetching = slot.fetching;
      if (fetching == null && !now.isBefore(slot.restUntil)) {
        fetching = fetch(app, slot, now); // it may be done, and no longer in its slot, already
      }
      if (held != null && now.isBefore(held.expiresAt().minus(LAST_USE))) {
        return CompletableFuture.completedFuture(held);
      }
      if (fetching == null) {
        return CompletableFuture.failedFuture(slot.failure);
      }
      return timer.within(
          deadline.leftAtMost(FETCH),
          fetching,
          () -> WeChatException.of(TIMEOUT, "no access_token in time"));
    }
  }

  /**
   * Forgets the token that WeChat or a holder calls bad, if it is still the one that is held, none
   * was called bad within 30 s, and WeChat may be asked for another: a storm of complaints about
   * one token causes one fetch, and while there is no other, the one that may be good stays.
   *
   * @return whether another token may be had now
   */
  public boolean reject(WeChatApp app, AccessToken refused) {
    Slot slot = slot(app);
    synchronized (slot) {
      if (slot.token == null || !slot.token.value().equals(refused.value())) {
        return true;
      }
      Instant now = clock.instant();
      if (now.isBefore(slot.rejectedAt.plus(BETWEEN_REFETCHES)) || now.isBefore(slot.restUntil)) {
        return false;
      }
      slot.token = null;
      slot.rejectedAt = now;
      return true;
    }
  }

  /** Returns why the latest fetch for this app failed; empty if it did not, or there was none. */
  public Optional<WeChatException> latestFailure(WeChatApp app) {
    return slot(app).latestFailure();
  }

  private CompletableFuture<AccessToken> fetch(WeChatApp app, Slot slot, Instant now) {
    Deadline deadline = Deadline.in(FETCH);
    CompletableFuture<AccessToken> fetching =
        calls
            .make(
                WeChatCall.STABLE_TOKEN,
                () ->
                    http.post(WeChatCall.STABLE_TOKEN.path(), Map.of(), request(app), deadline)
                        .thenApply(body -> read(body, app, now)),
                deadline)
            .whenComplete((token, failure) -> slot.fetched(token, failure, clock.instant()));
    if (!fetching.isDone()) { // whoever holds the lock of the slot sees it end before or after
      slot.fetching = fetching;
    }
    return fetching;
  }

  private static String request(WeChatApp app) {
    Map<String, String> body = new LinkedHashMap<>();
    body.put("grant_type", "client_credential");
    body.put("appid", app.appId());
    body.put("secret", app.secret().text());
    return Json.write(body);
  }

  private static AccessToken read(byte[] body, WeChatApp app, Instant askedAt) {
    WeChatResponse response = WeChatResponse.read(body, app.appId(), app.secret());
    if (OPERATORS.contains(response.errcode())) {
      throw response.failure(CONFIGURATION);
    }
    JsonObject fields = response.success();
    String token = response.text("access_token").filter(TOKEN.asMatchPredicate()).orElse(null);
    @Nullable JsonElement expiresIn = fields.get("expires_in");
    if (token == null || expiresIn == null || !SECONDS.matcher(expiresIn.toString()).matches()) {
      throw WeChatResponse.malformed("no access_token with its expires_in");
    }
    return new AccessToken(Secret.of(token), askedAt, askedAt.plusSeconds(expiresIn.getAsLong()));
  }

  private Slot slot(WeChatApp app) {
    return slots.computeIfAbsent(app.appId(), appId -> new Slot());
  }

  /** What is held for one app; guarded by itself. */
  private static final class Slot {
    private @Nullable AccessToken token;
    private @Nullable CompletableFuture<AccessToken> fetching;
    private boolean failing;
    private Instant rejectedAt = Instant.MIN;
    private Instant restUntil = Instant.MIN;
    private WeChatException failure = WeChatException.of(TIMEOUT, "never asked");

    synchronized Optional<WeChatException> latestFailure() {
      return failing ? Optional.of(failure) : Optional.empty();
    }

    synchronized @Nullable AccessToken held() {
      return token;
    }

    /** Keeps what has come, before anybody who waits for it is told. */
    synchronized void fetched(
        @Nullable AccessToken fetched, @Nullable Throwable thrown, Instant now) {
      fetching = null;
      if (thrown != null) {
        failed(WeChatException.of(thrown), now);
      } else if (fetched != null) {
        token = fetched;
        failing = false;
        if (!now.isBefore(fetched.expiresAt().minus(EARLY))) {
          restUntil = now.plus(BETWEEN_REFETCHES); // short as it is
        }
      }
    }

    /** Decides when WeChat may be asked again. */
    private void failed(WeChatException e, Instant now) {
      failure = e;
      failing = true;
      if (e.kind() == RATE_LIMITED) {
        restUntil = now.plus(MINUTE_QUOTA);
      } else if (e.kind() == QUOTA_EXHAUSTED) {
        restUntil = now.plus(DAY_QUOTA);
      } else if (token != null || e.kind() == CONFIGURATION) {
        restUntil = now.plus(BETWEEN_REFETCHES); // there is no hurry, or no use
      }
    }
  }
}
