package io.thirdsession.backend;

import static io.thirdsession.testing.AppServer.APP;
import static io.thirdsession.testing.AppServer.OTHER_APP;
import static io.thirdsession.testing.Eventually.eventually;
import static io.thirdsession.testing.TestClients.basic;
import static io.thirdsession.testing.TestHttp.bearer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.thirdsession.testing.AppServer;
import io.thirdsession.testing.AppTestBase;
import io.thirdsession.testing.TestClients;
import io.thirdsession.testing.TestHttp.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The id by which the company's own systems know a user: who gives it, who sees it. */
class ExternalIdTest extends AppTestBase {
  private static final String OF_OTHER_APP = "canary-client-secret-of-other-app";
  private static final String ONLY_USERS = "canary-client-secret-users";
  private static final String NOBODY = "01a20244-e800-75e8-b7be-805317a49f64";

  ExternalIdTest() {
    super(
        "UNIONID_LINK",
        "true",
        "SERVICE_CLIENTS",
        String.join(
            ",",
            TestClients.setting(),
            TestClients.entry("other", OF_OTHER_APP, "users+manage:" + OTHER_APP),
            TestClients.entry("crm", ONLY_USERS, "users")));
  }

  @Test
  void whatACompanyCallsAUserIsInEveryResponseToItsServices() {
    Response login = server.login("alice");
    server.login("bob");

    assertEquals(204, give(login.userId(), "C-4711:eu.1_a").status());

    assertEquals(
        "C-4711:eu.1_a", server.http.introspect(login.token(), basic()).field("external_id"));
    assertEquals("C-4711:eu.1_a", gateway(login).header("X-External-Id"));
    for (String query : List.of("externalId=C-4711:eu.1_a", "userId=" + login.userId())) {
      JsonObject user = onlyUser(server.http.get("/api/users?" + query, basic()));
      assertEquals(login.userId(), user.get("userId").getAsString());
      assertEquals("C-4711:eu.1_a", user.get("externalId").getAsString());
    }
    Response export = server.http.get("/api/me/export", bearer(login.token()));
    assertEquals("C-4711:eu.1_a", export.field("externalId"));
  }

  @Test
  void withoutOneTheGatewaySaysSoAndTheOthersSayNothing() {
    Response login = server.login("alice");

    assertFalse(server.http.introspect(login.token(), basic()).json().has("external_id"));
    assertEquals(List.of(""), gateway(login).headers().allValues("X-External-Id"));
    Response byId = server.http.get("/api/users?userId=" + login.userId(), basic());
    assertFalse(onlyUser(byId).has("externalId"));
    JsonObject export = server.http.get("/api/me/export", bearer(login.token())).json();
    assertTrue(export.get("externalId").isJsonNull());
  }

  @Test
  void theUserDoesNotSeeItButInTheExport() {
    Response login = server.login("alice");
    give(login.userId(), "C-4711");

    assertFalse(server.http.get("/api/me", bearer(login.token())).text().contains("C-4711"));
    assertFalse(server.http.check(login.token()).text().contains("C-4711"));
    assertFalse(server.login("alice").text().contains("C-4711"));
  }

  @Test
  void aLaterLoginKeepsIt() {
    String userId = server.login("alice").userId();
    give(userId, "C-1");

    Response again = server.login("alice");

    assertEquals(userId, again.userId());
    assertEquals("C-1", gateway(again).header("X-External-Id"));
  }

  @Test
  void aNewOneReplacesItAndNullTakesItAway() {
    Response login = server.login("alice");
    give(login.userId(), "C-1");

    assertEquals(204, give(login.userId(), "C-2").status());
    assertEquals(0, found("C-1"));
    assertEquals(1, found("C-2"));

    assertEquals(204, put(login.userId(), "{\"externalId\":null}", basic()).status());
    assertEquals(0, found("C-2"));
    assertEquals(List.of(""), gateway(login).headers().allValues("X-External-Id"));
  }

  @Test
  void givingTheSameAgainIsNoConflict() {
    String userId = server.login("alice").userId();

    assertEquals(204, give(userId, "C-1").status());
    assertEquals(204, give(userId, "C-1").status());
  }

  @Test
  void caseMatters() {
    String alice = server.login("alice").userId();
    String bob = server.login("bob").userId();

    assertEquals(204, give(alice, "abc").status());
    assertEquals(204, give(bob, "ABC").status());

    Response found = server.http.get("/api/users?externalId=ABC", basic());
    assertEquals(bob, onlyUser(found).get("userId").getAsString());
  }

  @Test
  void whatAnotherUserHasIsAConflictThatNamesNobody() {
    String alice = server.login("alice").userId();
    Response bob = server.login("bob");
    give(alice, "C-1");

    Response response = give(bob.userId(), "C-1");

    assertEquals(409, response.status(), response.toString());
    assertEquals("conflict", response.field("error"));
    assertFalse(response.json().get("retryable").getAsBoolean());
    assertFalse(response.json().get("relogin").getAsBoolean());
    assertFalse(response.text().contains(alice));
    assertEquals(List.of(""), gateway(bob).headers().allValues("X-External-Id"));
  }

