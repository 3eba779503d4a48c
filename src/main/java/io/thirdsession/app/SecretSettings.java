package io.thirdsession.app;

import static io.thirdsession.app.Setting.IMPORT_SECRET;
import static io.thirdsession.app.Setting.MASTER_KEYS;
import static io.thirdsession.app.Setting.PUSH_APPS;
import static io.thirdsession.app.Setting.SERVICE_CLIENTS;
import static io.thirdsession.app.Setting.WX_APPS;
import static java.util.stream.Collectors.joining;

import io.thirdsession.Secret;
import io.thirdsession.client.Scope;
import io.thirdsession.client.ServiceClient;
import io.thirdsession.keys.MasterKey;
import io.thirdsession.push.PushApp;
import io.thirdsession.wechat.WeChatApp;
import io.thirdsession.wechat.WeChatId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * Reads the settings that are secrets, each once. A sample from a document, the output of a
 * generator stuck at zero and a copy of another secret, in whichever setting, are refused: they
 * protect nothing, or give whoever knows one of them the other too. Not thread-safe.
 */
final class SecretSettings {
  private static final Pattern SHA_256 = Pattern.compile("[0-9a-fA-F]{64}");
  private static final int SHOWN_BELOW = 32; // the length of an AppSecret
  private static final int MIN_APP_SECRET_LENGTH = 16;
  private static final int MIN_DIFFERENT_BYTES = 8;

  private static final Pattern PUSH_TOKEN = Pattern.compile("[A-Za-z0-9]{3,32}");
  private static final Pattern PUSH_KEY = Pattern.compile("[A-Za-z0-9]{43}");
  private static final Pattern BEARER = Pattern.compile("[A-Za-z0-9._~+/=-]{16,256}");
  private static final String CACHE = "cache=";
  private static final Duration MAX_CACHE = Duration.ofHours(1);

  /** What our documentation shows in the place of secrets. */
  private static final Set<String> SAMPLES =
      Set.of(
          "0123456789abcdef0123456789abcdef",
          "your-app-secret-goes-here",
          "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");

  private final SettingValues values;

  /** Every secret read so far, and the SHA-256 of it, as which service clients have theirs. */
  private final Set<Secret> known = new HashSet<>();

  SecretSettings(SettingValues values) {
    this.values = values;
  }

  /** Returns the apps of WX_APPS, {@code appid:secret,…}. */
  List<WeChatApp> apps() {
    List<WeChatApp> apps = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (String[] entry : entries(WX_APPS, "appid:secret")) {
      Secret secret = Secret.of(entry[1]);
      if (!WeChatId.PATTERN.matcher(entry[0]).matches() || !ids.add(entry[0])) {
        values.fault(WX_APPS + ": an appid is malformed or duplicate");
      }
      if (secret.length() < MIN_APP_SECRET_LENGTH) {
        values.fault(WX_APPS + ": the secret of " + shown(entry[0]) + " is too short");
      }
      checkStrength(WX_APPS, shown(entry[0]), secret, entry[1]);
      apps.add(new WeChatApp(entry[0], secret));
    }
    return List.copyOf(apps);
  }

  /** Returns the keys of MASTER_KEYS, {@code id:base64 of 32 bytes,…}. */
  List<MasterKey> masterKeys() {
    List<MasterKey> keys = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (String[] entry : entries(MASTER_KEYS, "id:base64")) {
      try {
        Secret secret = Secret.of(Base64.getDecoder().decode(entry[1]));
        keys.add(new MasterKey(entry[0], secret));
        checkStrength(MASTER_KEYS, shown(entry[0]), secret, entry[1]);
        if (!ids.add(entry[0])) {
          values.fault(MASTER_KEYS + ": duplicate id " + shown(entry[0]));
        }
      } catch (IllegalArgumentException ignored) {
        // the message of the decoder would quote a part of the key
        values.fault(
            MASTER_KEYS
                + ": key "
                + shown(entry[0])
                + " must be an id of 1 to 16 characters and base64 of 32 bytes");
      }
    }
    return List.copyOf(keys);
  }

