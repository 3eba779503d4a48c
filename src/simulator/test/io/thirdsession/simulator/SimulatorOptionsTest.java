package io.thirdsession.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.thirdsession.simulator.SimulatorOptions.ForeignCodes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimulatorOptionsTest {

  @Test
  void acceptsForeignCodesForTheTouristAppByDefault() {
    SimulatorOptions options = SimulatorOptions.fromEnvironment(Map.of("SIM_PORT", ""));

    assertEquals(9090, options.port());
    assertEquals(ForeignCodes.ACCEPT, options.foreignCodes());
    assertEquals(Map.of("touristappid", "simulator"), options.apps());
  }

  @Test
  void readsTheEnvironment() {
    SimulatorOptions options =
        SimulatorOptions.fromEnvironment(
            Map.of(
                "SIM_PORT", "9191",
                "SIM_FOREIGN_CODES", "refuse",
                "SIM_APPS", "wxb:secret:b, wxa:a"));

    assertEquals(9191, options.port());
    assertEquals(ForeignCodes.REFUSE, options.foreignCodes());
    assertEquals(Map.of("wxb", "secret:b", "wxa", "a"), options.apps());
    assertEquals(List.of("wxb", "wxa"), List.copyOf(options.apps().keySet()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SIM_PORT | 70000 | SIM_PORT must be 0 to 65535, not \"70000\"",
        "SIM_PORT | x | SIM_PORT must be 0 to 65535, not \"x\"",
        "SIM_FOREIGN_CODES | maybe | SIM_FOREIGN_CODES must be accept or refuse, not \"maybe\"",
        "SIM_APPS | wx-without-secret | SIM_APPS must read appid:secret,appid:secret",
      })
  void namesTheVariableThatItCannotRead(String name, String value, String message) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> SimulatorOptions.fromEnvironment(Map.of(name, value)));

    assertEquals(message, e.getMessage());
  }

  @Test
  void refusesOptionsThatCannotBe() {
    SimulatorOptions options = SimulatorOptions.defaults();

    assertThrows(IllegalArgumentException.class, () -> options.withPort(-1));
    assertThrows(IllegalArgumentException.class, () -> options.withApps(Map.of()));
    assertThrows(IllegalArgumentException.class, () -> options.withLoginsPerMinute(0));
    assertThrows(
        IllegalArgumentException.class, () -> options.withKeyRefresh(Duration.ofSeconds(-1)));
  }
}
