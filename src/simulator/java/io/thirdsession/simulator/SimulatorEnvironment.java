package io.thirdsession.simulator;

import io.thirdsession.simulator.SimulatorOptions.ForeignCodes;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Reads the simulator's options from environment variables. An empty variable counts as unset. */
final class SimulatorEnvironment {
  private SimulatorEnvironment() {}

  static SimulatorOptions read(Map<String, String> environment) {
    SimulatorOptions options = SimulatorOptions.defaults();
    String port = environment.getOrDefault("SIM_PORT", "");
    if (!port.isBlank()) {
      options = options.withPort(port(port.strip()));
    }
    String foreignCodes = environment.getOrDefault("SIM_FOREIGN_CODES", "");
    if (!foreignCodes.isBlank()) {
      options = options.withForeignCodes(foreignCodes(foreignCodes.strip()));
    }
    String apps = environment.getOrDefault("SIM_APPS", "");
    return apps.isBlank() ? options : options.withApps(apps(apps));
  }

  private static int port(String text) {
    if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65_535) {
      throw new IllegalArgumentException("SIM_PORT must be 0 to 65535, not \"" + text + "\"");
    }
    return Integer.parseInt(text);
  }

  private static ForeignCodes foreignCodes(String text) {
    return switch (text.toUpperCase(Locale.ROOT)) {
      case "ACCEPT" -> ForeignCodes.ACCEPT;
      case "REFUSE" -> ForeignCodes.REFUSE;
      default ->
          throw new IllegalArgumentException(
              "SIM_FOREIGN_CODES must be accept or refuse, not \"" + text + "\"");
    };
  }

  private static Map<String, String> apps(String text) {
    Map<String, String> apps = new LinkedHashMap<>();
    for (String entry : text.split(",")) {
      int colon = entry.indexOf(':');
      if (colon < 1 || entry.substring(colon + 1).isBlank()) {
        // The entry is not quoted: it may hold a real AppSecret.
        throw new IllegalArgumentException("SIM_APPS must read appid:secret,appid:secret");
      }
      apps.put(entry.substring(0, colon).strip(), entry.substring(colon + 1).strip());
    }
    return apps;
  }
}
