package io.thirdsession.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.Secret;
import io.thirdsession.client.Scope;
import io.thirdsession.client.ServiceClient;
import io.thirdsession.limit.Limit;
import io.thirdsession.limit.Rate;
import io.thirdsession.testing.TestClients;
import io.thirdsession.testing.TestKeys;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    values.put("WX_APPS", "wx0123456789abcdef:canary0123456789secret");
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
    assertEquals(10, settings.database().poolSize());
    assertEquals(10, settings.database().transactionPoolSize());
    assertTrue(settings.database().migrate());
    assertEquals("thirdsession", settings.database().migrateUser());
    assertEquals(Secret.of("canary-db-password"), settings.database().migratePassword());
    assertFalse(settings.unionIdLink());
    assertEquals(Set.of(OlderClients.SEED, OlderClients.WAFER), settings.olderClients());
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
            "MIGRATE is none of [false, true]",
            "WX_APPS: an entry is not of the form appid:secret",
            "MASTER_KEYS is missing",
            "SESSION_IDLE is no duration from 60s to 365d, such as 30m or 7d"),
        faults().stream().sorted((a, b) -> order(a) - order(b)).toList());
  }

  @Test
  void takesTheFirstSourceThatHasAValue() {
    Environment environment =
        new Environment(
            List.of(
                name -> name.equals("DB_USER") ? "first" : null,
                name -> name.equals("DB_USER") ? "second" : "  ",
                values::get));

    assertEquals("first", SettingsReader.read(environment).database().user());
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

  @Test
  void refusesAValueAndAFileForOneSetting() throws IOException {
    values.put("WX_APPS_FILE", Files.writeString(folder.resolve("a"), "wx9:s").toString());

    assertTrue(faults().contains("WX_APPS and WX_APPS_FILE are both set"));
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

    assertTrue(faults().get(0).startsWith("SESSION_ABSOLUTE is no duration"));
  }

  @Test
  void refusesAnIdleLifetimeBeyondTheAbsoluteOne() {
    values.put("SESSION_IDLE", "31d");

    assertEquals(List.of("SESSION_IDLE is longer than SESSION_ABSOLUTE"), faults());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "101", "x", "-1", "1.0", "9999999"})
  void refusesNumbersOutOfRange(String text) {
    values.put("SESSION_MAX_PER_USER", text);

    assertEquals(List.of("SESSION_MAX_PER_USER is no number from 1 to 100"), faults());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://api.weixin.qq.com",
        "ftp://localhost",
        "api.weixin.qq.com",
        "https://",
        "https://user@host",
        "https://host/path",
        "https://host?x=1",
        "http://127.0.0.1.evil.com",
        "https://ho st",
      })
  void refusesBaseUrlsThatWouldLeakOrMislead(String url) {
    values.put("WX_API_URL", url);

    assertEquals(List.of("WX_API_URL is not https://host (http only for localhost)"), faults());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost:9090",
        "http://127.0.0.1:9090/",
        "http://[::1]:9090",
        "https://h"
      })
  void takesPlainHttpForLoopbackOnly(String url) {
    values.put("WX_API_URL", url);

    assertEquals(URI.create(url), read().weChat().apiUrl());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"jdbc:mariadb://h/d", "mysql://h/d", "jdbc:mysql://h:3306", "jdbc:mysql://h/"})
  void refusesUrlsThatNameNoDatabase(String url) {
    values.put("DB_URL", url);

    assertEquals(List.of("DB_URL is not of the form jdbc:mysql://host:3306/database"), faults());
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
    assertEquals(List.of("MASTER_KEYS: the secret of k9 stands twice"), faults());

    values.put("MASTER_KEYS", first + "," + second.replace("k2:", "k1:"));
    assertEquals(List.of("MASTER_KEYS: id k1 stands twice"), faults());
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

    assertEquals(List.of("TRUSTED_PROXIES: nginx is no address or network"), faults());
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

  @ParameterizedTest
  @ValueSource(strings = {"23h", "3651d", "x"})
  void refusesARetentionOutOfRange(String retention) {
    values.put("AUDIT_RETENTION", retention);

    assertEquals(
        List.of("AUDIT_RETENTION is no duration from 1d to 3650d, such as 30m or 7d"), faults());
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

    assertEquals(List.of("PUBLIC_URL is not http(s)://host[:port][/path]"), faults());
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

    assertEquals(List.of("COMPAT is neither off nor a list of [seed, wafer]"), faults());
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

  private Settings read() {
    return SettingsReader.read(environment());
  }

  private List<String> faults() {
    return assertThrows(SettingsException.class, this::read).faults();
  }

  private Environment environment() {
    return new Environment(List.of(values::get));
  }

  private static int order(String fault) {
    return List.of("DB_URL", "DB_USER", "MIGRATE", "WX_APPS:", "MASTER_KEYS", "SESSION_IDLE")
        .indexOf(fault.split(" ")[0]);
  }
}