  /**
   * Returns the clients of SERVICE_CLIENTS, {@code
   * id:sha256hex[:scope+scope[:appid+appid[:cache=30s]]],…}; one id may occur twice, with two
   * secrets. Apps may be empty before a cache. The list may be empty.
   */
  List<ServiceClient> serviceClients() {
    if (values.text(SERVICE_CLIENTS).isEmpty()) {
      return List.of();
    }
    List<ServiceClient> clients = new ArrayList<>();
    for (String[] entry : entries(SERVICE_CLIENTS, "id:sha256hex[:scopes[:appids[:cache=30s]]]")) {
      String[] rest = entry[1].split(":", -1);
      if (!WeChatId.PATTERN.matcher(entry[0]).matches() || !SHA_256.matcher(rest[0]).matches()) {
        values.fault(
            SERVICE_CLIENTS
                + ": "
                + shown(entry[0])
                + " must be followed by a SHA-256 of 64 hex digits");
        continue;
      }
      Secret hash = Secret.of(HexFormat.of().parseHex(rest[0]));
      checkStrength(SERVICE_CLIENTS, shown(entry[0]), hash, rest[0]);
      clients.add(
          new ServiceClient(
              entry[0],
              hash,
              rest.length > 1 ? scopes(entry[0], rest[1]) : Set.of(Scope.INTROSPECT),
              rest.length > 2 ? appsOf(entry[0], rest[2], rest.length > 3) : Set.of(),
              rest.length > 3 ? cache(entry[0], rest[3]) : Optional.empty()));
      if (rest.length > 4) {
        values.fault(SERVICE_CLIENTS + ": nothing may follow the cache of " + shown(entry[0]));
      }
    }
    return List.copyOf(clients);
  }

  /** Returns the apps of PUSH_APPS, {@code appid:token[:aesKey],…}; the list may be empty. */
  List<PushApp> pushApps() {
    if (values.text(PUSH_APPS).isEmpty()) {
      return List.of();
    }
    List<PushApp> apps = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (String[] entry : entries(PUSH_APPS, "appid:token[:aesKey]")) {
      String[] rest = entry[1].split(":", -1);
      if (!WeChatId.PATTERN.matcher(entry[0]).matches() || !ids.add(entry[0])) {
        values.fault(PUSH_APPS + ": an appid is malformed or duplicate");
      }
      if (!PUSH_TOKEN.matcher(rest[0]).matches()) {
        values.fault(
            PUSH_APPS + ": the token of " + shown(entry[0]) + " must be 3 to 32 letters or digits");
      }
      if (rest.length > 2 || (rest.length == 2 && !PUSH_KEY.matcher(rest[1]).matches())) {
        values.fault(
            PUSH_APPS
                + ": the aesKey of "
                + shown(entry[0])
                + " must be the EncodingAESKey of WeChat's console, 43 letters or digits");
        continue;
      }
      Secret token = Secret.of(rest[0]);
      checkToken(entry[0], token, rest[0]);
      apps.add(
          new PushApp(
              entry[0], token, rest.length == 2 ? pushKey(entry[0], rest[1]) : Optional.empty()));
    }
    return List.copyOf(apps);
  }

  /** Refuses a sample and a copy; WeChat lets a token be short. */
  private void checkToken(String appId, Secret token, String asWritten) {
    if (isOfOurPages(asWritten)) {
      values.fault(PUSH_APPS + ": the token of " + shown(appId) + " is a sample, not a secret");
    }
    if (!isNew(token, asWritten)) {
      values.fault(PUSH_APPS + ": the token of " + shown(appId) + " is used twice");
    }
  }

  private Optional<Secret> pushKey(String appId, String text) {
    String padded = text + "=";
    Secret key = Secret.of(Base64.getDecoder().decode(padded));
    checkStrength(PUSH_APPS, shown(appId), key, padded);
    return Optional.of(key);
  }

