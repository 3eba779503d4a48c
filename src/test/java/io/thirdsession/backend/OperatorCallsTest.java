package io.thirdsession.backend;

import static io.thirdsession.testing.AppServer.APP;
import static io.thirdsession.testing.AppServer.OTHER_APP;
import static io.thirdsession.testing.Eventually.eventually;
import static io.thirdsession.testing.TestClients.basic;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.thirdsession.testing.AppServer;
import io.thirdsession.testing.AppTestBase;
import io.thirdsession.testing.LongTrail;
import io.thirdsession.testing.TestClients;
import io.thirdsession.testing.TestHttp.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator's page asks: who am I, the newest users, what is known of one. */
class OperatorCallsTest extends AppTestBase {
  private static final String OF_OTHER_APP = "canary-client-secret-of-other-app";
  private static final String ONLY_USERS = "canary-client-secret-users";
  private static final String ONLY_MANAGE = "canary-client-secret-manage";
  private static final String NOTHING = "canary-client-secret-nothing";
  private static final String NOBODY = "01a20244-e800-75e8-b7be-805317a49f64";

  OperatorCallsTest() {
    super(
        "UNIONID_LINK",
        "true",
        "SERVICE_CLIENTS",
        String.join(
            ",",
            TestClients.setting(),
            TestClients.entry("other", OF_OTHER_APP, "users+manage:" + OTHER_APP + "+wxgone"),
            TestClients.entry("crm", ONLY_USERS, "users"),
            TestClients.entry("robot", ONLY_MANAGE, "manage"),
            TestClients.entry("asks", NOTHING, "")));
  }

  @Test
  void tellsAClientWhatItMayDo() {
    assertEquals(
        "{\"id\":\"all\",\"scopes\":[\"introspect\",\"users\",\"manage\",\"phone\",\"token\",\"metrics\"],"
            + "\"apps\":[]}",
        server.http.get("/api/client", basic()).text());
    assertEquals(
        "{\"id\":\"other\",\"scopes\":[\"users\",\"manage\"],\"apps\":[\""
            + OTHER_APP
            + "\",\"wxgone\"]}",
        server.http.get("/api/client", basic("other", OF_OTHER_APP)).text());
    assertEquals(
        "{\"id\":\"asks\",\"scopes\":[\"introspect\"],\"apps\":[]}",
        server.http.get("/api/client", basic("asks", NOTHING)).text());
  }

  @Test
  void tellsNobodyElse() {
    String token = server.login("alice").token();

    for (String[] headers :
        List.of(
            new String[] {},
            basic("all", "canary-client-secret-wrong"),
            new String[] {"Authorization", "Bearer " + token})) {
      Response response = server.http.get("/api/client", headers);
      assertEquals(401, response.status());
      assertEquals("client_invalid", response.field("error"));
    }
  }

  @Test
  void listsTheNewestUsersFirst() {
    List<String> ids = logIn(3);

    Response response = users("", basic());

    assertEquals(ids, idsOf(response));
    assertEquals(Set.of("users"), response.json().keySet());
    JsonObject newest = response.json().getAsJsonArray("users").get(0).getAsJsonObject();
    assertEquals(
        AppServer.openId("user-2"),
        newest.getAsJsonArray("identities").get(0).getAsJsonObject().get("openid").getAsString());
    assertEquals("no-store", response.header("Cache-Control"));
  }

  @Test
  void goesOnBehindThePageBefore() {
    List<String> ids = logIn(5);

    Response first = users("?limit=2", basic());
    Response second = users("?limit=2&before=" + first.field("next"), basic());
    Response third = users("?limit=2&before=" + second.field("next"), basic());

    assertEquals(ids.subList(0, 2), idsOf(first));
    assertEquals(ids.subList(2, 4), idsOf(second));
    assertEquals(ids.subList(4, 5), idsOf(third));
    assertFalse(third.json().has("next"));
  }

  @Test
  void theLastPageMayBeFullAndHasNoNext() {
    logIn(2);

    assertFalse(users("?limit=2", basic()).json().has("next"));
  }

  @Test
  void aPageHas50UsersUnlessFewerAreAskedFor() {
    logIn(51);

    Response page = users("", basic());

    assertEquals(50, idsOf(page).size());
    assertEquals(50, idsOf(users("?limit=50", basic())).size());
    assertEquals(1, idsOf(users("?before=" + page.field("next"), basic())).size());
  }

  @Test
  void whoComesWhileSomebodyReadsOnIsOnTheFirstPageAlone() {
    List<String> ids = logIn(4);
    Response first = users("?limit=2", basic());
    server.login("late");

    assertEquals(
        ids.subList(2, 4), idsOf(users("?limit=2&before=" + first.field("next"), basic())));
  }

