package io.thirdsession.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Login and phone codes: 5 minutes, one use, not interchangeable. Guarded by the World. */
final class Codes {
  static final Duration LIFETIME = Duration.ofMinutes(5);

  enum Kind {
    LOGIN,
    PHONE
  }

  /** A code's meaning. {@code phoneNumber} is there for phone codes only. */
  record Code(
      Kind kind,
      String appId,
      String openId,
      Instant madeAt,
      Optional<PhoneNumber> phoneNumber,
      boolean used) {

    static Code forLogin(WeChatUser user, Instant now) {
      return new Code(Kind.LOGIN, user.appId(), user.openId(), now, Optional.empty(), false);
    }

    static Code forPhone(WeChatUser user, PhoneNumber number, Instant now) {
      return new Code(Kind.PHONE, user.appId(), user.openId(), now, Optional.of(number), false);
    }

    boolean isExpired(Instant now) {
      return !now.isBefore(madeAt.plus(LIFETIME));
    }

    private Code asUsed() {
      return new Code(kind, appId, openId, madeAt, phoneNumber, true);
    }
  }

  private final BoundedMap<Code> codes = new BoundedMap<>(100_000);

  void add(String text, Code code) {
    codes.put(text, code);
  }

  Optional<Code> find(String text) {
    return codes.get(text);
  }

  void markUsed(String text) {
    codes.get(text).ifPresent(code -> codes.put(text, code.asUsed()));
  }

  void clear() {
    codes.clear();
  }
}
