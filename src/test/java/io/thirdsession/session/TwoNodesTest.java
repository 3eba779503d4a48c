package io.thirdsession.session;

import static io.thirdsession.testing.TestClients.basic;
import static io.thirdsession.testing.TestHttp.bearer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.testing.AppServer;
import io.thirdsession.testing.AppTestBase;
import io.thirdsession.testing.TestClients;
import io.thirdsession.testing.TestHttp.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is ended on one node is ended on the other, at once. */
class TwoNodesTest extends AppTestBase {
  private AppServer other;

  TwoNodesTest() {
    super("SERVICE_CLIENTS", TestClients.setting());
  }

  @BeforeEach
  void startTheOther() throws Exception {
    other = server.anotherNode();
  }

  @AfterEach
  void stopTheOther() {
    other.stopNode();
  }

  @AfterEach
  void findNoOrphans() {
    database.assertNoOrphans();
  }

  @Test
  void aSessionIsGoodOnEveryNodeAndEndedOnEveryNode() {
    String token = server.login("alice").token();
    assertEquals(200, other.http.check(token).status());

    other.http.logout(token);

    assertEquals(401, server.http.check(token).status());
    assertEquals(401, other.http.check(token).status());
  }

  @Test
  void disablingErasingAndEndingHoldOnEveryNode() {
    String alice = server.login("alice").token();
    String aliceId = server.http.check(alice).field("userId");
    other.http.send("POST", "/api/users/" + aliceId + "/disable", null, basic());
    assertEquals(401, server.http.check(alice).status());
    assertEquals("user_disabled", server.login("alice").field("error"));

    String bob = server.login("bob").token();
    other.http.send("DELETE", "/api/me", null, bearer(bob));
    assertEquals(401, server.http.check(bob).status());

    String carol = server.login("carol").token();
    String carols = other.login("dora").token();
    other.http.post("/api/sessions/end", "{\"which\":\"all\"}", bearer(carol));
    assertEquals(401, server.http.check(carol).status());
    assertEquals(200, server.http.check(carols).status());
  }

  @Test
  void theCapOfAUserHoldsAcrossNodes() {
    List<String> tokens = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      tokens.add((i % 2 == 0 ? server : other).login("alice").token());
    }

    long live = tokens.stream().filter(t -> server.http.check(t).status() == 200).count();

    assertEquals(10, live);
  }

  /** No check that began after the answer of a log-out, on whichever node, may say yes. */
  @Test
  void aCheckThatBeginsAfterTheLogOutWasAnsweredNeverPasses() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      for (int round = 0; round < 40; round++) {
        String token = server.login("alice").token();
        AtomicLong endedNanos = new AtomicLong(Long.MAX_VALUE);
        List<CompletableFuture<Boolean>> checks = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
          AppServer node = i % 2 == 0 ? server : other;
          checks.add(
              CompletableFuture.supplyAsync(
                  () -> {
                    long began = System.nanoTime();
                    int status = node.http.check(token).status();
                    return status == 401 || began < endedNanos.get();
                  },
                  threads));
          if (i == 12) {
            checks.add(
                CompletableFuture.supplyAsync(
                    () -> {
                      int status = other.http.logout(token).status();
                      endedNanos.set(System.nanoTime());
                      return status == 204;
                    },
                    threads));
          }
        }
        for (CompletableFuture<Boolean> check : checks) {
          assertTrue(check.get());
        }
        assertEquals(401, server.http.check(token).status());
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aUserWhoIsDisabledWhileLoggingInHasNoSessionAfterwards() throws Exception {
    String userId = server.login("alice").userId();
    ExecutorService threads = Executors.newFixedThreadPool(6);
    try {
      List<CompletableFuture<Response>> logins = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        AppServer node = i % 2 == 0 ? server : other;
        String code = server.code("alice");
        logins.add(CompletableFuture.supplyAsync(() -> node.http.login(code), threads));
        if (i == 10) {
          other.http.send("POST", "/api/users/" + userId + "/disable", null, basic());
        }
      }
      for (CompletableFuture<Response> login : logins) {
        Response response = login.get();
        if (response.status() == 200) {
          assertEquals(401, server.http.check(response.token()).status());
        }
      }
    } finally {
      threads.shutdownNow();
    }
    assertEquals(0, database.number("SELECT COUNT(*) FROM session"));
  }
}
