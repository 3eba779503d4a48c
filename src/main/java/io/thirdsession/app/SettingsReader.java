package io.thirdsession.app;

import static io.thirdsession.app.Setting.ADMIN_PAGE;
import static io.thirdsession.app.Setting.AVATARS;
import static io.thirdsession.app.Setting.COMPAT;
import static io.thirdsession.app.Setting.CORS_ORIGINS;
import static io.thirdsession.app.Setting.DB_PASSWORD;
import static io.thirdsession.app.Setting.DB_POOL_SIZE;
import static io.thirdsession.app.Setting.DB_TX_POOL_SIZE;
import static io.thirdsession.app.Setting.DB_URL;
import static io.thirdsession.app.Setting.DB_USER;
import static io.thirdsession.app.Setting.EVENT_RETENTION;
import static io.thirdsession.app.Setting.IMPORT_REQUIRED;
import static io.thirdsession.app.Setting.IMPORT_URL;
import static io.thirdsession.app.Setting.LOST_MASTER_KEYS;
import static io.thirdsession.app.Setting.MIGRATE;
import static io.thirdsession.app.Setting.MIGRATE_PASSWORD;
import static io.thirdsession.app.Setting.MIGRATE_USER;
import static io.thirdsession.app.Setting.PHONE_ENCRYPTED;
import static io.thirdsession.app.Setting.PHONE_OPENID;
import static io.thirdsession.app.Setting.PUBLIC_URL;
import static io.thirdsession.app.Setting.PUSH_RELAY_URL;
import static io.thirdsession.app.Setting.SESSION_ABSOLUTE;
import static io.thirdsession.app.Setting.SESSION_IDLE;
import static io.thirdsession.app.Setting.SESSION_MAX_PER_USER;
import static io.thirdsession.app.Setting.TRUSTED_PROXIES;
import static io.thirdsession.app.Setting.UNIONID_LINK;

import io.thirdsession.Secret;
import io.thirdsession.http.TrustedProxies;
import io.thirdsession.jdbc.DatabaseSettings;
import io.thirdsession.keys.MasterKey;
import io.thirdsession.lazyimport.LazyImportSettings;
import io.thirdsession.phone.EncryptedPhone;
import io.thirdsession.phone.PhoneSettings;
import io.thirdsession.push.PushSettings;
import io.thirdsession.session.SessionLifetime;
import io.thirdsession.webhook.WebhookSettings;
import io.thirdsession.wechat.WeChatSettings;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads all settings and reports all their faults at once. Used once for one reading. */
final class SettingsReader {
  private static final Pattern PUBLIC =
      Pattern.compile("https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~-]+)*/?");

  private static final Pattern RELAY =
      Pattern.compile("https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/{}-]*)?");

  private static final Pattern IMPORT =
      Pattern.compile("https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?");

  private static final Pattern ORIGIN =
      Pattern.compile("https?://[a-z0-9.-]{1,253}(:[1-9][0-9]{0,4})?");
  private static final Pattern DEFAULT_PORT = Pattern.compile("http:.*:80|https:.*:443");

  /** As the driver reads it; what follows a # it would leave out, our own options too. */
  private static final Pattern DATABASE =
      Pattern.compile(
          "jdbc:mysql:((loadbalance|replication):)?//[^/?#\\s]+/[^/?#\\s]+(\\?[^#\\r\\n]*)?");

  private static final Duration MIN_LIFETIME = Duration.ofSeconds(60);
  private static final Duration MAX_LIFETIME = Duration.ofDays(365);
  private static final Duration MIN_RETENTION = Duration.ofHours(1);
  private static final Duration MAX_RETENTION = Duration.ofDays(365);
  private static final int MAX_CONNECTIONS = 500;
  private static final int MAX_SESSIONS = 100;

  private final SettingValues values;

  private SettingsReader(SettingValues values) {
    this.values = values;
  }

  /**
   * Returns the settings.
   *
   * @throws SettingsException listing every fault
   */
  static Settings read(Environment environment) {
    return new SettingsReader(new SettingValues(environment)).read();
  }

  private Settings read() {
    DatabaseSettings database = database();
    WeChatSettings weChat = new WeChatRoute(values).read();
    SecretSettings secrets = new SecretSettings(values);
    List<MasterKey> masterKeys = secrets.masterKeys();
    Duration idle = lifetime(SESSION_IDLE);
    Duration absolute = lifetime(SESSION_ABSOLUTE);
    if (idle.compareTo(absolute) > 0) {
      values.fault(SESSION_IDLE, "must not be longer than SESSION_ABSOLUTE");
    }
    Settings settings =
        new Settings(
            database,
            weChat,
            secrets.apps(),
            masterKeys,
            lostMasterKeys(masterKeys),
            secrets.serviceClients(),
            new SessionLifetime(idle, absolute),
            values.integer(SESSION_MAX_PER_USER, MAX_SESSIONS),
            values.bool(UNIONID_LINK),
            publicUrl(),
            corsOrigins(),
            olderClients(),
            new PhoneSettings(encryptedPhone(), values.bool(PHONE_OPENID)),
            values.oneOf(AVATARS, Set.of("on", "off")).equals("on"),
            values.bool(ADMIN_PAGE),
            new PushSettings(secrets.pushApps(), pushRelayUrl()),
            new WebhookSettings(
                new WebhooksReader(values, secrets).read(),
                WeChatSettings.isOnThisMachine(weChat.apiUrl())),
            values.duration(EVENT_RETENTION, MIN_RETENTION, MAX_RETENTION),
            lazyImport(secrets),
            new LimitSettings(values).rates(),
            new RetentionSettings(values).retention(),
            trustedProxies());
    if (!values.faults().isEmpty()) {
      throw new SettingsException(values.faults());
    }
    return settings;
  }

