package io.thirdsession.app;

/**
 * Every setting, with its default as it would be written. The configuration guide has one row for
 * each.
 */
enum Setting {
  /** JDBC URL. */
  DB_URL(""),
  /** Who reads and writes. */
  DB_USER(""),
  /** Their password. */
  DB_PASSWORD(""),
  /** Connections for single statements. */
  DB_POOL_SIZE("auto"),
  /** Connections, and threads, for logins. */
  DB_TX_POOL_SIZE("10"),
  /** The mini programs: {@code appid:secret,…}. */
  WX_APPS(""),
  /** Where WeChat is. */
  WX_API_URL("https://api.weixin.qq.com"),
  /** Where it is too, if nothing gets through to the first. */
  WX_API_FALLBACK_URL(""),
  /** Whether these may be http, beyond this machine. */
  WX_API_PLAINTEXT("false"),
  /** The HTTP proxy on the way to WeChat. */
  WX_PROXY(""),
  /** {@code id:base64,…}; the first is active. */
  MASTER_KEYS(""),
  /** Ids of master keys that are lost, whose identities are to be believed. */
  LOST_MASTER_KEYS(""),
  /** Other services: {@code id:sha256hex[:scope+scope[:appid+appid[:cache=30s]]],…}. */
  SERVICE_CLIENTS(""),
  /** Mini programs whose message push comes here: {@code appid:token[:aesKey],…}. */
  PUSH_APPS(""),
  /** Who gets their pushes too. */
  PUSH_RELAY_URL(""),
  /** URLs that are told of events: {@code secret[:event+event]@url,…}. */
  WEBHOOKS(""),
  /** How long events are kept. */
  EVENT_RETENTION("7d"),
  /** Where users are looked up who are new here. */
  IMPORT_URL(""),
  /** What proves to them who asks. */
  IMPORT_SECRET(""),
  /** Whether nobody may log in about whom they say nothing. */
  IMPORT_REQUIRED("false"),
  /** How long an unused session lives. */
  SESSION_IDLE("7d"),
  /** How long a session lives at most. */
  SESSION_ABSOLUTE("30d"),
  /** Live sessions a user may have. */
  SESSION_MAX_PER_USER("10"),
  /** Whether identities with one unionid share a user. */
  UNIONID_LINK("false"),
  /** The URL by which clients reach this server. */
  PUBLIC_URL(""),
  /** Origins whose pages may make the mini program's calls: {@code https://m.example.com,…}. */
  CORS_ORIGINS(""),
  /** Which older clients are served. */
  COMPAT("seed,wafer"),
  /** Whether phone numbers are taken that the client hands over encrypted. */
  PHONE_ENCRYPTED("on"),
  /** Whether WeChat is to check that the code of a phone button is the user's. */
  PHONE_OPENID("true"),
  /** Whether users may upload a picture. */
  AVATARS("on"),
  /** Whether the operator's page is served. */
  ADMIN_PAGE("false"),
  /** How often one may call: {@code login=600/1m,…}, or off. */
  RATE_LIMITS(
      "login=600/1m,login.user=30/1m,decrypt=600/1m,decrypt.user=10/1m,avatar.user=10/1m,"
          + "account.user=60/1m,export.user=10/1h,client=30/1m"),
  /** Proxies whose word on IP addresses counts. */
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

  /** Returns the value that counts if none is given; may be empty. */
  String byDefault() {
    return byDefault;
  }

  /** Returns the name under which the path of its file is given, where it may have one. */
  String fileName() {
    return name() + "_FILE";
  }

  /** Returns whether it says which database is used, as whom, or how. */
  boolean isOfDatabase() {
    return name().startsWith("DB_") || this == MIGRATE_USER || this == MIGRATE_PASSWORD;
  }

  /** Returns whether the value may come from a file that {@code NAME_FILE} names. */
  boolean isSecret() {
    return this == DB_PASSWORD
        || this == WX_APPS
        || this == MASTER_KEYS
        || this == SERVICE_CLIENTS
        || this == PUSH_APPS
        || this == WEBHOOKS
        || this == IMPORT_SECRET
        || this == MIGRATE_PASSWORD;
  }
}