  @Test
  void aClientOfSomeAppsSeesTheirUsersOnShorterPages() {
    String oldest = logInToOther("carol");
    logIn(3);
    String newest = logInToOther("dora");
    List<String> seen = new ArrayList<>();
    List<Integer> lengths = new ArrayList<>();

    Response page = users("?limit=2", basic("other", OF_OTHER_APP));
    while (page.json().has("next")) {
      seen.addAll(idsOf(page));
      lengths.add(idsOf(page).size());
      page = users("?limit=2&before=" + page.field("next"), basic("other", OF_OTHER_APP));
    }
    seen.addAll(idsOf(page));
    lengths.add(idsOf(page).size());

    assertEquals(List.of(newest, oldest), seen);
    assertEquals(List.of(1, 0, 1), lengths);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?limit=0",
        "?limit=51",
        "?limit=-1",
        "?limit=",
        "?limit=1.5",
        "?limit=99999999999",
        "?limit=x",
        "?before=",
        "?before=x",
        "?before=01A20244-E800-75E8-B7BE-805317A49F64",
        "?before=" + NOBODY + "&userId=" + NOBODY,
        "?limit=1&limit=2",
        "?limit=1&offset=2",
      })
  void refusesOtherPages(String query) {
    assertEquals(400, users(query, basic()).status());
  }

  @Test
  void namesTheFieldOfAPageThatIsWrong() {
    assertEquals("limit", users("?limit=51", basic()).field("field"));
    assertEquals("before", users("?before=x", basic()).field("field"));
  }

  @Test
  void showsTheLiveSessionsOfAUser() {
    String dead = server.login("alice").userId();
    server.clock.advance(Duration.ofDays(7));
    Response login =
        server.http.post(
            "/api/login",
            "{\"code\":\"" + server.code("alice") + "\",\"device\":{\"model\":\"iPhone 15\"}}");
    String sid = server.http.check(login.token()).field("sid");

    Response response = of(dead, "/sessions", basic());

    assertEquals(200, response.status(), response.toString());
    JsonArray sessions = response.json().getAsJsonArray("sessions");
    assertEquals(1, sessions.size());
    JsonObject session = sessions.get(0).getAsJsonObject();
    assertEquals(
        Set.of(
            "sid", "appid", "device", "address", "origin", "createdAt", "lastSeenAt", "expiresAt"),
        session.keySet());
    assertEquals(sid, session.get("sid").getAsString());
    assertEquals(APP, session.get("appid").getAsString());
    assertEquals("iPhone 15", session.getAsJsonObject("device").get("model").getAsString());
    assertEquals("127.0.0.1", session.get("address").getAsString());
    assertEquals("login", session.get("origin").getAsString());
    assertEquals("2026-11-29T08:00:00.000Z", session.get("createdAt").getAsString());
    assertEquals("2026-12-06T08:00:00.000Z", session.get("expiresAt").getAsString());
    assertFalse(response.text().contains(login.token().substring(30)));
  }

  @Test
  void aClientOfSomeAppsSeesTheirSessionsAlone() {
    String userId = logInToBoth();

    JsonArray all = of(userId, "/sessions", basic()).json().getAsJsonArray("sessions");
    JsonArray some =
        of(userId, "/sessions", basic("other", OF_OTHER_APP)).json().getAsJsonArray("sessions");

    assertEquals(2, all.size());
    assertEquals(1, some.size());
    assertEquals(OTHER_APP, some.get(0).getAsJsonObject().get("appid").getAsString());
  }

  @Test
  void showsWhatHappenedToAUserTheLatestFirst() {
    String userId = server.login("alice").userId();
    server.clock.advance(Duration.ofSeconds(1));
    server.http.send("POST", "/api/users/" + userId + "/disable", null, basic());

    eventually(() -> assertEquals(2, events(of(userId, "/audit", basic())).size()));

    Response response = of(userId, "/audit", basic());
    JsonObject disabled = events(response).get(0).getAsJsonObject();
    JsonObject login = events(response).get(1).getAsJsonObject();
    assertEquals(Set.of("events"), response.json().keySet());
    assertEquals("disabled", disabled.get("event").getAsString());
    assertEquals("all", disabled.get("client").getAsString());
    assertEquals("2026-11-22T08:00:01.000Z", disabled.get("at").getAsString());
    assertEquals("login", login.get("event").getAsString());
    assertEquals(APP, login.get("appid").getAsString());
    assertEquals("", login.get("client").getAsString());
    assertEquals("127.0.0.1", login.get("address").getAsString());
    assertTrue(login.has("sid") && login.has("requestId") && login.has("detail"));
  }

  @Test
  void readsALongTrailPageByPage() {
    String userId = server.login("alice").userId();
    eventually(() -> assertEquals(1, database.number("SELECT COUNT(*) FROM audit")));
    LongTrail.add(
        database,
        AppServer.openId("alice"),
        60,
        server.clock.instant().minus(Duration.ofMinutes(1)));
    List<String> times = new ArrayList<>();

    Response page = of(userId, "/audit", basic());
    assertEquals(50, events(page).size());
    while (page.json().has("next")) {
      events(page).forEach(event -> times.add(timeOf(event)));
      page = of(userId, "/audit?limit=3&before=" + page.field("next"), basic());
      assertTrue(events(page).size() <= 3);
    }
    events(page).forEach(event -> times.add(timeOf(event)));

    assertEquals(61, times.size());
    List<String> sorted = new ArrayList<>(Set.copyOf(times));
    sorted.sort(Collections.reverseOrder());
    assertEquals(sorted, times);
  }

  @Test
  void theTrailOfAUserOfOtherAppsTooIsNotForAClientOfSome() {
    String both = logInToBoth();
    String own = logInToOther("dora");

    Response response = of(both, "/audit", basic("other", OF_OTHER_APP));

    assertEquals(403, response.status(), response.toString());
    assertEquals("forbidden", response.field("error"));
    assertEquals(200, of(own, "/audit", basic("other", OF_OTHER_APP)).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/sessions", "/audit"})
  void nothingIsKnownOfSomebodyWhoIsNotThereOrNotTheClients(String what) {
    String alice = server.login("alice").userId();

    assertEquals(404, of(NOBODY, what, basic()).status());
    assertEquals(404, of(alice, what, basic("other", OF_OTHER_APP)).status());
    assertEquals(404, of("x", what, basic()).status());
    assertEquals(404, of(alice, what + "/", basic()).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"?limit=51", "?before=x", "?userId=" + NOBODY})
  void refusesOtherPagesOfTheTrail(String query) {
    String alice = server.login("alice").userId();

    assertEquals(400, of(alice, "/audit" + query, basic()).status());
  }

  @ParameterizedTest
  @CsvSource({
    "/api/users, robot, " + ONLY_MANAGE + ", 403",
    "/api/users, crm, " + ONLY_USERS + ", 200",
    "/api/users/{userId}/sessions, robot, " + ONLY_MANAGE + ", 403",
    "/api/users/{userId}/sessions, crm, " + ONLY_USERS + ", 200",
    "/api/users/{userId}/audit, robot, " + ONLY_MANAGE + ", 403",
    "/api/users/{userId}/audit, crm, " + ONLY_USERS + ", 403",
    "/api/users/{userId}/audit, asks, " + NOTHING + ", 403",
  })
  void everyCallWantsItsScopes(String path, String client, String secret, int status) {
    String alice = server.login("alice").userId();

    Response response = server.http.get(path.replace("{userId}", alice), basic(client, secret));

    assertEquals(status, response.status(), response.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /disable",
    "POST, /enable",
    "POST, /end-sessions",
    "POST, /reset-session-keys",
    "DELETE, ''",
    "DELETE, /sessions/{sid}",
  })
  void aPageOfAnotherSiteChangesNothing(String method, String action) {
    Response login = server.login("alice");
    String sid = server.http.check(login.token()).field("sid");
    String path = "/api/users/" + login.userId() + action.replace("{sid}", sid);
    String[] basic = basic();

    for (String site : List.of("cross-site", "same-site")) {
      Response response =
          server.http.send(method, path, null, basic[0], basic[1], "Sec-Fetch-Site", site);
      assertEquals(403, response.status(), response.toString());
      assertEquals("forbidden", response.field("error"));
      assertEquals(200, server.http.check(login.token()).status());
    }
    Response response =
        server.http.send(method, path, null, basic[0], basic[1], "Sec-Fetch-Site", "same-origin");
    assertTrue(response.status() < 300, response.toString());
  }

  /** Logs so many users in, a second apart, and returns their ids, newest first. */
  private List<String> logIn(int count) {
    List<String> ids = new ArrayList<>();
    IntStream.range(0, count)
        .forEach(
            i -> {
              server.clock.advance(Duration.ofSeconds(1));
              ids.add(0, server.login("user-" + i).userId());
            });
    return ids;
  }

  private String logInToOther(String name) {
    server.clock.advance(Duration.ofSeconds(1));
    String code = server.weChat.loginCode(OTHER_APP, AppServer.openId(name));
    return loginThere(code).userId();
  }

  private String logInToBoth() {
    String openId = AppServer.openId("alice");
    server.http.login(server.weChat.loginCode(APP, openId, "ualice"));
    return loginThere(server.weChat.loginCode(OTHER_APP, openId, "ualice")).userId();
  }

  private Response loginThere(String code) {
    server.clock.advance(Duration.ofSeconds(1));
    return server.http.post("/api/login", json("code", code, "appId", OTHER_APP).toString());
  }

  private Response users(String query, String[] credentials) {
    return server.http.get("/api/users" + query, credentials);
  }

  private Response of(String userId, String what, String[] credentials) {
    return server.http.get("/api/users/" + userId + what, credentials);
  }

  private static List<String> idsOf(Response response) {
    assertEquals(200, response.status(), response.toString());
    List<String> ids = new ArrayList<>();
    response
        .json()
        .getAsJsonArray("users")
        .forEach(user -> ids.add(user.getAsJsonObject().get("userId").getAsString()));
    return ids;
  }

  private static JsonArray events(Response response) {
    assertEquals(200, response.status(), response.toString());
    return response.json().getAsJsonArray("events");
  }

  private static String timeOf(JsonElement event) {
    return event.getAsJsonObject().get("at").getAsString();
  }
}
