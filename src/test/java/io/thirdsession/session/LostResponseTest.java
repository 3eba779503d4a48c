package io.thirdsession.session;

import static io.thirdsession.testing.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.http.RequestFacts;
import io.thirdsession.testing.AppServer;
import io.thirdsession.testing.LogCapture;
import io.thirdsession.testing.TcpProxy;
import io.thirdsession.testing.TestDatabase;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A response of the database is lost, so that nobody knows whether a session was ended, and ending
 * it is repeated. Whoever is told that it ended finds that in the audit trail.
 */
class LostResponseTest {
  /** Shorter than a response of the database. */
  private static final int STEP = 7;

  private static final RequestFacts FACTS =
      new RequestFacts(
          "r",
          Optional.empty(),
          "127.0.0.1",
          Optional.empty(),
          Locale.CHINESE,
          "http://localhost",
          0);

  private TestDatabase database;
  private TcpProxy proxy;
  private AppServer server;
  private SessionService sessions;
  private LogCapture trail;

  @BeforeEach
  void start() throws Exception {
    database = TestDatabase.create();
    proxy = TcpProxy.to(database.url());
    // on one connection each statement is prepared once, and its responses have one length
    server = AppServer.start(proxy.url(), "DB_POOL_SIZE", "1", "DB_TX_POOL_SIZE", "1");
    sessions = server.app.sessions();
    trail = LogCapture.of("io.thirdsession.audit");
  }

  @AfterEach
  void stop() throws Exception {
    trail.close();
    server.close();
    proxy.close();
    database.close();
  }

  @ParameterizedTest
  @EnumSource
  void whatWasEndedIsInTheAuditTrailWhicheverResponseIsLost(Way way) {
    int bytes = -STEP;
    do {
      bytes += STEP;
      String name = "alice-" + bytes;
      Caller caller = logIn(name);
      UUID other = logIn(name).session().sid();
      awaitNoRow();
      proxy.cutAfter(bytes);

      way.end(sessions, caller, other);

      String line = way.event + " at=.* sid=" + (way.endsOther ? other : caller.session().sid());
      assertEquals(1, matching(line), line + ", lost after bytes: " + bytes);
    } while (proxy.hasCut());
    assertTrue(bytes > 0, "no response was lost");
  }

  @Test
  void endingAllIsInTheAuditTrailThoughOthersHaveEndedThemMeanwhile() {
    Caller caller = logIn("alice");
    sessions.logOut(caller);

    sessions.endAll(caller);

    assertEquals(1, matching("session_ended at=.* sid=" + caller.session().sid()));
  }

  private Caller logIn(String name) {
    Session session = sessions.find(server.login(name).token()).orElseThrow();
    return new Caller(session, FACTS);
  }

  /** So that what is lost is a response to us, not to the writer of the trail. */
  private void awaitNoRow() {
    int events = matching(".*");
    eventually(() -> assertEquals(events, database.number("SELECT COUNT(*) FROM audit")));
  }

  private int matching(String line) {
    List<String> lines = trail.linesWith("event=");
    return (int) lines.stream().filter(its -> its.matches("event=" + line + "\\b.*")).count();
  }

  /** In which way a session ends. */
  private enum Way {
    LOG_OUT("logout", false) {
      @Override
      void end(SessionService sessions, Caller caller, UUID other) {
        sessions.logOut(caller);
      }
    },
    END_ONE("session_ended", true) {
      @Override
      void end(SessionService sessions, Caller caller, UUID other) {
        assertTrue(sessions.endOne(caller.userId(), other, caller), "not found");
      }
    },
    END_OTHERS("session_ended", false) {
      @Override
      void end(SessionService sessions, Caller caller, UUID other) {
        sessions.endOthers(caller);
      }
    },
    END_ALL("session_ended", false) {
      @Override
      void end(SessionService sessions, Caller caller, UUID other) {
        sessions.endAll(caller);
      }
    };

    final String event;
    final boolean endsOther;

    Way(String event, boolean endsOther) {
      this.event = event;
      this.endsOther = endsOther;
    }

    abstract void end(SessionService sessions, Caller caller, UUID other);
  }
}
