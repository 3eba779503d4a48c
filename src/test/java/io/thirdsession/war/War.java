package io.thirdsession.war;

import io.thirdsession.simulator.WeChatSimulator;
import io.thirdsession.testing.TestClients;
import io.thirdsession.testing.TestDatabase;
import io.thirdsession.testing.TestKeys;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The product as it is delivered. */
final class War {
  static final Path FILE = Path.of("target", "thirdsession.war");

  private War() {}

  /** Returns the settings that a node needs, to be added to; apps as in WX_APPS. */
  static Map<String, String> settings(TestDatabase database, WeChatSimulator weChat, String apps) {
    Map<String, String> settings = new HashMap<>();
    settings.put("DB_URL", database.url());
    settings.put("DB_USER", TestDatabase.user());
    settings.put("DB_PASSWORD", TestDatabase.password());
    settings.put("WX_APPS", apps);
    settings.put("WX_API_URL", weChat.baseUri().toString());
    settings.put("MASTER_KEYS", TestKeys.setting("k1"));
    settings.put("SERVICE_CLIENTS", TestClients.setting());
    return settings;
  }
}
