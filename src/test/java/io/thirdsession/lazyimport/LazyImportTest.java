package io.thirdsession.lazyimport;

import static io.thirdsession.testing.AppServer.APP;
import static io.thirdsession.testing.AppServer.OTHER_APP;
import static io.thirdsession.testing.AppServer.openId;
import static io.thirdsession.testing.Eventually.eventually;
import static io.thirdsession.testing.TestClients.basic;
import static io.thirdsession.testing.TestHttp.bearer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.thirdsession.testing.AppTestBase;
import io.thirdsession.testing.Canaries;
import io.thirdsession.testing.LogCapture;
import io.thirdsession.testing.Ports;
import io.thirdsession.testing.Scrape;
import io.thirdsession.testing.TestClients;
import io.thirdsession.testing.TestHttp.Response;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever is new here is looked up in the operator's own system. */
class LazyImportTest extends AppTestBase {
  private static final String SECRET = "canary-import-secret-0123456789";
  private static final OperatorsSystem system = OperatorsSystem.start();

  @TempDir Path folder;

  LazyImportTest() {
    super(
        "IMPORT_URL",
        system.url().toString(),
        "IMPORT_SECRET",
        SECRET,
        "SERVICE_CLIENTS",
        TestClients.setting());
  }

  @AfterEach
  void findNoOrphans() {
    database.assertNoOrphans();
    system.forget();
    Canaries.record(server.weChat, SECRET);
  }

  @AfterAll
  static void stopIt() {
    system.close();
  }

  @Test
  void whoIsKnownThereIsTheSameUserHere() {
    system.add(
        line(
            "alice",
            "externalId",
            "C-1",
            "nickName",
            "老王",
            "avatarUrl",
            "https://img.example.com/1.jpg",
            "phoneNumber",
            "13580006666",
            "createdAt",
            "2019-05-06T07:08:09+08:00"));

    Response login = server.login("alice");

    assertEquals(200, login.status(), login.toString());
    assertFalse(login.json().get("newUser").getAsBoolean());
    assertEquals("老王", login.json().getAsJsonObject("user").get("nickName").getAsString());
    assertEquals("C-1", introspect(login).field("external_id"));
    JsonObject user = user("externalId=C-1");
    assertEquals(login.userId(), user.get("userId").getAsString());
    assertEquals("2019-05-05T23:08:09.000Z", user.get("createdAt").getAsString());
    assertEquals(200, server.http.check(login.token()).status());
    assertEquals(1, database.number("SELECT COUNT(*) FROM identity WHERE key_sealed IS NOT NULL"));
    assertEquals(1, count("known"));
    eventually(
        () ->
            assertEquals(
                List.of("state=login created=1"),
                database.column("SELECT detail FROM audit WHERE event = 'imported'")));
  }

  @Test
  void anImportedPhoneNumberProvesNothing() {
    system.add(line("alice", "externalId", "C-1", "phoneNumber", "13580006666"));

    Response login = server.login("alice");

    assertEquals("import", user("externalId=C-1").get("phoneSource").getAsString());
    assertFalse(introspect(login).field("scope").contains("phone"));
  }

  @Test
  void theQuestionNamesAppAndOpenidAndProvesWhoAsks() {
    server.login("alice");

    assertEquals(
        List.of(
            "POST /users/find application/json Bearer "
                + SECRET
                + " {\"appid\":\""
                + APP
                + "\",\"openid\":\""
                + openId("alice")
                + "\"}"),
        system.asked());
  }

  @Test
  void itNamesTheUnionidIfWeChatToldOne() {
    login(OTHER_APP, "oa", "ua");

    assertTrue(
        system
            .asked()
            .get(0)
            .endsWith("{\"appid\":\"" + OTHER_APP + "\",\"openid\":\"oa\",\"unionid\":\"ua\"}"),
        system.asked().toString());
  }

