package io.thirdsession.app;

import static io.thirdsession.testing.AppServer.APP;
import static io.thirdsession.testing.AppServer.OTHER_APP;
import static io.thirdsession.testing.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.jdbc.SchemaFault;
import io.thirdsession.testing.AppServer;
import io.thirdsession.testing.TestClients;
import io.thirdsession.testing.TestDatabase;
import io.thirdsession.testing.TestKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretFilesTest {
  private final List<Settings> taken = new ArrayList<>();

  @TempDir Path folder;

  private Path apps;
  private SecretFiles files;

  @BeforeEach
  void begin() throws IOException {
    apps = Files.writeString(folder.resolve("apps"), "wx1:first-secret-0123");
    Map<String, String> values = new HashMap<>();
    values.put("DB_URL", "jdbc:mysql://localhost/d");
    values.put("DB_USER", "u");
    values.put("MASTER_KEYS", TestKeys.setting("k1"));
    values.put("WX_APPS_FILE", apps.toString());
    files = new SecretFiles(TestEnvironment.of(values));
  }

  @Test
  void takesNothingOverWhileNothingChanges() {
    files.readAgain(taken::add);
    files.readAgain(taken::add);

    assertEquals(List.of(), taken);
  }

  @Test
  void takesAChangedFileOverOnce() throws IOException {
    Files.writeString(apps, "wx1:second-secret-0123,wx2:another-secret-0123");

    files.readAgain(taken::add);
    files.readAgain(taken::add);

    assertEquals(1, taken.size());
    assertEquals(2, taken.get(0).apps().size());
  }

  @Test
  void refusesAChangeWithFaultsAndTakesTheNextGoodOne() throws IOException {
    Files.writeString(apps, "wx1:short");
    files.readAgain(taken::add);
    Files.delete(apps);
    files.readAgain(taken::add);
    assertEquals(List.of(), taken);

    Files.writeString(apps, "wx1:third-secret-0123");
    files.readAgain(taken::add);

    assertEquals(1, taken.size());
  }

  /** An editor empties a file before it writes it anew. */
  @Test
  void aFileThatIsEmptyForAMomentTakesNobodyAway() throws IOException {
    Path clients = Files.writeString(folder.resolve("clients"), TestClients.setting());
    SecretFiles both =
        new SecretFiles(
            TestEnvironment.of(
                Map.of(
                    "DB_URL", "jdbc:mysql://localhost/d",
                    "DB_USER", "u",
                    "MASTER_KEYS", TestKeys.setting("k1"),
                    "WX_APPS_FILE", apps.toString(),
                    "SERVICE_CLIENTS_FILE", clients.toString())));
    Files.writeString(clients, "\n");
    both.readAgain(taken::add);
    assertEquals(List.of(), taken);

    Files.writeString(clients, TestClients.entry("other", "canary-client-secret-other", ""));
    both.readAgain(taken::add);

    assertEquals(1, taken.get(0).serviceClients().size());
  }

  @Test
  void refusesWhatTheDatabaseDoesNotFit() throws IOException {
    Consumer<Settings> refusing =
        settings -> {
          taken.add(settings);
          throw new SchemaFault(SchemaFault.Part.CONFIGURATION, "on purpose");
        };
    Files.writeString(apps, "wx1:second-secret-0123");

    files.readAgain(refusing);
    files.readAgain(refusing);

    assertEquals(1, taken.size(), "said once");
  }

  @Test
  void aRunningServerTakesOverSecretAppAndMasterKey() throws Exception {
    Path keys = Files.writeString(folder.resolve("keys"), TestKeys.setting("k1"));
    Files.writeString(apps, APP + ":wrong-secret-0123456");
    try (TestDatabase database = TestDatabase.create();
        AppServer server =
            AppServer.start(
                database,
                "WX_APPS",
                "",
                "WX_APPS_FILE",
                apps.toString(),
                "MASTER_KEYS",
                "",
                "MASTER_KEYS_FILE",
                keys.toString())) {
      assertEquals("wechat_config", server.login("alice").field("error"));

      Files.writeString(
          apps,
          APP + ":canary-app-secret-0123456789," + OTHER_APP + ":canary-app-secret-9876543210");
      Files.writeString(keys, TestKeys.setting("k2", "k1"));
      eventually(() -> assertEquals(200, server.login("alice").status()));

      String body =
          "{\"code\":\""
              + server.weChat.loginCode(OTHER_APP, "obob")
              + "\",\"appId\":\""
              + OTHER_APP
              + "\"}";
      assertEquals(200, server.http.post("/api/login", body).status());
      eventually(
          () ->
              assertEquals(1, database.number("SELECT COUNT(*) FROM master_key WHERE id = 'k2'")));
      assertTrue(server.login("alice").status() == 200, "under the new key");
    }
  }
}
