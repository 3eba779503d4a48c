package io.thirdsession.user;

import static io.thirdsession.testing.AppServer.APP;
import static io.thirdsession.testing.AppServer.OTHER_APP;
import static io.thirdsession.testing.TestHttp.bearer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.Deadline;
import io.thirdsession.testing.AppTestBase;
import io.thirdsession.testing.LogCapture;
import io.thirdsession.testing.TestHttp.Response;
import io.thirdsession.testing.TestPictures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An erasure against everything that writes rows of the same user at the same moment. Whoever is
 * later finds the user gone, or is a new one; nothing is left of the old one.
 */
class ErasureRaceTest extends AppTestBase {
  private static final Duration PATIENCE = Duration.ofSeconds(4);
  private static final int MIN_ROUNDS = 10;
  private static final byte[] PICTURE = TestPictures.of("png", 8, 8);
  private static final Logger log = LoggerFactory.getLogger(ErasureRaceTest.class);

  private final ExecutorService threads = Executors.newFixedThreadPool(6);

  ErasureRaceTest() {
    super("UNIONID_LINK", "true");
  }

  @BeforeEach
  void keepThePurgerAway() {
    database.execute("UPDATE lease SET held_until = " + Long.MAX_VALUE);
  }

  @AfterEach
  void stopThreads() {
    threads.shutdownNow();
  }

  @Test
  void loginsOfTheSameOpenidLeaveNothingOfTheOldUser() throws Exception {
    race(
        round -> {
          String token = login(APP, "oalice", "").token();
          return List.of(
              erasure(token),
              () -> expect(login(APP, "oalice", ""), 200),
              () -> expect(login(APP, "oalice", ""), 200),
              () -> expect(login(APP, "oalice", ""), 200));
        });
  }

  @Test
  void anUploadLeavesNoPictureOfAUserWhoIsGone() throws Exception {
    race(
        round -> {
          String token = login(APP, "oalice", "").token();
          return List.of(erasure(token), upload(token), upload(token));
        });
  }

  @Test
  void aFirstLoginThatJoinsByUnionidLeavesNothingOfTheOldUser() throws Exception {
    race(
        round -> {
          String unionId = "u" + round;
          String token = login(APP, "oalice" + round, unionId).token();
          return List.of(
              erasure(token),
              () -> expect(login(OTHER_APP, "obob" + round, unionId), 200),
              () -> expect(login(APP, "oalice" + round, unionId), 200));
        });
  }

  @Test
  void aUnionidThatIsToldLateIsLinkedToNobodyWhoIsGone() throws Exception {
    race(
        round -> {
          String token = login(APP, "oalice" + round, "").token();
          return List.of(
              erasure(token),
              () -> expect(login(APP, "oalice" + round, "u" + round), 200),
              () -> expect(login(OTHER_APP, "obob" + round, "u" + round), 200));
        });
  }

  @Test
  void twoErasuresAtOnceEraseOnce() throws Exception {
    race(
        round -> {
          String token = login(APP, "oalice", "").token();
          return List.of(erasure(token), erasure(token), upload(token));
        });
    assertEquals(0, database.number("SELECT COUNT(*) FROM user"));
  }

  private void race(Starts starts) throws Exception {
    Deadline deadline = Deadline.in(PATIENCE);
    int rounds = 0;
    try (LogCapture retries = LogCapture.of("io.thirdsession.jdbc.Jdbc")) {
      while (rounds < MIN_ROUNDS || !deadline.passed()) {
        run(starts.of(rounds++));
        database.assertNoOrphans();
      }
      log.info("rounds={} retries={}", rounds, retries.linesWith("database retry").size());
    }
  }

  /** Lets them all begin at one moment, and waits for the outcome of each. */
  private void run(List<Callable<Response>> calls) throws Exception {
    CyclicBarrier start = new CyclicBarrier(calls.size());
    List<Future<Response>> running = new ArrayList<>();
    for (Callable<Response> call : calls) {
      running.add(
          threads.submit(
              () -> {
                start.await();
                return call.call();
              }));
    }
    for (Future<Response> one : running) {
      one.get();
    }
  }

  private Callable<Response> erasure(String token) {
    return () -> expect(server.http.send("DELETE", "/api/me", null, bearer(token)), 204, 401);
  }

  private Callable<Response> upload(String token) {
    return () ->
        expect(server.http.upload("/api/me/avatar", "file", PICTURE, bearer(token)), 200, 401);
  }

  private Response login(String appId, String openId, String unionId) {
    String code =
        unionId.isEmpty()
            ? server.weChat.loginCode(appId, openId)
            : server.weChat.loginCode(appId, openId, unionId);
    return server.http.post("/api/login", json("code", code, "appId", appId).toString());
  }

  private static Response expect(Response response, Integer... statuses) {
    assertTrue(Set.of(statuses).contains(response.status()), response.toString());
    return response;
  }

  /** Makes what a round needs, and returns what is to happen at once. */
  private interface Starts {
    List<Callable<Response>> of(int round);
  }
}
