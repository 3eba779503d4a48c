package io.thirdsession.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingValuesTest {
  private final Map<String, String> given = new HashMap<>();
  private final SettingValues values = new SettingValues(TestEnvironment.of(given));

  @TempDir Path folder;

  @Test
  void parsesWhatIsGiven() {
    given.put("DB_USER", " thirdsession ");
    given.put("DB_POOL_SIZE", "7");
    given.put("MIGRATE", "false");
    given.put("AVATARS", "off");
    given.put("SESSION_IDLE", "30m");

    assertEquals("thirdsession", values.required(Setting.DB_USER));
    assertEquals(7, values.integer(Setting.DB_POOL_SIZE, 7));
    assertFalse(values.bool(Setting.MIGRATE));
    assertEquals("off", values.oneOf(Setting.AVATARS, Set.of("on", "off")));
    assertEquals(Duration.ofMinutes(30), lifetime(Setting.SESSION_IDLE));
    assertEquals(List.of(), values.faults());
  }

  @Test
  void fallsBackOnTheDefault() {
    assertEquals(10, values.integer(Setting.DB_TX_POOL_SIZE, 500));
    assertTrue(values.bool(Setting.MIGRATE));
    assertEquals(List.of(), values.faults());
  }

  @Test
  void fitsTheCoresUnlessANumberIsGiven() {
    assertEquals(4, values.perCore(Setting.DB_POOL_SIZE, 500, 1));
    assertEquals(4, values.perCore(Setting.DB_POOL_SIZE, 500, 2));
    assertEquals(6, values.perCore(Setting.DB_POOL_SIZE, 500, 3));
    assertEquals(500, values.perCore(Setting.DB_POOL_SIZE, 500, 251));

    given.put("DB_POOL_SIZE", "3");
    assertEquals(3, values.perCore(Setting.DB_POOL_SIZE, 500, 8));
    given.put("DB_POOL_SIZE", "501");
    values.perCore(Setting.DB_POOL_SIZE, 500, 8);
    assertEquals(List.of("DB_POOL_SIZE must be a number from 1 to 500"), values.faults());
  }

  @Test
  void notesEachFaultAndGoesOnWithSomethingHarmless() {
    given.put("DB_POOL_SIZE", "501");
    given.put("MIGRATE", "yes");
    given.put("AVATARS", "maybe");
    given.put("SESSION_IDLE", "1s");

    assertEquals("", values.required(Setting.DB_USER));
    assertEquals(1, values.integer(Setting.DB_POOL_SIZE, 500));
    assertFalse(values.bool(Setting.MIGRATE));
    values.oneOf(Setting.AVATARS, Set.of("on", "off"));
    assertEquals(Duration.ofSeconds(60), lifetime(Setting.SESSION_IDLE));

    assertEquals(
        List.of(
            "DB_USER is missing",
            "DB_POOL_SIZE must be a number from 1 to 500",
            "MIGRATE must be true or false",
            "AVATARS must be one of off, on",
            "SESSION_IDLE must be a duration from 60s to 1d, such as 30m or 7d"),
        values.faults());
  }

  @Test
  void readsASecretFromItsFile() throws Exception {
    Path file = Files.writeString(folder.resolve("password"), "secret\n");
    given.put("DB_PASSWORD_FILE", file.toString());
    assertEquals("secret", values.text(Setting.DB_PASSWORD));

    Files.writeString(file, "\n");
    values.text(Setting.DB_PASSWORD);
    Files.delete(file);
    values.text(Setting.DB_PASSWORD);

    assertEquals(
        List.of(
            "DB_PASSWORD_FILE is empty", "DB_PASSWORD_FILE cannot be read: NoSuchFileException"),
        values.faults());
  }

  private Duration lifetime(Setting setting) {
    return values.duration(setting, Duration.ofSeconds(60), Duration.ofDays(1));
  }
}
