package io.thirdsession.development;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.Properties;

/**
 * What the developer has set: environment, then system properties, then {@code dev.properties}. And
 * what is made for them once and kept: the master key.
 */
final class DevelopmentSettings {
  private static final Path FILE = Path.of("dev.properties");

  private final Properties file = new Properties();

  /** Reads {@code dev.properties}, if there is one, from the folder that Maven was started in. */
  DevelopmentSettings() {
    if (Files.exists(FILE)) {
      try (Reader reader = Files.newBufferedReader(FILE)) {
        file.load(reader);
      } catch (IOException e) {
        throw new IllegalStateException("dev.properties cannot be read: " + e.getMessage(), e);
      }
    }
  }

  /** Returns what is set under this name, or in the file that {@code NAME_FILE} names. */
  boolean isSet(String name) {
    return value(name).isPresent() || value(name + "_FILE").isPresent();
  }

  /** Returns the value under this name; empty if there is none or a blank one. */
  Optional<String> value(String name) {
    return Optional.ofNullable(System.getenv(name))
        .or(() -> Optional.ofNullable(System.getProperty(name)))
        .or(() -> Optional.ofNullable(file.getProperty(name)))
        .map(String::strip)
        .filter(value -> !value.isEmpty());
  }

  /** Returns every name in {@code dev.properties}. */
  Iterable<String> namesInFile() {
    return file.stringPropertyNames();
  }

  /** Returns the value of MASTER_KEYS that is kept here, drawn if there is none yet. */
  static String masterKeys(Path home) {
    Path kept = home.resolve("master-keys.txt");
    try {
      if (Files.exists(kept)) {
        return Files.readString(kept).strip();
      }
      byte[] key = new byte[32];
      new SecureRandom().nextBytes(key);
      String drawn = "dev1:" + Base64.getEncoder().encodeToString(key);
      Files.createDirectories(home);
      Files.writeString(kept, drawn + "\n");
      return drawn;
    } catch (IOException e) {
      throw new IllegalStateException("cannot keep a master key in " + home + ": " + e, e);
    }
  }
}