  @Test
  void ofTwoWhoAreGivenItAtOnceOneGetsIt() throws Exception {
    List<String> users = Stream.of("a", "b", "c", "d").map(u -> server.login(u).userId()).toList();
    ExecutorService threads = Executors.newFixedThreadPool(users.size());
    try {
      for (int round = 0; round < 10; round++) {
        String externalId = "C-" + round;
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Integer>> all = new ArrayList<>();
        for (String user : users) {
          all.add(
              threads.submit(
                  () -> {
                    start.await();
                    return give(user, externalId).status();
                  }));
        }
        start.countDown();
        List<Integer> statuses = new ArrayList<>();
        for (Future<Integer> one : all) {
          statuses.add(one.get());
        }
        statuses.sort(null);
        assertEquals(List.of(204, 409, 409, 409), statuses);
        assertEquals(1, found(externalId));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void anErasureFreesIt() {
    Response alice = server.login("alice");
    String bob = server.login("bob").userId();
    give(alice.userId(), "C-1");

    assertEquals(204, server.http.send("DELETE", "/api/me", null, bearer(alice.token())).status());

    assertEquals(0, found("C-1"));
    assertEquals(204, give(bob, "C-1").status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"externalId\":\"\"}",
        "{\"externalId\":\"a b\"}",
        "{\"externalId\":\"a\\n\"}",
        "{\"externalId\":\"客户\"}",
        "{\"externalId\":\"a/b\"}",
        "{\"externalId\":4711}",
        "{\"externalId\":[\"a\"]}",
        "{\"externalId\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}",
        "{\"externalID\":\"a\"}",
      })
  void anythingElseIsRefusedAndTheFieldNamed(String body) {
    String userId = server.login("alice").userId();

    Response response = put(userId, body, basic());

    assertEquals(400, response.status(), response.toString());
    assertEquals("invalid_request", response.field("error"));
    assertEquals("externalId", response.field("field"));
  }

  @Test
  void takesSixtyFourCharacters() {
    String externalId = "a".repeat(64);

    assertEquals(204, give(server.login("alice").userId(), externalId).status());

    assertEquals(1, found(externalId));
  }

  @Test
  void aLookupByWhatCanBeNoneIsRefused() {
    for (String query :
        List.of("externalId=", "externalId=a%20b", "externalId=a&userId=" + NOBODY)) {
      assertEquals(400, server.http.get("/api/users?" + query, basic()).status(), query);
    }
  }

  @Test
  void aUserWhomTheClientDoesNotKnowIsNotThere() {
    String alice = server.login("alice").userId();
    give(alice, "C-1");
    String[] other = basic("other", OF_OTHER_APP);

    for (String userId : List.of(NOBODY, alice)) {
      Response response = put(userId, "{\"externalId\":\"C-2\"}", other);
      assertEquals(404, response.status(), response.toString());
      assertEquals("not_found", response.field("error"));
    }
    assertEquals(404, give(NOBODY, "C-2").status());
    Response found = server.http.get("/api/users?externalId=C-1", other);
    assertEquals("{\"users\":[]}", found.text());
  }

  @Test
  void aClientOfOneAppMayNotGiveItToAUserOfTwo() {
    String openId = AppServer.openId("alice");
    server.http.login(server.weChat.loginCode(APP, openId, "ualice"));
    String code = server.weChat.loginCode(OTHER_APP, openId, "ualice");
    String userId =
        server.http.post("/api/login", json("code", code, "appId", OTHER_APP).toString()).userId();

    Response response = put(userId, "{\"externalId\":\"C-1\"}", basic("other", OF_OTHER_APP));

    assertEquals(403, response.status());
    assertEquals("forbidden", response.field("error"));
  }

  @Test
  void needsTheScopeAndIsNotForPagesOfOtherSites() {
    String userId = server.login("alice").userId();
    String body = "{\"externalId\":\"C-1\"}";

    assertEquals(401, put(userId, body).status());
    assertEquals(403, put(userId, body, basic("crm", ONLY_USERS)).status());
    assertEquals(
        403, put(userId, body, basic()[0], basic()[1], "Sec-Fetch-Site", "cross-site").status());
    assertEquals(0, found("C-1"));
  }

  @Test
  void theTrailSaysThatItWasGivenAndNotWhat() {
    String userId = server.login("alice").userId();
    give(userId, "C-1");
    server.clock.advance(Duration.ofSeconds(1)); // the trail is in the order of time
    put(userId, "{\"externalId\":null}", basic());

    eventually(
        () ->
            assertEquals(
                List.of("all state=given", "all state=none"),
                database.column(
                    "SELECT CONCAT(client, ' ', detail) FROM audit"
                        + " WHERE event = 'external_id_changed' ORDER BY id")));
  }

  private Response give(String userId, String externalId) {
    return put(userId, json("externalId", externalId).toString(), basic());
  }

  private Response put(String userId, String body, String... headers) {
    String[] all =
        Stream.concat(Stream.of(headers), Stream.of("Content-Type", "application/json"))
            .toArray(String[]::new);
    return server.http.send("PUT", "/api/users/" + userId + "/external-id", body, all);
  }

  private Response gateway(Response login) {
    return server.http.get("/api/gateway/orders", bearer(login.token()));
  }

  private int found(String externalId) {
    Response response = server.http.get("/api/users?externalId=" + externalId, basic());
    assertEquals(200, response.status(), response.toString());
    return response.json().getAsJsonArray("users").size();
  }

  private static JsonObject onlyUser(Response response) {
    assertEquals(200, response.status(), response.toString());
    assertEquals(1, response.json().getAsJsonArray("users").size());
    return response.json().getAsJsonArray("users").get(0).getAsJsonObject();
  }
}
