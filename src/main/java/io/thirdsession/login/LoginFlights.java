package io.thirdsession.login;

import io.thirdsession.Timer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The exchanges that are under way, one for each code and IP address, and those that succeeded a
 * moment ago. Thread-safe.
 */
public final class LoginFlights {
  /** How long a success is given again. */
  private static final Duration REMEMBERED = Duration.ofSeconds(30);

  /** Some 30 MB: one takes about 2 kB, twice that with a long profile. */
  private static final int MAX_REMEMBERED = 16_000;

  private final ConcurrentHashMap<LoginFlight.Key, LoginFlight> flights = new ConcurrentHashMap<>();
  private final Timer timer;

  public LoginFlights(Timer timer) {
    this.timer = timer;
  }

  /** Takes in this flight and returns empty, unless one of the same code is known: returns that. */
  Optional<LoginFlight> begin(LoginFlight flight) {
    return Optional.ofNullable(flights.putIfAbsent(flight.key(), flight));
  }

  /** Replaces a flight by another one of the same code, if it is still there; returns whether. */
  boolean replace(LoginFlight known, LoginFlight other) {
    return flights.replace(known.key(), known, other);
  }

  /** Ends the flight with this login, which is remembered for a while. */
  void land(LoginFlight flight, Login login) {
    flight.outcome().complete(login);
    if (flights.size() > MAX_REMEMBERED) {
      flights.remove(flight.key(), flight);
    } else {
      timer.after(REMEMBERED, () -> flights.remove(flight.key(), flight));
    }
  }

  /** Ends the flight with this failure, and forgets it: the next request asks WeChat again. */
  void fail(LoginFlight flight, Throwable failure) {
    flights.remove(flight.key(), flight);
    flight.outcome().completeExceptionally(failure);
  }
}
