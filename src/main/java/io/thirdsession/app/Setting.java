package io.thirdsession.app;

/**
 * Every setting there is, with its default as it would be written. The configuration guide has one
 * row for each.
 */
enum Setting {
  /** JDBC URL. */
  DB_URL(""),
  /** Who reads and writes. */
  DB_USER(""),
  /** Their password. */
  DB_PASSWORD(""),
  /** Connections for single statements. */
  DB_POOL_SIZE("10"),
  /** Connections, and threads, for logins. */
  DB_TX_POOL_SIZE("10"),
  /** The mini programs: {@code appid:secret,…}. */
  WX_APPS(""),
  /** Where WeChat is. */
  WX_API_URL("https://api.weixin.qq.com"),
  /** Where else it is, should nothing get through to the first. */
  WX_API_FALLBACK_URL(""),
  /** {@code id:base64,…}; the first is active. */
  MASTER_KEYS(""),
  /** Other services: {@code id:sha256hex[:scope+scope[:appid+appid]],…}. */
  SERVICE_CLIENTS(""),
  /** How long a session lives unused. */
  SESSION_IDLE("7d"),
  /** How long a session lives at most. */
  SESSION_ABSOLUTE("30d"),
  /** Live sessions a user may have. */
  SESSION_MAX_PER_USER("10"),
  /** Whether identities with one unionid share a user. */
  UNIONID_LINK("false"),
  /** By which address clients reach this server. */
  PUBLIC_URL(""),
  /** Which older clients are served. */
  COMPAT("seed,wafer"),
  /** Whether phone numbers are taken that the client hands over encrypted. */
  PHONE_ENCRYPTED("on"),
  /** Whether WeChat is to check whose the code of a phone button is. */
  PHONE_OPENID("true"),
  /** Whether users may upload a picture. */
  AVATARS("on"),
  /** How often one may call: {@code login=600/1m,…}, or off. */
  RATE_LIMITS(
      "login=600/1m,login.user=30/1m,decrypt=600/1m,decrypt.user=10/1m,avatar.user=10/1m,"
          + "client=30/1m"),
  /** Proxies whose word on addresses counts. */
  TRUSTED_PROXIES(""),
  /** How long the audit trail is kept. */
  AUDIT_RETENTION("180d"),
  /** Whether {@code sql/} is applied at start. */
  MIGRATE("true"),
  /** Who applies it; empty: DB_USER. */
  MIGRATE_USER(""),
  /** Their password; empty: DB_PASSWORD. */
  MIGRATE_PASSWORD("");

  private final String byDefault;

  Setting(String byDefault) {
    this.byDefault = byDefault;
  }

  /** Returns the value where none is given; empty where there is none. */
  String byDefault() {
    return byDefault;
  }

  /** Returns whether the value may come from a file that {@code NAME_FILE} names. */
  boolean isSecret() {
    return this == DB_PASSWORD
        || this == WX_APPS
        || this == MASTER_KEYS
        || this == SERVICE_CLIENTS
        || this == MIGRATE_PASSWORD;
  }
}
