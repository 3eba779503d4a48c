package io.thirdsession.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.testing.TestDatabase;
import io.thirdsession.testing.TestHttp.Answer;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SessionExpiryTest {
  private static final Duration IDLE = Duration.ofDays(7);
  private static final Duration ABSOLUTE = Duration.ofDays(30);
  private static final Duration TOUCH = IDLE.dividedBy(10);

  private TestDatabase database;
  private AppServer server;
  private String token;

  @BeforeEach
  void logIn() throws Exception {
    database = TestDatabase.create();
    server = AppServer.start(database);
    token = server.login("alice").token();
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
    database.close();
  }

  @Test
  void endsAtTheMillisecondOfItsIdleEnd() {
    server.clock.advance(IDLE.minusMillis(1));
    String stillLive = "" + lastSeenAt();
    assertEquals(200, server.http.check(token).status());
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
    Answer last = server.http.check(token);
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
    assertEquals(atLogin, lastSeenAt());

    server.clock.advance(Duration.ofMillis(1));
    server.http.check(token);
    assertEquals(atLogin + TOUCH.toMillis(), lastSeenAt());
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
  void aTouchThatCannotBeWrittenDoesNotFailTheCheck() throws Exception {
    server.clock.advance(TOUCH);
    try (Connection other = database.connect();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.executeUpdate("UPDATE session SET last_seen_at = last_seen_at + 1");

      Answer check = server.http.check(token);

      assertEquals(200, check.status());
      assertTrue(Long.parseLong(check.field("expiresIn")) < IDLE.toSeconds(), "not promised more");
      other.rollback();
    }
  }

  private long lastSeenAt() {
    return Long.parseLong(database.column("SELECT last_seen_at FROM session").get(0));
  }
}
