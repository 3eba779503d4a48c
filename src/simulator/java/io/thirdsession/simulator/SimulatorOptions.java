package io.thirdsession.simulator;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * How a simulator is to behave. Start from {@link #defaults()} and change what matters.
 *
 * @param port the loopback port to listen on; 0 means any free one
 * @param clock the time that {@code /sim/clock} is added to
 * @param random where codes, keys and tokens come from
 * @param apps appid to AppSecret, in order; the first is the app of calls that name none
 * @param foreignCodes what happens to a code that this simulator never made
 * @param loginsPerMinute code exchanges a user may make in one minute before errcode 45011
 * @param keyRefresh how old a session_key must be before a login replaces it; zero: at every login
 */
public record SimulatorOptions(
    int port,
    Clock clock,
    RandomGenerator random,
    Map<String, String> apps,
    ForeignCodes foreignCodes,
    int loginsPerMinute,
    Duration keyRefresh) {

  /** The port that the simulator's documentation names. */
  public static final int DEFAULT_PORT = 9090;

  /** The appid that DevTools gives to a project without one. */
  public static final String TOURIST_APP_ID = "touristappid";

  /** An app configured with this secret accepts every secret, so that nothing need be set up. */
  public static final String ANY_SECRET = "simulator";

  /** What happens to a code that this simulator never made, DevTools' own codes above all. */
  public enum ForeignCodes {
    /** Accepted once, as the app's default user. */
    ACCEPT,
    /** Answered with errcode 40029, as WeChat does. */
    REFUSE
  }

  public SimulatorOptions {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port must be 0 to 65535, not " + port);
    }
    if (apps.isEmpty()) {
      throw new IllegalArgumentException("at least one app is needed");
    }
    if (loginsPerMinute < 1) {
      throw new IllegalArgumentException("loginsPerMinute must be at least 1");
    }
    if (keyRefresh.isNegative()) {
      throw new IllegalArgumentException("keyRefresh must not be negative");
    }
    apps = Collections.unmodifiableMap(new LinkedHashMap<>(apps));
  }

  /**
   * Returns: port 9090, system clock, the app touristappid with any secret, foreign codes accepted.
   */
  public static SimulatorOptions defaults() {
    return new SimulatorOptions(
        DEFAULT_PORT,
        Clock.systemUTC(),
        new SecureRandom(),
        Map.of(TOURIST_APP_ID, ANY_SECRET),
        ForeignCodes.ACCEPT,
        100,
        Duration.ofSeconds(60));
  }

  /**
   * Returns the defaults changed by SIM_PORT, SIM_FOREIGN_CODES ({@code accept} or {@code refuse})
   * and SIM_APPS ({@code appid:secret,…}).
   *
   * @throws IllegalArgumentException naming the variable, if one cannot be read
   */
  public static SimulatorOptions fromEnvironment(Map<String, String> environment) {
    return SimulatorEnvironment.read(environment);
  }

  public SimulatorOptions withPort(int newPort) {
    return new SimulatorOptions(
        newPort, clock, random, apps, foreignCodes, loginsPerMinute, keyRefresh);
  }

  public SimulatorOptions withClock(Clock newClock) {
    return new SimulatorOptions(
        port, newClock, random, apps, foreignCodes, loginsPerMinute, keyRefresh);
  }

  public SimulatorOptions withRandom(RandomGenerator newRandom) {
    return new SimulatorOptions(
        port, clock, newRandom, apps, foreignCodes, loginsPerMinute, keyRefresh);
  }

  public SimulatorOptions withApps(Map<String, String> newApps) {
    return new SimulatorOptions(
        port, clock, random, newApps, foreignCodes, loginsPerMinute, keyRefresh);
  }

  public SimulatorOptions withForeignCodes(ForeignCodes newForeignCodes) {
    return new SimulatorOptions(
        port, clock, random, apps, newForeignCodes, loginsPerMinute, keyRefresh);
  }

  public SimulatorOptions withLoginsPerMinute(int newLimit) {
    return new SimulatorOptions(port, clock, random, apps, foreignCodes, newLimit, keyRefresh);
  }

  public SimulatorOptions withKeyRefresh(Duration newKeyRefresh) {
    return new SimulatorOptions(
        port, clock, random, apps, foreignCodes, loginsPerMinute, newKeyRefresh);
  }

  /** Names the apps without their secrets. */
  @Override
  public String toString() {
    return "SimulatorOptions[port=" + port + ", apps=" + apps.keySet() + ", " + foreignCodes + "]";
  }
}
