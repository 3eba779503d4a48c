package io.thirdsession.login;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thirdsession.testing.AppTestBase;
import io.thirdsession.testing.TestHttp.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A login takes time, and has one time. */
class LoginTimeTest extends AppTestBase {
  private static final Duration IDLE = Duration.ofDays(7);

  @Test
  void createdAtAndTheIdleTimeAreExpiresAtToTheMillisecond() {
    server.clock.advanceAtEachReading(Duration.ofMillis(7));
    Response login = server.login("alice");
    Response check = server.http.check(login.token());

    assertEquals(time(check, "createdAt").plus(IDLE), time(check, "expiresAt"));
    assertEquals(time(login, "expiresAt"), time(check, "expiresAt"));
  }

  @Test
  void userAndKeysAreAsOldAsTheFirstSession() {
    server.clock.advanceAtEachReading(Duration.ofMillis(7));
    Response login = server.login("alice");
    long createdAt = time(server.http.check(login.token()), "createdAt").toEpochMilli();

    assertEquals(
        List.of(String.valueOf(createdAt)),
        database.column(
            "SELECT created_at FROM user UNION SELECT last_login_at FROM user"
                + " UNION SELECT created_at FROM identity"
                + " UNION SELECT key_exchanged_at FROM identity"
                + " UNION SELECT last_seen_at FROM session"));
  }

  private static Instant time(Response response, String field) {
    return Instant.parse(response.field(field));
  }
}