  @Test
  void whoIsKnownHereIsNeverAskedAbout() {
    String first = server.login("alice").userId();
    importFile(line("bob", "externalId", "C-2"));
    system.forget();

    assertEquals(first, server.login("alice").userId());
    assertEquals("C-2", introspect(server.login("bob")).field("external_id"));

    assertEquals(List.of(), system.asked());
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 404})
  void whoIsUnknownThereIsANewUser(int status) throws Exception {
    restart("IMPORT_REQUIRED", "true");
    system.answers(exchange -> exchange.sendResponseHeaders(status, -1));

    Response login = server.login("alice");

    assertTrue(login.json().get("newUser").getAsBoolean());
    assertEquals(1, count("unknown"));
  }

  static Stream<Arguments> waysToSayNothing() {
    return Stream.of(
        way("status", 500, "{}"),
        way("status", 503, ""),
        way("status", 401, "{}"),
        way("status", 201, line("alice").toString()),
        way("malformed", 200, ""),
        way("malformed", 200, "[]"),
        way("malformed", 200, "<html>"),
        way("malformed", 200, line("alice") + "{}"),
        way(
            "malformed",
            200,
            " ".repeat(16_385 - line("alice").toString().length()) + line("alice")),
        way("other_user", 200, "{}"),
        way("other_user", 200, line("bob", "externalId", "C-1").toString()),
        way("other_user", 200, json("appid", OTHER_APP, "openid", openId("alice")).toString()),
        way(
            "other_user",
            200,
            json("appid", APP.toUpperCase(Locale.ROOT), "openid", openId("alice")).toString()),
        way("invalid", 200, line("alice", "externalId", "C 1").toString()),
        way("invalid", 200, line("alice", "phoneNumber", "no number").toString()),
        way("invalid", 200, line("alice", "createdAt", "2090-01-01T00:00:00Z").toString()),
        way("invalid", 200, line("alice", "password", "p").toString()));
  }

  private static Arguments way(String outcome, int status, String body) {
    OperatorsSystem.Way way = exchange -> OperatorsSystem.send(exchange, status, body);
    return Arguments.of(outcome, way);
  }

  @ParameterizedTest
  @MethodSource("waysToSayNothing")
  void ifItSaysNothingTheLoginGoesOnOrIsRefusedAsConfigured(String outcome, OperatorsSystem.Way way)
      throws Exception {
    system.answers(way);
    Response goesOn = server.login("alice");

    assertEquals(200, goesOn.status(), goesOn.toString());
    assertTrue(goesOn.json().get("newUser").getAsBoolean());
    assertEquals(1, database.number("SELECT COUNT(*) FROM user WHERE external_id IS NULL"));
    assertEquals(1, count(outcome));

    server.http.send("DELETE", "/api/me", null, bearer(goesOn.token()));
    restart("IMPORT_REQUIRED", "true");
    Response refused = server.login("alice");
    assertRefused(refused);
    assertEquals(0, database.number("SELECT COUNT(*) FROM user"));
    assertEquals(1, count(outcome));
  }

  @Test
  void aUserWhoWasRefusedIsLookedUpAgainAtTheNextLogin() throws Exception {
    restart("IMPORT_REQUIRED", "true");
    system.add(line("alice", "externalId", "C-1"));
    system.answers(exchange -> OperatorsSystem.send(exchange, 500, ""));
    assertRefused(server.login("alice"));

    system.answersAgain();

    assertEquals("C-1", introspect(server.login("alice")).field("external_id"));
  }

  @Test
  void olderClientsAreToldTooThatTheyCannotLogIn() throws Exception {
    restart("IMPORT_REQUIRED", "true");
    system.answers(exchange -> OperatorsSystem.send(exchange, 500, ""));

    Response refused =
        server.http.get("/getOpenid.html?nick=&avaurl=&sex=&code=" + server.code("alice"));

    assertEquals(503, refused.status());
    assertEquals("import_unreachable", refused.field("error"));
  }

  @Test
  void aRedirectIsNotFollowed() {
    system.answers(
        exchange -> {
          exchange.getResponseHeaders().set("Location", system.url().resolve("/other").toString());
          exchange.sendResponseHeaders(307, -1);
        });

    assertEquals(200, server.login("alice").status());

    assertEquals(1, count("status"));
    assertEquals(1, system.asked().size());
  }

  @Test
  void whoDoesNotAnswerWithinASecondIsNotWaitedFor() throws Exception {
    system.add(line("alice", "externalId", "C-1"));
    system.holdsAnswers();

    assertTrue(server.login("alice").json().get("newUser").getAsBoolean());
    assertEquals(1, count("timeout"));

    restart("IMPORT_REQUIRED", "true");
    assertRefused(server.login("bob"));
  }

  @Test
  void theSecondIsForAllOfTheResponse() {
    system.answers(
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          for (int i = 0; i < 16_000; i++) {
            exchange.getResponseBody().write(' ');
            exchange.getResponseBody().flush();
            LockSupport.parkNanos(10_000_000);
          }
        });

    assertEquals(200, server.login("alice").status());

    assertEquals(1, count("timeout"));
  }

  @Test
  void nobodyThereIsUnreachable() throws Exception {
    restart("IMPORT_URL", "http://127.0.0.1:" + Ports.free() + "/");

    assertEquals(200, server.login("alice").status());

    assertEquals(1, count("unreachable"));
  }

  /** One that was idle may be closed at the moment at which it is used. */
  @Test
  void aConnectionThatBreaksIsNoAnswerAndTheQuestionIsRepeated() {
    system.add(line("alice", "externalId", "C-1"));
    system.answers(
        exchange -> {
          system.answersAgain();
          exchange.close();
        });

    assertEquals("C-1", introspect(server.login("alice")).field("external_id"));

    assertEquals(2, system.asked().size());
  }

  @Test
  void whileMostQuestionsFailNoneArePutAndThenTheyAreAgain() {
    system.answers(exchange -> OperatorsSystem.send(exchange, 500, ""));
    for (int i = 0; i < 20; i++) {
      server.login("user" + i);
    }
    assertEquals(20, count("status"));
    assertEquals(2, Scrape.of(server).value("thirdsession_import_breaker_state"));

    server.login("alice");
    assertEquals(20, system.asked().size());
    assertEquals(1, count("not_asked"));

    system.answersAgain();
    eventually(
        () -> {
          server.login("user" + System.nanoTime());
          assertEquals(0, Scrape.of(server).value("thirdsession_import_breaker_state"));
        });
    system.add(line("bob", "externalId", "C-1"));
    assertEquals("C-1", introspect(server.login("bob")).field("external_id"));
  }

  @Test
  void whatIsWrongWithSomeUsersKeepsNobodyElseFromBeingAskedAbout() {
    system.answers(exchange -> OperatorsSystem.send(exchange, 200, "{}"));
    for (int i = 0; i < 25; i++) {
      server.login("user" + i);
    }

    assertEquals(25, count("other_user"));
    assertEquals(0, Scrape.of(server).value("thirdsession_import_breaker_state"));
  }

  @Test
  void firstLoginsOfOneUserAtOnceMakeOneUser() throws Exception {
    system.add(line("alice", "externalId", "C-1"));
    CountDownLatch comeIn = new CountDownLatch(8);
    system.answersWhen(comeIn);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Response>> logins = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        String code = server.code("alice");
        logins.add(
            threads.submit(
                () -> {
                  comeIn.countDown();
                  return server.http.login(code);
                }));
      }

      Set<String> users = new HashSet<>();
      for (Future<Response> login : logins) {
        assertEquals(200, login.get().status(), login.get().toString());
        users.add(login.get().userId());
      }
      assertEquals(1, users.size());
    } finally {
      threads.shutdownNow();
    }
    assertEquals(1, database.number("SELECT COUNT(*) FROM user WHERE external_id = 'C-1'"));
    assertEquals(1, database.number("SELECT COUNT(*) FROM identity"));
  }

  @Test
  void firstLoginsOfOneUserOnTwoNodesMakeOneUser() throws Exception {
    var other = server.anotherNode();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (int i = 0; i < 20; i++) {
        String name = "user" + i;
        system.add(line(name, "externalId", "C-" + i));
        String[] codes = {server.code(name), server.code(name)};
        Future<Response> here = threads.submit(() -> server.http.login(codes[0]));
        Future<Response> there = threads.submit(() -> other.http.login(codes[1]));

        assertEquals(here.get().userId(), there.get().userId());
        assertEquals("C-" + i, introspect(here.get()).field("external_id"));
      }
    } finally {
      threads.shutdownNow();
      other.stopNode();
    }
    assertEquals(20, database.number("SELECT COUNT(*) FROM user"));
  }

  @Test
  void anExternalIdThatSomebodyHasIsLeftOut() {
    importFile(line("bob", "externalId", "C-1"));
    system.add(line("alice", "externalId", "C-1", "nickName", "A"));

    Response login = server.login("alice");

    assertEquals(200, login.status(), login.toString());
    assertEquals("A", login.json().getAsJsonObject("user").get("nickName").getAsString());
    assertFalse(introspect(login).json().has("external_id"));
    assertNotEquals(login.userId(), user("externalId=C-1").get("userId").getAsString());
    eventually(
        () ->
            assertEquals(
                1,
                database.number(
                    "SELECT COUNT(*) FROM audit"
                        + " WHERE detail = 'state=login created=1 taken=externalId'")));
  }

  @Test
  void aUnionidThatIsToldThereJoinsNobody() throws Exception {
    restart("UNIONID_LINK", "true");
    String bob = login(OTHER_APP, "ob", "u1").userId();
    system.add(line("alice", "unionid", "u1"));

    Response alice = server.login("alice");

    assertNotEquals(bob, alice.userId());
    assertFalse(introspect(alice).json().has("unionid"));
  }

  @Test
  void theUnionidThatWeChatTellsLinksAnImportedUser() throws Exception {
    restart("UNIONID_LINK", "true");
    JsonObject line = json("appid", APP, "openid", "oa", "externalId", "C-1", "unionid", "u-told");
    system.add(line);
    Response first = login(APP, "oa", "u1");
    system.forget();

    Response other = login(OTHER_APP, "ob", "u1");

    assertEquals(first.userId(), other.userId());
    assertEquals("C-1", introspect(other).field("external_id"));
    assertEquals("u1", introspect(first).field("unionid"));
    assertEquals(List.of(), system.asked());
  }

  @Test
  void whomWeChatKnowsAsAUserOfOursIsNotAskedAbout() throws Exception {
    restart("UNIONID_LINK", "true");
    String userId = login(OTHER_APP, "ob", "u1").userId();
    system.forget();

    assertEquals(userId, login(APP, "oa", "u1").userId());

    assertEquals(List.of(), system.asked());
  }

  @Test
  void whoWasErasedHereIsLookedUpAgain() {
    system.add(line("alice", "externalId", "C-1"));
    Response login = server.login("alice");
    server.http.send("DELETE", "/api/me", null, bearer(login.token()));

    Response again = server.login("alice");

    assertNotEquals(login.userId(), again.userId());
    assertEquals("C-1", introspect(again).field("external_id"));
  }

  @Test
  void theLogNamesNeitherUserNorSecretAndIsNotFilled() {
    system.answers(exchange -> OperatorsSystem.send(exchange, 200, line("bob").toString()));

    try (LogCapture log = LogCapture.of("io.thirdsession.lazyimport")) {
      server.login("alice");
      server.login("carol");

      assertEquals(1, log.lines().size(), log.lines().toString());
      String told = log.lines().get(0);
      assertTrue(told.contains("outcome=other_user"), told);
      assertFalse(told.contains(openId("alice")) || told.contains(openId("bob")), told);
      assertFalse(told.contains(SECRET), told);
    }
  }

  @Test
  void anotherSecretIsTakenOverFromItsFile() throws Exception {
    String other = "canary-import-secret-9876543210";
    Path file = Files.writeString(folder.resolve("secret"), SECRET);
    restart("IMPORT_SECRET", "", "IMPORT_SECRET_FILE", file.toString());
    server.login("alice");
    Files.writeString(file, other + "\n");

    eventually(
        () -> {
          system.forget();
          server.login("user" + System.nanoTime());
          assertTrue(system.asked().get(0).contains("Bearer " + other + " "));
        });
    Canaries.record(server.weChat, other);
  }

  private static void assertRefused(Response refused) {
    assertEquals(503, refused.status(), refused.toString());
    assertEquals("import_unreachable", refused.field("error"));
    assertTrue(refused.json().get("relogin").getAsBoolean());
    assertFalse(refused.json().get("retryable").getAsBoolean());
    assertEquals("1", refused.header("Retry-After"));
  }

  private static JsonObject line(String name, String... more) {
    JsonObject line = json(more);
    line.addProperty("appid", APP);
    line.addProperty("openid", openId(name));
    return line;
  }

  private void importFile(JsonObject line) {
    Response response =
        server.http.send(
            "POST",
            "/api/users/import",
            line + "\n",
            Stream.concat(Stream.of(basic()), Stream.of("Content-Type", "application/x-ndjson"))
                .toArray(String[]::new));
    assertTrue(response.text().contains("created"), response.toString());
  }

  private Response login(String appId, String openId, String unionId) {
    String code = server.weChat.loginCode(appId, openId, unionId);
    return server.http.post("/api/login", json("code", code, "appId", appId).toString());
  }

  private Response introspect(Response login) {
    return server.http.introspect(login.token(), basic());
  }

  private JsonObject user(String query) {
    return server
        .http
        .get("/api/users?" + query, basic())
        .json()
        .getAsJsonArray("users")
        .get(0)
        .getAsJsonObject();
  }

  private int count(String outcome) {
    return (int)
        Scrape.of(server)
            .value("thirdsession_import_call_seconds_count{outcome=\"" + outcome + "\"}");
  }
}
