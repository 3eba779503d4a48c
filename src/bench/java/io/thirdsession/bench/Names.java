package io.thirdsession.bench;

/** What figures are called, in the order of the table. */
final class Names {
  static final String SERVLET = "bare servlet";
  static final String READ = "primary-key read";
  static final String TRANSACTION = "login transaction";
  static final String CHECK = "check";
  static final String GATEWAY = "gateway";
  static final String MADE_UP = "made-up token";
  static final String LOGIN = "login";
  static final String FIRST_LOGIN = "first login";
  static final String SLOW_LOGIN = "login, WeChat takes 200 ms";
  static final String BREAKER = "refused, WeChat is down";
  static final String LIMITED = "refused, rate limit";
  static final String BEFORE_BULK = "login before a stranger's bulk load";
  static final String AFTER_BULK = "login after it";
  static final String CHECK_LATENCY = "check at half its rate";
  static final String LOGIN_LATENCY = "login at half its rate";

  private Names() {}
}
