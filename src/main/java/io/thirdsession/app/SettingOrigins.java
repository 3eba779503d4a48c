package io.thirdsession.app;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says at start where each setting comes from: by its name, never with its value. */
final class SettingOrigins {
  private static final Logger log = LoggerFactory.getLogger(SettingOrigins.class);

  private SettingOrigins() {}

  /** Logs one line for each source, and a warning if one database's settings come from several. */
  static void log(Environment environment) {
    Map<String, List<Setting>> origins = environment.origins();
    origins.forEach(
        (source, settings) -> log.info("settings from=\"{}\" names={}", source, settings));
    Map<String, List<Setting>> ofDatabase = new LinkedHashMap<>();
    origins.forEach(
        (source, settings) -> {
          List<Setting> its = settings.stream().filter(Setting::isOfDatabase).toList();
          if (!its.isEmpty()) {
            ofDatabase.put(source, its);
          }
        });
    if (ofDatabase.size() > 1) {
      log.warn("settings of the database come from different sources: {}", ofDatabase);
    }
  }
}
