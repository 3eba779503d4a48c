package io.thirdsession.login;

import io.thirdsession.Timer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The exchanges that are under way, one a code, and those that succeeded a moment ago. Thread-safe.
 */
final class LoginFlights {
  /** How long a success is given again. */
  private static final Duration REMEMBERED = Duration.ofSeconds(30);

  private static final int MOST_REMEMBERED = 50_000;

  private final ConcurrentHashMap<LoginFlight.Key, LoginFlight> flights = new ConcurrentHashMap<>();
  private final Timer timer;

  LoginFlights(Timer timer) {
    this.timer = timer;
  }

  /** Takes this flight in, unless there is one of the same code: then returns that. */
  Optional<LoginFlight> begin(LoginFlight flight) {
    return Optional.ofNullable(flights.putIfAbsent(flight.key(), flight));
  }

  /** Puts another flight of the same code in the place of one; returns whether it still stood. */
  boolean replace(LoginFlight known, LoginFlight other) {
    return flights.replace(known.key(), known, other);
  }

  /** Ends the flight with this login, which is remembered for a while. */
  void land(LoginFlight flight, Login login) {
    flight.outcome().complete(login);
    if (flights.size() > MOST_REMEMBERED) {
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
