package io.thirdsession.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.Deadline;
import io.thirdsession.testing.TestHttp.Response;
import java.time.Duration;
import java.util.Locale;

/**
 * Logins one after the other while the server does something large. As in a mini program, one that
 * the server could not record in time (503) is repeated with a new code: a disk that flushes for
 * seconds is the machine's, not what the server does meanwhile. Not thread-safe.
 */
public final class LoginsMeanwhile {
  // a login takes milliseconds: this is for one that waits until something large is done
  private static final Duration SLOWEST = Duration.ofSeconds(20);

  private final AppServer server;
  private int logins;
  private int repeated;
  private long slowestNanos;

  public LoginsMeanwhile(AppServer server) {
    this.server = server;
  }

  /** Logs this user in and returns the response, which is good. */
  public Response login(String name) {
    Deadline patience = Deadline.in(SLOWEST);
    long beganNanos = System.nanoTime();
    Response login = server.login(name);
    while (login.status() == 503 && !patience.passed()) {
      repeated++;
      login = server.login(name);
    }
    slowestNanos = Math.max(slowestNanos, System.nanoTime() - beganNanos);
    logins++;
    assertEquals(200, login.status(), login.toString());
    return login;
  }

  /** Asserts that next to none was refused and that none waited for long. */
  public void assertUndisturbed() {
    assertTrue(repeated <= 1 + logins / 100, toString());
    assertTrue(slowestNanos < SLOWEST.toNanos(), toString());
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "logins=%d repeated=%d slowestMillis=%d",
        logins,
        repeated,
        slowestNanos / 1_000_000);
  }
}
