package io.thirdsession.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** One user of one app, with the one session_key that is valid at a time. Guarded by the World. */
final class WeChatUser {
  private final String appId;
  private final String openId;
  private Optional<String> unionId = Optional.empty();
  private Optional<String> sessionKey = Optional.empty();
  private Instant keyMadeAt = Instant.MIN;
  private boolean keyRotatesAtNextLogin;
  private boolean blocked;
  private long countedMinute = Long.MIN_VALUE;
  private int loginsInMinute;

  WeChatUser(String appId, String openId) {
    this.appId = appId;
    this.openId = openId;
  }

  String appId() {
    return appId;
  }

  String openId() {
    return openId;
  }

  Optional<String> unionId() {
    return unionId;
  }

  void bindUnionId(String newUnionId) {
    unionId = Optional.of(newUnionId);
  }

  Optional<String> sessionKey() {
    return sessionKey;
  }

  /**
   * Does what {@code wx.login} does to the key: replaces it once it is old enough. It is this call,
   * not the code's exchange, that makes data encrypted earlier undecryptable with the new key.
   */
  void logIn(Instant now, Duration keyRefresh, Ids ids) {
    boolean oldEnough = sessionKey.isEmpty() || !now.isBefore(keyMadeAt.plus(keyRefresh));
    if (oldEnough || keyRotatesAtNextLogin) {
      sessionKey = Optional.of(ids.base64Of16Bytes());
      keyMadeAt = now;
      keyRotatesAtNextLogin = false;
    }
  }

  /** Replaces the key. The new key keeps the old one's age: its expiry is inherited. */
  String resetSessionKey(Ids ids) {
    String newKey = ids.base64Of16Bytes();
    sessionKey = Optional.of(newKey);
    return newKey;
  }

  void rotateKeyAtNextLogin() {
    keyRotatesAtNextLogin = true;
  }

  boolean isBlocked() {
    return blocked;
  }

  void block(boolean newBlocked) {
    blocked = newBlocked;
  }

  /** Counts one exchange; returns false if that is more than the minute's limit. */
  boolean countLogin(Instant now, int limit) {
    long minute = Math.floorDiv(now.getEpochSecond(), 60);
    if (minute != countedMinute) {
      countedMinute = minute;
      loginsInMinute = 0;
    }
    loginsInMinute = Math.min(loginsInMinute, limit) + 1;
    return loginsInMinute <= limit;
  }
}
