package io.thirdsession.simulator;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The access_tokens of both kinds, which live apart from each other. Guarded by the World. */
final class Tokens {
  private static final Duration LIFETIME = Duration.ofSeconds(7_200);
  private static final Duration OVERLAP = Duration.ofMinutes(5);
  private static final Duration FORCED_APART = Duration.ofSeconds(30);
  private static final int FORCED_A_DAY = 20;
  private static final ZoneOffset WECHAT_ZONE = ZoneOffset.ofHours(8);

  private record Token(String appId, Instant expiresAt, boolean replaced) {}

  private record Forced(Instant at, LocalDate day, int count) {}

  /** An access_token as it is handed out. */
  record Grant(String accessToken, long expiresIn) {}

  private final Clock clock;
  private final Ids ids;
  private final BoundedMap<Token> tokens = new BoundedMap<>(10_000);
  private final Map<String, String> classic = new HashMap<>();
  private final Map<String, String> stable = new HashMap<>();
  private final Map<String, Forced> forced = new HashMap<>();

  Tokens(Clock clock, Ids ids) {
    this.clock = clock;
    this.ids = ids;
  }

  /** /cgi-bin/token: every call replaces the token; the old one stays valid for 5 minutes. */
  Grant classic(String appId) {
    Instant now = clock.instant();
    current(classic, appId)
        .ifPresent(old -> replace(classic.get(appId), old, earlier(old.expiresAt(), now)));
    return issue(classic, appId);
  }

  /**
   * stable_token, normal mode: the same token until its last 5 minutes, then both for 5 minutes.
   */
  Grant stable(String appId) {
    Instant now = clock.instant();
    Optional<Token> current = current(stable, appId);
    if (current.isPresent()) {
      Duration left = Duration.between(now, current.get().expiresAt());
      if (left.compareTo(OVERLAP) >= 0) {
        return new Grant(stable.get(appId), left.toSeconds());
      }
      if (!left.isNegative() && !left.isZero()) {
        replace(stable.get(appId), current.get(), now.plus(OVERLAP));
      }
    }
    return issue(stable, appId);
  }

  /**
   * stable_token, force_refresh: kills the old token; calls less than 30 s apart do not refresh.
   */
  Grant forceStable(String appId) {
    Instant now = clock.instant();
    LocalDate today = LocalDate.ofInstant(now, WECHAT_ZONE);
    Forced last = forced.getOrDefault(appId, new Forced(Instant.EPOCH, today, 0));
    if (now.isBefore(last.at().plus(FORCED_APART))) {
      return stable(appId);
    }
    int usedToday = last.day().equals(today) ? last.count() : 0;
    if (usedToday >= FORCED_A_DAY) {
      throw new WeChatRefusal(WeChatError.DAILY_QUOTA); // The limit is documented, its errcode not.
    }
    forced.put(appId, new Forced(now, today, usedToday + 1));
    current(stable, appId).ifPresent(old -> replace(stable.get(appId), old, now));
    return issue(stable, appId);
  }

  /** Returns the appid that this access_token belongs to, or refuses the token. */
  String requireAppOf(String accessToken) {
    if (accessToken.isEmpty()) {
      throw new WeChatRefusal(WeChatError.ACCESS_TOKEN_MISSING);
    }
    if (!accessToken.matches("[A-Za-z0-9_-]{16,512}")) {
      throw new WeChatRefusal(WeChatError.INVALID_ACCESS_TOKEN);
    }
    Token token =
        tokens
            .get(accessToken)
            .orElseThrow(() -> new WeChatRefusal(WeChatError.INVALID_CREDENTIAL));
    if (!clock.instant().isBefore(token.expiresAt())) {
      throw new WeChatRefusal(
          token.replaced() ? WeChatError.INVALID_CREDENTIAL : WeChatError.ACCESS_TOKEN_EXPIRED);
    }
    return token.appId();
  }

  void clear() {
    tokens.clear();
    classic.clear();
    stable.clear();
    forced.clear();
  }

  private Grant issue(Map<String, String> kind, String appId) {
    String accessToken = ids.accessToken();
    tokens.put(accessToken, new Token(appId, clock.instant().plus(LIFETIME), false));
    kind.put(appId, accessToken);
    return new Grant(accessToken, LIFETIME.toSeconds());
  }

  private Optional<Token> current(Map<String, String> kind, String appId) {
    return Optional.ofNullable(kind.get(appId)).flatMap(tokens::get);
  }

  private void replace(String accessToken, Token old, Instant expiresAt) {
    tokens.put(accessToken, new Token(old.appId(), expiresAt, true));
  }

  private static Instant earlier(Instant expiresAt, Instant now) {
    Instant overlapEnd = now.plus(OVERLAP);
    return overlapEnd.isBefore(expiresAt) ? overlapEnd : expiresAt;
  }
}
