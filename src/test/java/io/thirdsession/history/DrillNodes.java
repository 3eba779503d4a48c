package io.thirdsession.history;

import static io.thirdsession.testing.AppServer.APP;

import io.thirdsession.simulator.SimulatorOptions;
import io.thirdsession.simulator.WeChatSimulator;
import io.thirdsession.testing.TestKeys;
import java.util.HashMap;
import java.util.Map;

/** What the nodes of every drill have in common: WeChat, an app, and a key. */
final class DrillNodes {
  private static final String SECRET = "canary-app-secret-0123456789";

  private DrillNodes() {}

  /** Starts a WeChat that knows their app and lets each user log in as often as they like. */
  static WeChatSimulator weChat() {
    return WeChatSimulator.start(
        SimulatorOptions.defaults()
            .withPort(0)
            .withApps(Map.of(APP, SECRET))
            .withLoginsPerMinute(100_000));
  }

  /** Returns the settings of a node, which may be changed. */
  static Map<String, String> settings(
      String databaseUrl, String user, String password, WeChatSimulator weChat) {
    Map<String, String> settings = new HashMap<>();
    settings.put("DB_URL", databaseUrl);
    settings.put("DB_USER", user);
    settings.put("DB_PASSWORD", password);
    settings.put("WX_API_URL", weChat.baseUri().toString());
    settings.put("WX_APPS", APP + ":" + SECRET);
    settings.put("MASTER_KEYS", TestKeys.setting("k1"));
    settings.put("RATE_LIMITS", "off");
    settings.put("SESSION_MAX_PER_USER", "100");
    return settings;
  }
}
