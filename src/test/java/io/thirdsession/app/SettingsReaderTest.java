package io.thirdsession.app;

import static io.thirdsession.testing.AppServer.APP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.Secret;
import io.thirdsession.audit.AuditRetention;
import io.thirdsession.client.Scope;
import io.thirdsession.client.ServiceClient;
import io.thirdsession.event.EventType;
import io.thirdsession.lazyimport.LazyImportSettings;
import io.thirdsession.limit.Limit;
import io.thirdsession.limit.Rate;
import io.thirdsession.push.PushApp;
import io.thirdsession.testing.TestClients;
import io.thirdsession.testing.TestKeys;
import io.thirdsession.webhook.Webhook;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsReaderTest {
  private static final String ZEROS =
      "0000000000000000000000000000000000000000000000000000000000000000";
  private static final String HASH =
      "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

  private final Map<String, String> values = new HashMap<>();

  @TempDir Path folder;

  @BeforeEach
  void setWhatIsRequired() {
    values.put("DB_URL", "jdbc:mysql://localhost:3306/thirdsession");
    values.put("DB_USER", "thirdsession");
    values.put("DB_PASSWORD", "canary-db-password");
    values.put("WX_APPS", APP + ":canary0123456789secret");
    values.put("MASTER_KEYS", TestKeys.setting("k1"));
  }

  @Test
  void fillsInTheDocumentedDefaults() {
    Settings settings = read();

    assertEquals(URI.create("https://api.weixin.qq.com"), settings.weChat().apiUrl());
    assertTrue(settings.weChat().fallbackUrl().isEmpty());
    assertEquals(Duration.ofDays(7), settings.sessionLifetime().idle());
    assertEquals(Duration.ofDays(30), settings.sessionLifetime().absolute());
    assertEquals(10, settings.sessionMaxPerUser());
    assertEquals(
        Math.max(4, 2 * Runtime.getRuntime().availableProcessors()),
        settings.database().poolSize());
    assertEquals(10, settings.database().transactionPoolSize());
    assertTrue(settings.database().migrate());
    assertEquals("thirdsession", settings.database().migrateUser());
    assertEquals(Secret.of("canary-db-password"), settings.database().migratePassword());
    assertFalse(settings.unionIdLink());
    assertEquals(Set.of(OlderClients.SEED, OlderClients.WAFER), settings.olderClients());
  }

  @Test
  void takesIdsOfLostMasterKeysThatAreNoOthers() {
    values.put("LOST_MASTER_KEYS", "k0, k9");
    assertEquals(Set.of("k0", "k9"), read().lostMasterKeys());

    values.put("LOST_MASTER_KEYS", "k0,k1");
    assertEquals(List.of("LOST_MASTER_KEYS must not be in MASTER_KEYS"), faults());

    values.put("LOST_MASTER_KEYS", "k0:AAAA");
    assertEquals(List.of("LOST_MASTER_KEYS must be ids of 1 to 16 characters"), faults());
  }

  @Test
  void reportsAllFaultsAtOnceAndNoSecret() {
    values.clear();
    values.put("WX_APPS", "canary-secret-without-id");
    values.put("SESSION_IDLE", "soon");
    values.put("MIGRATE", "yes");

    assertEquals(
        List.of(
            "DB_URL is missing",
            "DB_USER is missing",
            "MIGRATE must be true or false",
            "WX_APPS: an entry must be of the form appid:secret",
            "MASTER_KEYS is missing",
            "SESSION_IDLE must be a duration from 60s to 365d, such as 30m or 7d"),
        faults().stream().sorted((a, b) -> order(a) - order(b)).toList());
  }

  @Test
  void readsSeveralAppsAndKeysInOrder() {
    values.put("WX_APPS", "wx2:secret-2-abcdefgh, wx1:secret-1-abcdefgh\n");
    values.put("MASTER_KEYS", TestKeys.setting("k2", "k1"));

    Settings settings = read();

    assertEquals(List.of("wx2", "wx1"), settings.apps().stream().map(a -> a.appId()).toList());
    assertEquals(List.of("k2", "k1"), settings.masterKeys().stream().map(k -> k.id()).toList());
  }

  @Test
  void readsSecretsFromFiles() throws IOException {
    values.remove("WX_APPS");
    Path file = Files.writeString(folder.resolve("apps"), "wx9:secret-9-abcdefgh\n");
    values.put("WX_APPS_FILE", file.toString());

    assertEquals(Secret.of("secret-9-abcdefgh"), read().apps().get(0).secret());
  }

  /** Notepad begins a file with a byte order mark, and ends its lines with CR LF. */
  @Test
  void readsFilesThatWereWrittenOnWindows() throws IOException {
    values.keySet().removeAll(Set.of("DB_PASSWORD", "WX_APPS", "MASTER_KEYS"));
    values.put("DB_PASSWORD_FILE", windowsFile("db-password", "canary-db-password\r\n"));
    values.put("MIGRATE_USER", "ddl");
    values.put("MIGRATE_PASSWORD_FILE", windowsFile("migrate-password", "canary-ddl\r\n"));
    values.put(
        "WX_APPS_FILE", windowsFile("apps", "wx8:secret-8-abcdefgh\r\nwx9:secret-9-abcdefgh\r\n"));
    values.put("MASTER_KEYS_FILE", windowsFile("keys", TestKeys.setting("k1") + "\r\n"));
    values.put("SERVICE_CLIENTS_FILE", windowsFile("clients", "orders:" + HASH + "\r\n"));

    Settings settings = read();

    assertEquals(Secret.of("canary-db-password"), settings.database().password());
    assertEquals(Secret.of("canary-ddl"), settings.database().migratePassword());
    assertEquals(List.of("wx8", "wx9"), settings.apps().stream().map(a -> a.appId()).toList());
    assertEquals("k1", settings.masterKeys().get(0).id());
    assertEquals("orders", settings.serviceClients().get(0).id());
  }

  @ParameterizedTest
  @CsvSource({"UTF-16, ' not UTF-16'", "x-UTF-16LE-BOM, ' not UTF-16'", "GBK, ''"})
  void refusesFilesThatAreNotUtf8(String charset, String but) throws IOException {
    values.remove("DB_PASSWORD");
    Path file = Files.write(folder.resolve("p"), "密码".getBytes(Charset.forName(charset)));
    values.put("DB_PASSWORD_FILE", file.toString());

    assertEquals(
        List.of("DB_PASSWORD_FILE must be UTF-8" + (but.isEmpty() ? "" : "," + but)), faults());
  }

  @Test
  void refusesAValueAndAFileForOneSetting() throws IOException {
    values.put("WX_APPS_FILE", Files.writeString(folder.resolve("a"), "wx9:s").toString());

    assertTrue(faults().contains("WX_APPS and WX_APPS_FILE are both set (test)"));
  }

  @Test
  void refusesAFileThatIsNotThere() {
    values.remove("DB_PASSWORD");
    values.put("DB_PASSWORD_FILE", folder.resolve("missing").toString());

    assertEquals(List.of("DB_PASSWORD_FILE cannot be read: NoSuchFileException"), faults());
  }

  @ParameterizedTest
  @CsvSource({"60s, 60", "30m, 1800", "12h, 43200", "7d, 604800"})
  void readsDurations(String text, long seconds) {
    values.put("SESSION_IDLE", text);

    assertEquals(Duration.ofSeconds(seconds), read().sessionLifetime().idle());
  }

  @ParameterizedTest
  @ValueSource(strings = {"59s", "0d", "366d", "7", "7 d", "7D", "-7d", "1.5d", "99999999999d"})
  void refusesOtherDurations(String text) {
    values.put("SESSION_ABSOLUTE", text);

    assertTrue(faults().get(0).startsWith("SESSION_ABSOLUTE must be a duration"));
  }

  @Test
  void refusesAnIdleLifetimeBeyondTheAbsoluteOne() {
    values.put("SESSION_IDLE", "31d");

    assertEquals(List.of("SESSION_IDLE must not be longer than SESSION_ABSOLUTE"), faults());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "101", "x", "-1", "1.0", "9999999"})
  void refusesNumbersOutOfRange(String text) {
    values.put("SESSION_MAX_PER_USER", text);

    assertEquals(List.of("SESSION_MAX_PER_USER must be a number from 1 to 100"), faults());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://localhost",
        "api.weixin.qq.com",
        "https://",
        "https://user@host",
        "https://canary:canary@host/path",
        "https://host?x=1",
        "https://host/path?",
        "https://host#x",
        "https://host/a/../b",
        "https://host//a",
        "https://host/a%2Fb",
        "https://host/a//",
        "https://ho st",
        "HTTPS://host",
      })
  void refusesUrlsOfWeChatThatWouldLeakOrMislead(String url) {
    values.put("WX_API_PLAINTEXT", "true");
    values.put("WX_API_URL", url);
    assertEquals(
        List.of("WX_API_URL must be https://host[:port][/path], without user and query"), faults());

    values.remove("WX_API_URL");
    values.put("WX_API_FALLBACK_URL", url);
    assertEquals(
        List.of("WX_API_FALLBACK_URL must be https://host[:port][/path], without user and query"),
        faults());
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost:9090, http://localhost:9090",
    "http://127.0.0.1:9090/, http://127.0.0.1:9090",
    "http://[::1]:9090, http://[::1]:9090",
    "https://h, https://h",
    "https://relay.example.com:8443/wx/api/, https://relay.example.com:8443/wx/api",
  })
  void takesUrlsOfWeChatAndOfRelays(String url, String taken) {
    values.put("WX_API_URL", url);
    values.put("WX_API_FALLBACK_URL", url);

    assertEquals(URI.create(taken), read().weChat().apiUrl());
    assertEquals(Optional.of(URI.create(taken)), read().weChat().fallbackUrl());
    assertEquals(List.of(), read().weChat().plaintext());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://api.weixin.qq.com", "http://127.0.0.1.evil.com", "http://10.0.0.1:80/wx"})
  void takesPlaintextOverANetworkOnlyIfAskedForByName(String url) {
    values.put("WX_API_URL", url);
    assertEquals(
        List.of("WX_API_URL must be https, or http to localhost, or allowed by WX_API_PLAINTEXT"),
        faults());

    values.put("WX_API_PLAINTEXT", "true");
    assertEquals(List.of(URI.create(url)), read().weChat().plaintext());
  }

  @ParameterizedTest
  @CsvSource({
    "http://proxy.example.com:3128, proxy.example.com:3128",
    "http://10.0.0.1:3128/, 10.0.0.1:3128",
    "proxy:8080, proxy:8080",
    "[::1]:3128, [::1]:3128",
  })
  void takesAProxyToWeChat(String value, String proxy) {
    values.put("WX_PROXY", value);

    assertEquals(Optional.of(proxy), read().weChat().proxy().map(Object::toString));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "proxy",
        "http://proxy",
        "https://proxy:3128",
        "socks5://proxy:1080",
        "http://canary:canary@proxy:3128",
        "canary@proxy:3128",
        "http://proxy:3128/path",
        "http://proxy:3128?x",
        "http://proxy:0",
        "http://proxy:65536",
        "http://pro xy:1",
        "http://:3128",
      })
  void refusesOtherProxies(String value) {
    values.put("WX_PROXY", value);

    assertEquals(List.of("WX_PROXY must be http://host:port, without user and path"), faults());
  }

  @ParameterizedTest
  @ValueSource(strings = {"WX_API_URL", "WX_API_FALLBACK_URL"})
  void refusesAProxyThatWouldReadTheAppSecret(String name) {
    values.put(name, "http://relay.example.com");
    values.put("WX_API_PLAINTEXT", "true");
    values.put("WX_PROXY", "http://proxy:3128");

    assertEquals(
        List.of(
            "WX_PROXY must not be set beside an http URL of WeChat: it would read the AppSecret"),
        faults());
  }

  /** The simulator of a developer who needs a proxy for all else. */
  @Test
  void takesAProxyBesideAWeChatOnThisMachine() {
    values.put("WX_API_URL", "http://127.0.0.1:9090");
    values.put("WX_PROXY", "http://proxy:3128");

    assertTrue(read().weChat().proxy().isPresent());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:mysql://h/d",
        "jdbc:mysql://h:3307/my-db?connectTimeout=500&sessionVariables=sql_mode='ANSI, TRADITIONAL'",
        "jdbc:mysql://h1,h2:3307/d",
        "jdbc:mysql://[::1]:3306/d?",
        "jdbc:mysql://address=(host=h)(port=3306)/d",
        "jdbc:mysql:loadbalance://h1,h2/d?loadBalanceStrategy=random",
        "jdbc:mysql:replication://h1,h2/d",
      })
  void takesTheFormsOfADatabaseUrlThatTheGuideHas(String url) {
    values.put("DB_URL", url);

    assertEquals(url, read().database().url());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:mariadb://h/d",
        "mysql://h/d",
        "mysqlx://h/d",
        "JDBC:MYSQL://h/d",
        "jdbc:mysql+srv://h/d",
        "jdbc:mysql:aws://h/d",
        "jdbc:mysql:fabric://h/d",
        "jdbc:mysql:failover://h1,h2/d",
        "jdbc:mysql:LoadBalance://h1,h2/d",
        "jdbc:mysql:loadbalance:replication://h1,h2/d",
        "jdbc:mysql:/h/d",
        "jdbc:mysql:///d",
        "jdbc:mysql://h:3306",
        "jdbc:mysql://h/",
        "jdbc:mysql://h/?path=a/b",
        "jdbc:mysql://h?path=a/b",
        "jdbc:mysql://h/a/b",
        "jdbc:mysql://h/d d",
        "jdbc:mysql://h/d#connectTimeout=1",
        "jdbc:mysql://h/d?a=b#c",
      })
  void refusesOtherUrlsOfADatabase(String url) {
    values.put("DB_URL", url);

    assertEquals(
        List.of(
            "DB_URL must be of the form jdbc:mysql://host:3306/database"
                + " (jdbc:mysql:loadbalance: and jdbc:mysql:replication: too)"),
        faults());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "k1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "k1:short",
        "k1:",
        ":AAAA",
        "k 1",
        "canary",
        "a-key-id-that-is-too-long:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
      })
  void refusesMasterKeysThatProtectNothing(String keys) {
    values.put("MASTER_KEYS", keys);

    List<String> faults = faults();
    assertFalse(faults.isEmpty());
    assertTrue(faults.stream().allMatch(fault -> fault.startsWith("MASTER_KEYS")));
    assertFalse(faults.toString().contains("AAAA"), "no part of a key");
    assertFalse(faults.toString().contains("canary"), "no part of a key");
  }

  @Test
  void refusesOneMasterKeyUnderTwoIdsAndTwoUnderOne() {
    String first = TestKeys.setting("k1");
    String second = TestKeys.setting("k2");

    values.put("MASTER_KEYS", first + "," + first.replace("k1:", "k9:"));
    assertEquals(List.of("MASTER_KEYS: the secret of k9 is used twice"), faults());

    values.put("MASTER_KEYS", first + "," + second.replace("k2:", "k1:"));
    assertEquals(List.of("MASTER_KEYS: duplicate id k1"), faults());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "wx1:short",
        "wx1:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "wx1:0123456789abcdef0123456789abcdef",
        "wx1:your-app-secret-goes-here",
        "wx 1:abcdefgh12345678",
        "wx1:abcdefgh12345678,wx1:abcdefgh12345679",
        "wx1:abcdefgh12345678,wx2:abcdefgh12345678",
      })
  void refusesAppSecretsThatAreSamplesOrMistakes(String apps) {
    values.put("WX_APPS", apps);

    List<String> faults = faults();
    assertFalse(faults.isEmpty());
    assertFalse(faults.toString().contains("abcdefgh"), "no part of a secret");
  }

  @Test
  void doesNotShowASecretThatStandsWhereTheIdBelongs() {
    values.put("WX_APPS", "0123456789abcdef0123456789abcdef0:wx1");

    assertFalse(faults().toString().contains("0123456789abcdef0123456789abcdef0"));
  }

  @Test
  void refusesProxiesThatAreNoNetworks() {
    values.put("TRUSTED_PROXIES", "10.0.0.0/8,nginx");

    assertEquals(List.of("TRUSTED_PROXIES: nginx must be an IP address or a network"), faults());
  }

  @Test
  void readsServiceClientsWithScopesAndApps() {
    values.put(
        "SERVICE_CLIENTS",
        TestClients.entry("orders", "canary-client-secret-1", "")
            + ",\n"
            + TestClients.entry("crm", "canary-client-secret-2", "users+phone:wx1+wx2"));

    List<ServiceClient> clients = read().serviceClients();

    assertEquals(Set.of(Scope.INTROSPECT), clients.get(0).scopes());
    assertTrue(clients.get(0).mayKnow("any"));
    assertEquals("crm", clients.get(1).id());
    assertEquals(Set.of(Scope.USERS, Scope.PHONE), clients.get(1).scopes());
    assertTrue(clients.get(1).mayKnow("wx2"));
    assertFalse(clients.get(1).mayKnow("wx3"));
    assertFalse(clients.get(1).toString().contains("canary"));
  }

  @Test
  void readsForHowLongAServiceClientMayCache() {
    values.put(
        "SERVICE_CLIENTS",
        TestClients.entry("apisix", "canary-client-secret-1", "introspect::cache=30s")
            + ","
            + TestClients.entry("higress", "canary-client-secret-2", "introspect:wx1:cache=1h"));

    List<ServiceClient> clients = read().serviceClients();

    assertEquals(Optional.of(Duration.ofSeconds(30)), clients.get(0).cache());
    assertTrue(clients.get(0).mayKnow("any"));
    assertEquals(Optional.of(Duration.ofHours(1)), clients.get(1).cache());
    assertFalse(clients.get(1).mayKnow("wx2"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "orders",
        "orders:canary-client-secret-in-clear",
        "orders:" + ZEROS,
        "orders:" + HASH + ",crm:" + HASH,
        "orders:" + HASH + ":admin",
        "orders:" + HASH + ":users:wx1+wx1",
        "orders:" + HASH + ":users:wx 1",
        "orders:" + HASH + ":users:wx1:more",
        "orders:" + HASH + ":users:wx1:cache=0s",
        "orders:" + HASH + ":users::cache=3601s",
        "orders:" + HASH + ":users::cache=30",
        "orders:" + HASH + ":users::cache=30s:more",
        "orders:" + HASH + ":users:",
        "or ders:" + HASH,
      })
  void refusesServiceClientsThatAreMistakes(String clients) {
    values.put("SERVICE_CLIENTS", clients);

    List<String> faults = faults();
    assertTrue(faults.stream().allMatch(fault -> fault.startsWith("SERVICE_CLIENTS")));
    assertFalse(faults.toString().contains("canary"));
    assertFalse(faults.toString().contains(HASH));
  }

  @Test
  void aRateThatIsLeftOutKeepsItsDefault() {
    values.put("RATE_LIMITS", "login=5/1s, client=1/24h");

    Map<Limit, Rate> rates = read().rateLimits();

    assertEquals(new Rate(5, Duration.ofSeconds(1)), rates.get(Limit.LOGIN));
    assertEquals(new Rate(30, Duration.ofMinutes(1)), rates.get(Limit.LOGIN_USER));
    assertEquals(new Rate(10, Duration.ofMinutes(1)), rates.get(Limit.DECRYPT_USER));
    assertEquals(new Rate(1, Duration.ofDays(1)), rates.get(Limit.CLIENT));
  }

  @Test
  void switchesTheLimitsOff() {
    values.put("RATE_LIMITS", "off");

    assertEquals(Map.of(), read().rateLimits());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "login",
        "login=0/1m",
        "login=5",
        "login=5/1x",
        "logins=5/1m",
        "login=5/2d",
        "off,"
      })
  void refusesOtherRates(String rates) {
    values.put("RATE_LIMITS", rates);

    assertTrue(faults().stream().allMatch(fault -> fault.startsWith("RATE_LIMITS")));
  }

  @Test
  void takesARetentionForEachKindOfEvent() {
    values.put("AUDIT_RETENTION", "login=7d, login_failed=24h,*=180d");

    AuditRetention retention = read().auditRetention();

    assertEquals(
        Map.of("login", Duration.ofDays(7), "login_failed", Duration.ofDays(1)),
        retention.ofEvents());
    assertEquals(Duration.ofDays(180), retention.others());
    assertEquals(Duration.ofDays(180), retention.longest());
  }

  @Test
  void anEventMayBeKeptForLongerThanTheOthers() {
    values.put("AUDIT_RETENTION", "erased=3650d,*=7d");

    assertEquals(Duration.ofDays(3_650), read().auditRetention().longest());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "login=7d; must say with * how long all other events are kept",
        "login=7d,login=8d,*=9d; names login twice",
        "logins=7d,*=9d; has an entry that is not of the form login=7d, with an event of the audit"
            + " trail or *, and 1d to 3650d",
        "login=23h,*=9d; has an entry that is not of the form login=7d, with an event of the audit"
            + " trail or *, and 1d to 3650d",
        "login=7d,*=9d,; has an entry that is not of the form login=7d, with an event of the audit"
            + " trail or *, and 1d to 3650d"
      })
  void refusesOtherLists(String retention, String fault) {
    values.put("AUDIT_RETENTION", retention);

    assertEquals(List.of("AUDIT_RETENTION " + fault), faults());
  }

  @ParameterizedTest
  @ValueSource(strings = {"23h", "3651d", "x"})
  void refusesARetentionOutOfRange(String retention) {
    values.put("AUDIT_RETENTION", retention);

    assertEquals(
        List.of("AUDIT_RETENTION must be a duration from 1d to 3650d, such as 30m or 7d"),
        faults());
  }

  @ParameterizedTest
  @CsvSource({
    "https://login.example.com/, https://login.example.com",
    "http://192.168.1.5:8080, http://192.168.1.5:8080",
    "https://example.com/wx/login, https://example.com/wx/login",
  })
  void takesAPublicAddressWithoutItsLastSlash(String value, String taken) {
    values.put("PUBLIC_URL", value);

    assertEquals(Optional.of(taken), read().publicUrl());
  }

  @ParameterizedTest
  @ValueSource(strings = {"example.com", "ftp://example.com", "https://a b", "https://x?y=z"})
  void refusesOtherPublicAddresses(String value) {
    values.put("PUBLIC_URL", value);

    assertEquals(List.of("PUBLIC_URL must be http(s)://host[:port][/path]"), faults());
  }

  @Test
  void readsWhoIsToldOfEvents() {
    String secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    String other = "whsec_Y2FuYXJ5LXdlYmhvb2stc2VjcmV0LTAxMjM0NTY3ODk=";
    String third = "whsec_Y2FuYXJ5LXdlYmhvb2stc2VjcmV0LW90aGVyLTAxMjM0NTY=";
    values.put(
        "WEBHOOKS",
        secret
            + "@https://crm.example.com/hook?list=a%2Cb, "
            + other
            + "|"
            + third
            + ":user.erased+phone.bound@http://10.0.0.7:8080/hook");
    values.put("EVENT_RETENTION", "30d");

    List<Webhook> webhooks = read().webhooks().webhooks();

    assertEquals(2, webhooks.size());
    assertEquals("https://crm.example.com/hook?list=a%2Cb", webhooks.get(0).url().toString());
    assertEquals(Set.of(), webhooks.get(0).types());
    assertEquals(24, webhooks.get(0).secrets().get(0).length());
    assertEquals(Set.of(EventType.USER_ERASED, EventType.PHONE_BOUND), webhooks.get(1).types());
    assertEquals(2, webhooks.get(1).secrets().size());
    assertFalse(webhooks.toString().contains("MfKQ"));
    assertFalse(read().webhooks().loopback(), "beyond development");
    assertEquals(Duration.ofDays(30), read().eventRetention());
  }

  @Test
  void whileDevelopingAWebhookMayBeOnThisMachine() {
    values.put("WX_API_URL", "http://127.0.0.1:9090");

    assertTrue(read().webhooks().loopback());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://crm.example.com/hook",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw@ftp://crm.example.com",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw@https:///hook",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw@https://user:canary@crm.example.com",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw@https://crm.example.com/#part",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw:user.born@https://crm.example.com",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw:@https://crm.example.com",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa@https://crm.example.com",
        "whsec_c2hvcnQ=@https://crm.example.com",
        "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA@https://crm.example.com",
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw@https://crm.example.com",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw@https://a.example.com,"
            + "whsec_Y2FuYXJ5LXdlYmhvb2stc2VjcmV0LTAxMjM0NTY3ODk=@https://a.example.com",
      })
  void refusesWebhooksThatAreMistakes(String value) {
    values.put("WEBHOOKS", value);

    List<String> faults = faults();

    assertFalse(faults.isEmpty());
    assertTrue(faults.stream().allMatch(fault -> fault.startsWith("WEBHOOKS")), faults.toString());
    assertFalse(faults.toString().contains("MfKQ"), "no secret in a message");
    assertFalse(faults.toString().contains("canary"), "no secret in a message");
  }

  @Test
  void readsWhosePushesComeHere() {
    String key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
    values.put("PUSH_APPS", "wx1:CanaryToken:" + key + ", wx2:abc");
    values.put("PUSH_RELAY_URL", "https://old.example.com/push/{appid}");

    List<PushApp> apps = read().push().apps();

    assertEquals(32, apps.get(0).aesKey().orElseThrow().length());
    assertEquals(Optional.empty(), apps.get(1).aesKey());
    assertFalse(apps.toString().contains("Canary"));
    assertEquals(Optional.of("https://old.example.com/push/{appid}"), read().push().relayUrl());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "wx1",
        "wx1:ab",
        "wx1:to-ken",
        "wx1:token:tooshort",
        "wx1:token:abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG:more",
        "wx1:token,wx1:other",
        "w x:token",
      })
  void refusesPushesThatAreMistakes(String value) {
    values.put("PUSH_APPS", value);

    assertTrue(faults().stream().allMatch(fault -> fault.startsWith("PUSH_APPS")));
  }

  @ParameterizedTest
  @CsvSource({
    "wx1:0123456789abcdef0123456789abcdef, the token of wx1 is a sample",
    "wx1:CanaryToken:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8, the secret of wx1 is a sample",
    "wx1:CanaryToken wx2:CanaryToken, the token of wx2 is used twice",
  })
  void refusesPushesThatProveNothing(String value, String fault) {
    values.put("PUSH_APPS", value);

    assertEquals(1, faults().size(), faults().toString());
    assertTrue(faults().get(0).startsWith("PUSH_APPS: " + fault), faults().toString());
    assertFalse(faults().toString().contains("Canary"), "no secret in a message");
  }

  @ParameterizedTest
  @CsvSource({
    "WX_APPS, 'wx1:Canary0123456789 wx2:Canary0123456789'",
    "SERVICE_CLIENTS, shop:HASH",
    "PUSH_APPS, wx1:Canary0123456789",
  })
  void refusesOneSecretInTwoSettings(String setting, String value) {
    values.put("IMPORT_URL", "https://shop.example.com/");
    values.put("IMPORT_SECRET", "Canary0123456789");
    values.put(setting, value.replace("HASH", DigestUtils.sha256Hex("Canary0123456789")));

    assertTrue(faults().contains("IMPORT_SECRET is used twice"), faults().toString());
    assertFalse(faults().toString().contains("Canary"), "no secret in a message");
  }

  @Test
  void refusesOneSecretOfTwoWebhooks() {
    String secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    values.put(
        "WEBHOOKS", secret + "@https://a.example.com/1," + secret + "@https://b.example.com");
    assertEquals(List.of("WEBHOOKS: the secret of b.example.com is used twice"), faults());

    values.put("WEBHOOKS", secret + "|" + secret + "@https://a.example.com");
    assertEquals(List.of("WEBHOOKS: the secret of a.example.com is used twice"), faults());
  }

  @ParameterizedTest
  @ValueSource(strings = {"old.example.com", "ftp://a/b", "https://a/b?c=d", "https://a b"})
  void refusesARelayThatIsNoUrl(String value) {
    values.put("PUSH_RELAY_URL", value);

    assertEquals(1, faults().size());
    assertTrue(faults().get(0).startsWith("PUSH_RELAY_URL must be"));
  }

  @Test
  void readsWhereUsersAreLookedUpWhoAreNewHere() {
    assertEquals(
        new LazyImportSettings(Optional.empty(), Optional.empty(), false), read().lazyImport());

    values.put("IMPORT_URL", "https://shop.example.com:8443/users/find");
    values.put("IMPORT_SECRET", "Canary-0123456789+/=");
    values.put("IMPORT_REQUIRED", "true");

    LazyImportSettings settings = read().lazyImport();

    assertEquals(
        Optional.of(URI.create("https://shop.example.com:8443/users/find")), settings.url());
    assertEquals("Canary-0123456789+/=", settings.secret().orElseThrow().text());
    assertTrue(settings.required());
    assertFalse(settings.toString().contains("Canary"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "shop.example.com",
        "ftp://a/b",
        "https://a/b?c=d",
        "https://u:p@a/",
        "https://a/{appid}",
        "https://a b",
      })
  void refusesAnImportUrlThatIsNone(String value) {
    values.put("IMPORT_URL", value);
    values.put("IMPORT_SECRET", "Canary-0123456789");

    assertEquals(List.of("IMPORT_URL must be http(s)://host[:port][/path]"), faults());
  }

  @ParameterizedTest
  @CsvSource({
    "'', is missing",
    "Canary-01234567, must be 16 to 256 characters of A-Z a-z 0-9 . _ ~ + / = -",
    "Canary 0123456789, must be 16 to 256 characters of A-Z a-z 0-9 . _ ~ + / = -",
    "0123456789abcdef0123456789abcdef, 'is a sample, not a secret'",
    "aaaaaaaaaaaaaaaaaaaa, 'is a sample, not a secret'",
  })
  void refusesImportSecretsThatProveNothing(String value, String fault) {
    values.put("IMPORT_URL", "https://shop.example.com/");
    values.put("IMPORT_SECRET", value);

    assertEquals(List.of("IMPORT_SECRET " + fault), faults());
  }

  @Test
  void refusesToRequireWhatNobodyCanSay() {
    values.put("IMPORT_REQUIRED", "true");

    assertEquals(List.of("IMPORT_REQUIRED needs IMPORT_URL"), faults());
  }

  @Test
  void takesOriginsAsBrowsersSendThem() {
    values.put("CORS_ORIGINS", "https://m.example.com, http://localhost:8081");

    assertEquals(Set.of("https://m.example.com", "http://localhost:8081"), read().corsOrigins());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "null",
        "m.example.com",
        "https://m.example.com/",
        "https://M.example.com",
        "https://*.example.com",
        "https://m.example.com:443",
        "http://m.example.com:80",
      })
  void refusesWhatNoBrowserSendsAsAnOrigin(String value) {
    values.put("CORS_ORIGINS", value);

    List<String> faults = faults();
    assertEquals(1, faults.size());
    assertTrue(faults.get(0).startsWith("CORS_ORIGINS must be origins as browsers send them"));
  }

  @Test
  void servesTheOlderClientsThatAreListed() {
    values.put("COMPAT", "wafer");
    assertEquals(Set.of(OlderClients.WAFER), read().olderClients());

    values.put("COMPAT", "wafer, seed");
    assertEquals(Set.of(OlderClients.SEED, OlderClients.WAFER), read().olderClients());

    values.put("COMPAT", "off");
    assertEquals(Set.of(), read().olderClients());
  }

  @ParameterizedTest
  @ValueSource(strings = {"seed,off", "Seed", "seed,", "on", "seed;wafer"})
  void refusesOlderClientsThatItDoesNotKnow(String compat) {
    values.put("COMPAT", compat);

    assertEquals(List.of("COMPAT must be off or a list of seed, wafer"), faults());
  }

  @Test
  void theGuideHasOneRowForEachSettingWithItsDefault() throws IOException {
    Map<String, String> documented = new HashMap<>();
    for (String line : Files.readAllLines(Path.of("src/site/markdown/configuration.md"))) {
      String[] cells = line.split("\\|");
      if (cells.length > 3 && cells[1].strip().matches("`[A-Z_]+`")) {
        documented.put(bare(cells[1]), cells[2].strip().equals("—") ? "" : bare(cells[2]));
      }
    }
    Map<String, String> inCode = new HashMap<>();
    for (Setting setting : Setting.values()) {
      inCode.put(setting.name(), setting.byDefault());
    }

    assertEquals(inCode, documented);
  }

  private static String bare(String cell) {
    return cell.replace("`", "").strip();
  }

  private String windowsFile(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), "\uFEFF" + text).toString();
  }

  private Settings read() {
    return SettingsReader.read(environment());
  }

  private List<String> faults() {
    return assertThrows(SettingsException.class, this::read).faults();
  }

  private Environment environment() {
    return TestEnvironment.of(values);
  }

  private static int order(String fault) {
    return List.of("DB_URL", "DB_USER", "MIGRATE", "WX_APPS:", "MASTER_KEYS", "SESSION_IDLE")
        .indexOf(fault.split(" ")[0]);
  }
}