  /** Returns the secret of IMPORT_SECRET, which must be there. */
  Optional<Secret> importSecret() {
    String value = values.required(IMPORT_SECRET);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    Secret secret = Secret.of(value);
    if (!BEARER.matcher(value).matches()) {
      values.fault(IMPORT_SECRET, "must be 16 to 256 characters of A-Z a-z 0-9 . _ ~ + / = -");
    } else if (isSample(secret, value)) {
      values.fault(IMPORT_SECRET, "is a sample, not a secret");
    } else if (!isNew(secret, value)) {
      values.fault(IMPORT_SECRET, "is used twice");
    }
    return Optional.of(secret);
  }

  private Optional<Duration> cache(String id, String attribute) {
    Optional<Duration> cache =
        Optional.of(attribute)
            .filter(text -> text.startsWith(CACHE))
            .flatMap(text -> Durations.parse(text.substring(CACHE.length())))
            .filter(duration -> duration.compareTo(MAX_CACHE) <= 0);
    if (cache.isEmpty()) {
      values.fault(
          SERVICE_CLIENTS + ": the cache of " + shown(id) + " must be cache=1s to cache=3600s");
    }
    return cache;
  }

  private Set<String> appsOf(String id, String names, boolean mayBeEmpty) {
    if (names.isEmpty() && mayBeEmpty) {
      return Set.of();
    }
    Set<String> apps = new HashSet<>();
    for (String name : names.split("\\+", -1)) {
      if (!WeChatId.PATTERN.matcher(name).matches() || !apps.add(name)) {
        values.fault(SERVICE_CLIENTS + ": an appid of " + shown(id) + " is malformed or duplicate");
      }
    }
    return Set.copyOf(apps);
  }

  private Set<Scope> scopes(String id, String names) {
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    for (String name : names.split("\\+", -1)) {
      Optional<Scope> scope = Scope.of(name);
      scope.ifPresent(scopes::add);
      if (scope.isEmpty()) {
        String known = Arrays.stream(Scope.values()).map(Scope::label).collect(joining(", "));
        values.fault(SERVICE_CLIENTS + ": a scope of " + shown(id) + " must be one of " + known);
      }
    }
    return scopes;
  }

  private List<String[]> entries(Setting setting, String form) {
    String value = values.required(setting);
    List<String[]> entries = new ArrayList<>();
    for (String entry : value.split("[,\\s]+", -1)) {
      int colon = entry.indexOf(':');
      if (colon > 0) {
        entries.add(new String[] {entry.substring(0, colon), entry.substring(colon + 1)});
      } else if (!entry.isEmpty()) {
        values.fault(setting + ": an entry must be of the form " + form);
      }
    }
    return entries;
  }

  /**
   * Refuses a secret that protects nothing, or that is there already.
   *
   * @param whose as a log may show it
   */
  void checkStrength(Setting setting, String whose, Secret secret, String asWritten) {
    if (isSample(secret, asWritten)) {
      values.fault(setting + ": the secret of " + whose + " is a sample, not a secret");
    }
    if (!isNew(secret, asWritten)) {
      values.fault(setting + ": the secret of " + whose + " is used twice");
    }
  }

  private boolean isNew(Secret secret, String asWritten) {
    boolean isNew = known.add(secret);
    return known.add(Secret.of(DigestUtils.sha256(asWritten))) && isNew;
  }

  private static boolean isSample(Secret secret, String asWritten) {
    Set<Byte> different = new HashSet<>();
    for (byte b : secret.bytes()) {
      different.add(b);
    }
    return different.size() < MIN_DIFFERENT_BYTES || isOfOurPages(asWritten);
  }

  private static boolean isOfOurPages(String asWritten) {
    return SAMPLES.contains(asWritten) || SAMPLES.contains(asWritten.toLowerCase(Locale.ROOT));
  }

  /**
   * Shows an id only if it can be one: whoever swaps the two halves must not find the secret in a
   * log.
   */
  private static String shown(String id) {
    return WeChatId.PATTERN.matcher(id).matches() && id.length() < SHOWN_BELOW ? id : "?";
  }
}
