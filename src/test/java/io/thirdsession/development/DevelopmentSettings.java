package io.thirdsession.development;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Supplier;

/**
 * What the developer has set: environment, then system properties, then {@code dev.properties}. And
 * what is made for them once and kept: the master key, the secret of a service client.
 */
final class DevelopmentSettings {
  private static final Path FILE = Path.of("dev.properties");

  private final Properties file;

  /** Reads {@code dev.properties}, if there is one, from the folder that Maven was started in. */
  DevelopmentSettings() {
    this(readFile());
  }

  /** Takes these values for what {@code dev.properties} would say. */
  DevelopmentSettings(Properties file) {
    this.file = file;
  }

  private static Properties readFile() {
    Properties file = new Properties();
    if (Files.exists(FILE)) {
      try (Reader reader = Files.newBufferedReader(FILE)) {
        file.load(reader);
      } catch (IOException e) {
        throw new IllegalStateException("dev.properties cannot be read: " + e.getMessage(), e);
      }
    }
    return file;
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
    return kept(
        home.resolve("master-keys.txt"),
        () -> "dev1:" + Base64.getEncoder().encodeToString(random(32)));
  }

  /**
   * Returns the secret of the service client {@code dev}, which may do everything, kept here and
   * drawn if there is none yet: 48 hex digits.
   */
  static String serviceClientSecret(Path home) {
    return kept(
        home.resolve("service-client-secret.txt"), () -> HexFormat.of().formatHex(random(24)));
  }

  private static String kept(Path file, Supplier<String> drawn) {
    try {
      if (!Files.exists(file)) {
        Files.createDirectories(file.getParent());
        Files.writeString(file, drawn.get() + "\n");
      }
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new IllegalStateException("cannot keep " + file + ": " + e, e);
    }
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }
}