  private DatabaseSettings database() {
    String url = values.required(DB_URL);
    if (!url.isEmpty() && !DATABASE.matcher(url).matches()) {
      values.fault(
          DB_URL,
          "must be of the form jdbc:mysql://host:3306/database"
              + " (jdbc:mysql:loadbalance: and jdbc:mysql:replication: too)");
    }
    String user = values.required(DB_USER);
    String password = values.text(DB_PASSWORD);
    String migrateUser = values.text(MIGRATE_USER);
    String migratePassword = values.text(MIGRATE_PASSWORD);
    return new DatabaseSettings(
        url,
        user,
        Secret.of(password),
        values.perCore(DB_POOL_SIZE, MAX_CONNECTIONS, Runtime.getRuntime().availableProcessors()),
        values.integer(DB_TX_POOL_SIZE, MAX_CONNECTIONS),
        values.bool(MIGRATE),
        migrateUser.isEmpty() ? user : migrateUser,
        Secret.of(migrateUser.isEmpty() ? password : migratePassword));
  }

  private Duration lifetime(Setting setting) {
    return values.duration(setting, MIN_LIFETIME, MAX_LIFETIME);
  }

  private Set<String> lostMasterKeys(List<MasterKey> masterKeys) {
    Set<String> ids = new HashSet<>();
    for (String id : values.text(LOST_MASTER_KEYS).split("[,\\s]+", -1)) {
      if (MasterKey.ID.matcher(id).matches()) {
        ids.add(id);
      } else if (!id.isEmpty()) {
        values.fault(LOST_MASTER_KEYS, "must be ids of 1 to 16 characters");
      }
    }
    if (masterKeys.stream().anyMatch(key -> ids.contains(key.id()))) {
      values.fault(LOST_MASTER_KEYS, "must not be in MASTER_KEYS");
    }
    return Set.copyOf(ids);
  }

  private Set<OlderClients> olderClients() {
    Set<OlderClients> served = EnumSet.noneOf(OlderClients.class);
    if (values.text(COMPAT).equals("off")) {
      return served;
    }
    Map<String, OlderClients> known = new LinkedHashMap<>();
    for (OlderClients clients : OlderClients.values()) {
      known.put(clients.label(), clients);
    }
    for (String entry : values.text(COMPAT).split(",", -1)) {
      OlderClients clients = known.get(entry.strip());
      if (clients == null) {
        values.fault(COMPAT, "must be off or a list of " + String.join(", ", known.keySet()));
        return served;
      }
      served.add(clients);
    }
    return served;
  }

  private EncryptedPhone encryptedPhone() {
    Map<String, EncryptedPhone> known =
        Arrays.stream(EncryptedPhone.values())
            .collect(Collectors.toMap(EncryptedPhone::label, value -> value));
    return known.getOrDefault(values.oneOf(PHONE_ENCRYPTED, known.keySet()), EncryptedPhone.OFF);
  }

  private Optional<String> publicUrl() {
    String value = values.text(PUBLIC_URL);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (!PUBLIC.matcher(value).matches()) {
      values.fault(PUBLIC_URL, "must be http(s)://host[:port][/path]");
    }
    return Optional.of(value.endsWith("/") ? value.substring(0, value.length() - 1) : value);
  }

  private Optional<String> pushRelayUrl() {
    String value = values.text(PUSH_RELAY_URL);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (!RELAY.matcher(value).matches()) {
      values.fault(
          PUSH_RELAY_URL, "must be http(s)://host[:port][/path]; {appid} may be in its path");
    }
    return Optional.of(value);
  }

  private LazyImportSettings lazyImport(SecretSettings secrets) {
    String value = values.text(IMPORT_URL);
    boolean required = values.bool(IMPORT_REQUIRED);
    if (value.isEmpty()) {
      if (required) {
        values.fault(IMPORT_REQUIRED, "needs IMPORT_URL");
      }
      return new LazyImportSettings(Optional.empty(), Optional.empty(), false);
    }
    Optional<Secret> secret = secrets.importSecret();
    if (!IMPORT.matcher(value).matches()) {
      values.fault(IMPORT_URL, "must be http(s)://host[:port][/path]");
      return new LazyImportSettings(Optional.empty(), secret, required);
    }
    return new LazyImportSettings(Optional.of(URI.create(value)), secret, required);
  }

  private Set<String> corsOrigins() {
    Set<String> origins = new HashSet<>();
    for (String origin : values.text(CORS_ORIGINS).split("[,\\s]+", -1)) {
      if (ORIGIN.matcher(origin).matches() && !DEFAULT_PORT.matcher(origin).matches()) {
        origins.add(origin);
      } else if (!origin.isEmpty()) {
        values.fault(
            CORS_ORIGINS,
            "must be origins as browsers send them, such as https://m.example.com: no path, no"
                + " default port, no capitals, no *");
      }
    }
    return Set.copyOf(origins);
  }

  private TrustedProxies trustedProxies() {
    try {
      return TrustedProxies.parse(values.text(TRUSTED_PROXIES));
    } catch (IllegalArgumentException e) {
      values.fault(TRUSTED_PROXIES + ": " + e.getMessage());
      return TrustedProxies.parse("");
    }
  }
}
