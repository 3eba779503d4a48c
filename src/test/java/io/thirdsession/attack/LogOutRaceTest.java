package io.thirdsession.attack;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.Deadline;
import io.thirdsession.Uuid7;
import io.thirdsession.http.RequestFacts;
import io.thirdsession.session.Caller;
import io.thirdsession.session.Session;
import io.thirdsession.session.SessionService;
import io.thirdsession.session.SessionToken;
import io.thirdsession.testing.AppServer;
import io.thirdsession.testing.AppTestBase;
import io.thirdsession.testing.TestKeys;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread ends sessions, one after the other, while others check them without a pause, on two
 * nodes, below HTTP: many more ways to meet than requests would have.
 */
class LogOutRaceTest extends AppTestBase {
  private static final int CHECKS = 100_000;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Enough for checks to wait, so that several share a query. */
  private static final int CHECKERS = 16;

  private static final int CHECKS_BEFORE_THE_END = 12;
  private static final RequestFacts FACTS =
      new RequestFacts(
          "r",
          Optional.empty(),
          "127.0.0.1",
          Optional.empty(),
          Locale.CHINESE,
          "http://localhost",
          0);

  private static final Logger log = LoggerFactory.getLogger(LogOutRaceTest.class);

  private final AtomicLong checks = new AtomicLong();
  private final AtomicLong during = new AtomicLong();
  private final AtomicLong afterwards = new AtomicLong();
  private final AtomicLong foundAfterwards = new AtomicLong();

  private volatile Round current;
  private volatile Round previous;

  @AfterEach
  void findNoOrphans() {
    database.assertNoOrphans();
  }

  @Test
  void noCheckThatBeginsAfterTheEndFindsTheSession() throws Exception {
    String token = server.login("alice").token();
    UUID userId = UUID.fromString(server.http.check(token).field("userId"));
    server.http.logout(token);
    UUID identityId = identityId();
    AppServer other = server.anotherNode();
    ExecutorService threads = Executors.newFixedThreadPool(CHECKERS);
    long rounds = 0;
    try (Connection connection = database.connect();
        PreparedStatement insert = insert(connection, userId, identityId)) {
      previous = new Round(server.app.tokens().mint(server.clock.instant()));
      current = previous;
      List<Future<?>> checkers = new ArrayList<>();
      for (int i = 0; i < CHECKERS; i++) {
        AppServer node = i % 2 == 0 ? server : other;
        checkers.add(threads.submit(() -> checkWithoutPause(node.app.sessions())));
      }
      Deadline deadline = Deadline.in(PATIENCE);

      while (checks.get() < CHECKS && !deadline.passed()) {
        Round round = begin(insert, userId, identityId);
        long seen = checks.get();
        while (checks.get() < seen + CHECKS_BEFORE_THE_END) {
          LockSupport.parkNanos(50_000);
          checkers.forEach(checker -> assertTrue(!checker.isDone(), "a checker has failed"));
        }
        Session session = server.app.sessions().find(round.token.text()).orElseThrow();
        round.ending = true;
        end(session, rounds++);
        round.ended = true;
      }

      current = null;
      for (Future<?> checker : checkers) {
        checker.get(10, SECONDS);
      }
    } finally {
      current = null;
      threads.shutdownNow();
      other.stopNode();
    }

    log.info("checks={} sessions={} during={} afterwards={}", checks, rounds, during, afterwards);
    assertEquals(0, foundAfterwards.get());
    assertTrue(during.get() > rounds / 10, "checks that met an end: " + during);
    assertTrue(afterwards.get() > rounds, "checks that followed one: " + afterwards);
  }

  private void checkWithoutPause(SessionService sessions) {
    for (int i = 0; ; i++) {
      Round last = previous;
      Round round = current;
      if (round == null) {
        return;
      }
      check(sessions, i % 4 == 0 ? last : round);
    }
  }

  private void check(SessionService sessions, Round round) {
    boolean endedBefore = round.ended; // read before the check begins
    boolean endingBefore = round.ending;
    boolean found = sessions.find(round.token.text()).isPresent();
    checks.incrementAndGet();
    if (endedBefore) {
      afterwards.incrementAndGet();
      if (found) {
        foundAfterwards.incrementAndGet();
      }
    } else if (endingBefore || round.ending) {
      during.incrementAndGet();
    }
  }

  /** By each of the ways in which a user ends a session. */
  private void end(Session session, long way) {
    Caller caller = new Caller(session, FACTS);
    switch ((int) (way % 3)) {
      case 0 -> server.app.sessions().logOut(caller);
      case 1 -> assertTrue(server.app.sessions().endOne(session.userId(), session.sid(), caller));
      default -> assertEquals(1, server.app.sessions().endAll(caller));
    }
  }

  private Round begin(PreparedStatement insert, UUID userId, UUID identityId) throws SQLException {
    Round round = new Round(server.app.tokens().mint(server.clock.instant()));
    insert.setLong(5, server.clock.millis());
    insert.setBytes(1, Uuid7.bytes(round.token.sid()));
    insert.setBytes(2, TestKeys.secretHash(round.token.text(), userId, identityId));
    insert.executeUpdate();
    previous = current;
    current = round;
    return round;
  }

  private UUID identityId() {
    String hex = database.column("SELECT HEX(id) FROM identity").get(0);
    return Uuid7.of(HexFormat.of().parseHex(hex));
  }

  private static PreparedStatement insert(Connection connection, UUID userId, UUID identityId)
      throws SQLException {
    PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO session (sid, secret_hash, user_id, identity_id, last_seen_at, origin,"
                + " address) VALUES (?, ?, ?, ?, ?, 'login', '')");
    insert.setBytes(3, Uuid7.bytes(userId));
    insert.setBytes(4, Uuid7.bytes(identityId));
    return insert;
  }

  /** The life of one session. */
  private static final class Round {
    private final SessionToken token;
    private volatile boolean ending;
    private volatile boolean ended;

    Round(SessionToken token) {
      this.token = token;
    }
  }
}
