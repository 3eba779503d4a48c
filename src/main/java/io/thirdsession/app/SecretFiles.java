package io.thirdsession.app;

import io.thirdsession.jdbc.SchemaFault;
import io.thirdsession.jdbc.StorageException;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the files of secrets again when they change, so that a leaked AppSecret is replaced, an app
 * added or a key rotated without a restart. A change with faults is refused with one line in the
 * log, and the old values stay. Used by one thread.
 */
final class SecretFiles {
  private static final Logger log = LoggerFactory.getLogger(SecretFiles.class);

  private final Environment environment;
  private Map<Setting, String> known;

  /** Begins with the files as they are; to be made before the settings are read from them. */
  SecretFiles(Environment environment) {
    this.environment = environment;
    this.known = environment.files();
  }

  /**
   * Takes over the files if any has changed since the last time.
   *
   * @param takeOver puts changed settings into use; throws if apps and master keys stay the old
   */
  void readAgain(Consumer<Settings> takeOver) {
    Map<Setting, String> found = environment.files();
    if (found.equals(known)) {
      return;
    }
    try {
      takeOver.accept(SettingsReader.read(environment));
      log.info("secrets replaced changed={}", changed(found));
    } catch (StorageException e) {
      log.warn(
          "secrets not replaced yet changed={} database=\"{}\"", changed(found), e.getMessage());
      return; // seen as a change again next time
    } catch (SettingsException | SchemaFault e) {
      log.error("changed secrets refused, the old stay reason=\"{}\"", e.getMessage());
    }
    known = found;
  }

  private String changed(Map<Setting, String> found) {
    return found.keySet().stream()
        .filter(setting -> !Objects.equals(found.get(setting), known.get(setting)))
        .map(Setting::name)
        .sorted()
        .toList()
        .toString();
  }
}
