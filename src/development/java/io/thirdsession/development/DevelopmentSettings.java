package io.thirdsession.development;

import io.thirdsession.TextFile;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Supplier;

/**
 * What the developer has set: {@code dev.properties}, then system properties, then the environment,
 * the order in which the server itself asks. And what is made for them once and kept: the master
 * key, the secret of a service client.
 */
final class DevelopmentSettings {
  private final Properties file;

  /** Reads {@code dev.properties}, if there is one, from the folder that Maven was started in. */
  DevelopmentSettings() {
    this(Path.of("dev.properties"));
  }

  /** Reads this file, if it is there. */
  DevelopmentSettings(Path file) {
    this(read(file));
  }

  /** Takes these values for what {@code dev.properties} would say. */
  DevelopmentSettings(Properties file) {
    this.file = file;
  }

  private static Properties read(Path path) {
    Properties file = new Properties();
    if (Files.exists(path)) {
      try {
        file.load(new StringReader(TextFile.read(path)));
      } catch (TextFile.NotUtf8 e) {
        throw new IllegalStateException(path.getFileName() + " " + e.getMessage(), e);
      } catch (IOException e) {
        throw new IllegalStateException(path + " cannot be read: " + e, e);
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
    return stated(file.getProperty(name))
        .or(() -> stated(System.getProperty(name)))
        .or(() -> stated(System.getenv(name)));
  }

  private static Optional<String> stated(String value) {
    return Optional.ofNullable(value).map(String::strip).filter(its -> !its.isEmpty());
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
      return TextFile.read(file).strip();
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
