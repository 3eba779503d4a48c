package io.thirdsession.development;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevelopmentSettingsTest {
  private final Properties file = new Properties();
  private final DevelopmentSettings settings = new DevelopmentSettings(file);

  @TempDir Path folder;

  @AfterEach
  void clear() {
    System.clearProperty("DB_URL");
  }

  @Test
  void theFileBesideThePomWinsOverTheJvm() {
    System.setProperty("DB_URL", "of-the-jvm");
    assertEquals(Optional.of("of-the-jvm"), settings.value("DB_URL"));

    file.setProperty("DB_URL", " ours ");
    assertEquals(Optional.of("ours"), settings.value("DB_URL"));
  }

  @Test
  void aBlankLineOfTheFileHidesNothing() {
    System.setProperty("DB_URL", "of-the-jvm");
    file.setProperty("DB_URL", "");

    assertEquals(Optional.of("of-the-jvm"), settings.value("DB_URL"));
  }

  @Test
  void aByteOrderMarkOfNotepadTakesNoSettingAway() throws IOException {
    Path written = folder.resolve("dev.properties");
    Files.writeString(written, "\uFEFFWX_APPS=wx1:secret\r\nDB_USER=张三\r\n");

    DevelopmentSettings read = new DevelopmentSettings(written);

    assertEquals(Optional.of("wx1:secret"), read.value("WX_APPS"));
    assertEquals(Optional.of("张三"), read.value("DB_USER"));
  }

  @Test
  void aFileOfWindowsPowerShellIsRefused() throws IOException {
    Path written = folder.resolve("dev.properties");
    Files.write(written, "\uFEFFWX_APPS=wx1:secret\r\n".getBytes(StandardCharsets.UTF_16LE));

    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> new DevelopmentSettings(written));

    assertEquals("dev.properties must be UTF-8, not UTF-16", e.getMessage());
  }

  @Test
  void aFileThatIsNotThereSaysNothing() {
    assertFalse(new DevelopmentSettings(folder.resolve("dev.properties")).isSet("WX_APPS"));
  }

  @Test
  void aSettingMayBeInAFileOfItsOwn() {
    assertFalse(settings.isSet("WX_APPS"));

    file.setProperty("WX_APPS_FILE", "/etc/wx-apps");

    assertTrue(settings.isSet("WX_APPS"));
  }
}
