package io.thirdsession.app;

import static io.thirdsession.app.Setting.AUDIT_RETENTION;
import static io.thirdsession.app.Setting.AVATARS;
import static io.thirdsession.app.Setting.COMPAT;
import static io.thirdsession.app.Setting.DB_PASSWORD;
import static io.thirdsession.app.Setting.DB_POOL_SIZE;
import static io.thirdsession.app.Setting.DB_TX_POOL_SIZE;
import static io.thirdsession.app.Setting.DB_URL;
import static io.thirdsession.app.Setting.DB_USER;
import static io.thirdsession.app.Setting.MIGRATE;
import static io.thirdsession.app.Setting.MIGRATE_PASSWORD;
import static io.thirdsession.app.Setting.MIGRATE_USER;
import static io.thirdsession.app.Setting.PHONE_ENCRYPTED;
import static io.thirdsession.app.Setting.PHONE_OPENID;
import static io.thirdsession.app.Setting.PUBLIC_URL;
import static io.thirdsession.app.Setting.SESSION_ABSOLUTE;
import static io.thirdsession.app.Setting.SESSION_IDLE;
import static io.thirdsession.app.Setting.SESSION_MAX_PER_USER;
import static io.thirdsession.app.Setting.TRUSTED_PROXIES;
import static io.thirdsession.app.Setting.UNIONID_LINK;
import static io.thirdsession.app.Setting.WX_API_FALLBACK_URL;
import static io.thirdsession.app.Setting.WX_API_URL;

