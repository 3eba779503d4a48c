package io.thirdsession.session;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thirdsession.testing.AppTestBase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Many checks at once, below HTTP: each gets the response to its own question. */
class CrowdedChecksTest extends AppTestBase {
  private static final int THREADS = 200;
  private static final int CHECKS = 100;
  private static final int SESSIONS = 24;

  @Test
  void everyCheckIsAnsweredForItsOwnToken() throws Exception {
    List<Known> all = new ArrayList<>();
    for (int i = 0; i < SESSIONS; i++) {
      String token = server.login("user" + i).token();
      String userId = server.http.check(token).field("userId");
      boolean ended = i % 3 == 0;
      if (ended) {
        server.http.logout(token);
      }
      all.add(new Known(token, ended ? "nobody" : userId));
    }
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<Integer>> wrong = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        int first = t;
        wrong.add(threads.submit(() -> wrong(all, first)));
      }
      for (Future<Integer> one : wrong) {
        assertEquals(0, one.get(60, SECONDS));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private int wrong(List<Known> all, int first) {
    int wrong = 0;
    for (int i = 0; i < CHECKS; i++) {
      Known one = all.get((first + i) % all.size());
      String found =
          server
              .app
              .sessions()
              .find(one.token)
              .map(session -> session.userId().toString())
              .orElse("nobody");
      wrong += found.equals(one.userId) ? 0 : 1;
    }
    return wrong;
  }

  private record Known(String token, String userId) {}
}
