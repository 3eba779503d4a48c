package io.thirdsession.simulator;

import java.util.Map;

/** The apps that this WeChat knows, with their AppSecrets. */
final class Apps {
  private final Map<String, String> secrets;

  Apps(Map<String, String> secrets) {
    this.secrets = secrets;
  }

  String first() {
    return secrets.keySet().iterator().next();
  }

  /** Refuses an appid or AppSecret that is wrong, as WeChat does. */
  void authenticate(String appId, String secret) {
    String expected = secrets.get(appId);
    if (expected == null) {
      throw new WeChatRefusal(WeChatError.INVALID_APPID);
    }
    if (!expected.equals(SimulatorOptions.ANY_SECRET) && !expected.equals(secret)) {
      throw new WeChatRefusal(WeChatError.INVALID_APPSECRET);
    }
  }

  /** Refuses a call of the phone's side for an app that is not configured. */
  void requireKnown(String appId) {
    if (!secrets.containsKey(appId)) {
      throw new IllegalArgumentException(
          "unknown appid \"" + appId + "\"; known: " + String.join(", ", secrets.keySet()));
    }
  }
}