import io.thirdsession.Secret;
import io.thirdsession.http.TrustedProxies;
import io.thirdsession.jdbc.DatabaseSettings;
import io.thirdsession.phone.EncryptedPhone;
import io.thirdsession.phone.PhoneSettings;
import io.thirdsession.session.SessionLifetime;
import io.thirdsession.wechat.WeChatSettings;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
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
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final Duration SHORTEST_LIFETIME = Duration.ofSeconds(60);
  private static final Duration LONGEST_LIFETIME = Duration.ofDays(365);
  private static final int MOST_CONNECTIONS = 500;
  private static final int MOST_SESSIONS = 100;

  private final Environment environment;
  private final List<String> faults = new ArrayList<>();

  private SettingsReader(Environment environment) {
    this.environment = environment;
  }

  /**
   * Returns the settings.
   *
   * @throws SettingsException listing every fault
   */
  static Settings read(Environment environment) {
    return new SettingsReader(environment).read();
  }

  private Settings read() {
    DatabaseSettings database = database();
    WeChatSettings weChat =
        new WeChatSettings(
            baseUrl(WX_API_URL).orElse(URI.create(WX_API_URL.byDefault())),
            baseUrl(WX_API_FALLBACK_URL));
    SecretSettings secrets = new SecretSettings(this::text, faults);
    Duration idle = duration(SESSION_IDLE);
    Duration absolute = duration(SESSION_ABSOLUTE);
    if (idle.compareTo(absolute) > 0) {
      faults.add("SESSION_IDLE is longer than SESSION_ABSOLUTE");
    }
    Settings settings =
        new Settings(
            database,
            weChat,
            secrets.apps(),
            secrets.masterKeys(),
            secrets.serviceClients(),
            new SessionLifetime(idle, absolute),
            integer(SESSION_MAX_PER_USER, MOST_SESSIONS),
            bool(UNIONID_LINK),
            publicUrl(),
            olderClients(),
            new PhoneSettings(encryptedPhone(), bool(PHONE_OPENID)),
            oneOf(AVATARS, Set.of("on", "off")).equals("on"),
            new LimitSettings(this::text, faults).rates(),
            duration(AUDIT_RETENTION, Duration.ofDays(1), Duration.ofDays(3_650)),
            trustedProxies());
    if (!faults.isEmpty()) {
      throw new SettingsException(faults);
    }
    return settings;
  }

  private DatabaseSettings database() {
    String url = required(DB_URL);
    if (!url.isEmpty() && !url.matches("jdbc:mysql:(\\w+:)?//.+/\\w.*")) {
      faults.add("DB_URL is not of the form jdbc:mysql://host:3306/database");
    }
    String user = required(DB_USER);
    String password = text(DB_PASSWORD);
    String migrateUser = text(MIGRATE_USER);
    String migratePassword = text(MIGRATE_PASSWORD);
    return new DatabaseSettings(
        url,
        user,
        Secret.of(password),
        integer(DB_POOL_SIZE, MOST_CONNECTIONS),
        integer(DB_TX_POOL_SIZE, MOST_CONNECTIONS),
        bool(MIGRATE),
        migrateUser.isEmpty() ? user : migrateUser,
        Secret.of(migrateUser.isEmpty() ? password : migratePassword));
  }

  /** Returns the value, from its file if one is named, else the default. */
  private String text(Setting setting) {
    Optional<String> value = environment.value(setting.name());
    Optional<Path> file = environment.file(setting);
    if (file.isEmpty()) {
      return value.orElse(setting.byDefault());
    }
    if (value.isPresent()) {
      faults.add(setting + " and " + setting + "_FILE are both set");
    }
    try {
      String text = Files.readString(file.get()).strip();
      if (text.isEmpty()) {
        faults.add(setting + "_FILE is empty"); // it may be about to be written
      }
      return text;
    } catch (IOException e) {
      faults.add(setting + "_FILE cannot be read: " + e.getClass().getSimpleName());
      return setting.byDefault();
    }
  }

  private String required(Setting setting) {
    String value = text(setting);
    if (value.isEmpty()) {
      faults.add(setting + " is missing");
    }
    return value;
  }

  private int integer(Setting setting, int most) {
    String value = text(setting);
    if (value.matches("[0-9]{1,6}")) {
      int number = Integer.parseInt(value);
      if (number >= 1 && number <= most) {
        return number;
      }
    }
    faults.add(setting + " is no number from 1 to " + most);
    return 1;
  }

  private boolean bool(Setting setting) {
    return oneOf(setting, Set.of("true", "false")).equals("true");
  }

  private String oneOf(Setting setting, Set<String> values) {
    String value = text(setting);
    if (!values.contains(value)) {
      faults.add(setting + " is none of " + values.stream().sorted().toList());
    }
    return value;
  }

  private Duration duration(Setting setting) {
    return duration(setting, SHORTEST_LIFETIME, LONGEST_LIFETIME);
  }

  private Duration duration(Setting setting, Duration shortest, Duration longest) {
    Optional<Duration> duration =
        Durations.parse(text(setting))
            .filter(d -> d.compareTo(shortest) >= 0 && d.compareTo(longest) <= 0);
    if (duration.isEmpty()) {
      faults.add(
          setting
              + " is no duration from "
              + Durations.shown(shortest)
              + " to "
              + Durations.shown(longest)
              + ", such as 30m or 7d");
    }
    return duration.orElse(shortest);
  }

  private Set<OlderClients> olderClients() {
    Set<OlderClients> served = EnumSet.noneOf(OlderClients.class);
    if (text(COMPAT).equals("off")) {
      return served;
    }
    Map<String, OlderClients> known = new LinkedHashMap<>();
    for (OlderClients clients : OlderClients.values()) {
      known.put(clients.label(), clients);
    }
    for (String entry : text(COMPAT).split(",", -1)) {
      OlderClients clients = known.get(entry.strip());
      if (clients == null) {
        faults.add(COMPAT + " is neither off nor a list of " + known.keySet());
        return served;
      }
      served.add(clients);
    }
    return served;
  }

  private EncryptedPhone encryptedPhone() {
    Map<String, EncryptedPhone> values =
        Arrays.stream(EncryptedPhone.values())
            .collect(Collectors.toMap(EncryptedPhone::label, value -> value));
    return values.getOrDefault(oneOf(PHONE_ENCRYPTED, values.keySet()), EncryptedPhone.OFF);
  }

  private Optional<String> publicUrl() {
    String value = text(PUBLIC_URL);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (!PUBLIC.matcher(value).matches()) {
      faults.add(PUBLIC_URL + " is not http(s)://host[:port][/path]");
    }
    return Optional.of(value.endsWith("/") ? value.substring(0, value.length() - 1) : value);
  }

  private Optional<URI> baseUrl(Setting setting) {
    String value = text(setting);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    try {
      URI url = new URI(value);
      boolean bare =
          url.getHost() != null
              && url.getUserInfo() == null
              && url.getQuery() == null
              && (url.getPath().isEmpty() || url.getPath().equals("/"));
      boolean safe =
          "https".equals(url.getScheme())
              || ("http".equals(url.getScheme())
                  && LOOPBACK.contains(String.valueOf(url.getHost())));
      if (bare && safe) {
        return Optional.of(url);
      }
    } catch (URISyntaxException e) {
      // said below
    }
    faults.add(setting + " is not https://host (http only for localhost)");
    return Optional.empty();
  }

  private TrustedProxies trustedProxies() {
    try {
      return TrustedProxies.parse(text(TRUSTED_PROXIES));
    } catch (IllegalArgumentException e) {
      faults.add(TRUSTED_PROXIES + ": " + e.getMessage());
      return TrustedProxies.parse("");
    }
  }
}
