package io.thirdsession.session;

import static io.thirdsession.testing.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thirdsession.testing.AppTestBase;
import io.thirdsession.testing.TestHttp.Response;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SessionExpiryTest extends AppTestBase {
  private static final Duration IDLE = Duration.ofDays(7);
  private static final Duration ABSOLUTE = Duration.ofDays(30);
  private static final Duration TOUCH = IDLE.dividedBy(10);

  private String token;

  @BeforeEach
  void logIn() {
    token = server.login("alice").token();
  }

  @Test
  void endsAtTheMillisecondOfItsIdleEnd() {
    server.clock.advance(IDLE.minusMillis(1));
    String stillLive = "" + lastSeenAt();
    assertEquals(200, server.http.check(token).status());
    server.app.writeTouches();
    database.execute(
        "UPDATE session SET last_seen_at = " + stillLive); // as if it had not been seen

    server.clock.advance(Duration.ofMillis(1));

    assertEquals(401, server.http.check(token).status());
    server.clock.advance(Duration.ofMillis(-1));
    assertEquals(200, server.http.check(token).status(), "the refusal changed nothing");
  }

  @Test
  void endsAtTheMillisecondOfItsAbsoluteEndHoweverMuchItIsUsed() {
    Duration passed = Duration.ZERO;
    while (passed.plus(TOUCH).compareTo(ABSOLUTE) < 0) {
      server.clock.advance(TOUCH);
      passed = passed.plus(TOUCH);
      assertEquals(200, server.http.check(token).status());
    }
    server.clock.advance(ABSOLUTE.minus(passed).minusMillis(1));
    Response last = server.http.check(token);
    assertEquals(200, last.status());
    assertEquals("0", last.field("expiresIn"));

    server.clock.advance(Duration.ofMillis(1));

    assertEquals(401, server.http.check(token).status());
  }

  @Test
  void writesATouchOnceInATenthOfTheIdleLifetime() {
    long atLogin = lastSeenAt();

    server.clock.advance(TOUCH.minusMillis(1));
    server.http.check(token);
    server.app.writeTouches();
    assertEquals(atLogin, lastSeenAt());

    server.clock.advance(Duration.ofMillis(1));
    server.http.check(token);
    eventually(() -> assertEquals(atLogin + TOUCH.toMillis(), lastSeenAt()));
  }

  @Test
  void saysWhenItEndsAfterTheTouch() {
    server.clock.advance(TOUCH);

    assertEquals("" + IDLE.toSeconds(), server.http.check(token).field("expiresIn"));
  }

  @Test
  void goodUseKeepsItAliveBeyondTheIdleLifetime() {
    for (int i = 0; i < 3; i++) {
      server.clock.advance(Duration.ofDays(6));
      assertEquals(200, server.http.check(token).status());
    }
  }

  @Test
  void aTouchThatCannotBeWrittenHoldsUpNoCheckAndIsWrittenLater() throws Exception {
    server.clock.advance(TOUCH);
    long used = server.clock.millis();
    try (Connection other = database.connect();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.executeUpdate("UPDATE session SET last_seen_at = last_seen_at + 1");

      Response check = server.http.check(token);

      assertEquals(200, check.status());
      assertEquals("" + IDLE.toSeconds(), check.field("expiresIn"));
      server.app.writeTouches();
      other.rollback();
    }
    eventually(() -> assertEquals(used, lastSeenAt()));
  }

  @Test
  void aTouchDoesNotBringBackASessionThatWasEnded() {
    server.clock.advance(TOUCH);
    assertEquals(200, server.http.check(token).status());

    server.http.logout(token);
    server.app.writeTouches();

    assertEquals(401, server.http.check(token).status());
    assertEquals(0, database.number("SELECT COUNT(*) FROM session"));
  }

  @Test
  void anOrderlyStopWritesWhatIsNoted() throws Exception {
    server.clock.advance(TOUCH);
    long used = server.clock.millis();
    assertEquals(200, server.http.check(token).status());

    restart();

    assertEquals(used, lastSeenAt());
  }

  private long lastSeenAt() {
    return Long.parseLong(database.column("SELECT last_seen_at FROM session").get(0));
  }
}
