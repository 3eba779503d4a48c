package io.thirdsession.backend;

import static io.thirdsession.testing.AppServer.APP;
import static io.thirdsession.testing.AppServer.OTHER_APP;
import static io.thirdsession.testing.AppServer.openId;
import static io.thirdsession.testing.Eventually.eventually;
import static io.thirdsession.testing.TestHttp.bearer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.thirdsession.simulator.Push;
import io.thirdsession.testing.AppTestBase;
import io.thirdsession.testing.TestClients;
import io.thirdsession.testing.TestHttp;
import io.thirdsession.testing.TestHttp.Response;
import io.thirdsession.testing.TestPictures;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Other systems read what happened to users. */
class EventsTest extends AppTestBase {
  private static final String SECRET = "canary-client-secret-of-events";
  private static final String TOKEN = "CanaryPushToken";
  private static final String KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
  private static final String[] ALL = TestClients.basic();
  private static final String[] OF_OTHER_APP = TestClients.basic("other", SECRET);

  EventsTest() {
    super(
        "SERVICE_CLIENTS",
        TestClients.entry(TestClients.ID, TestClients.SECRET, "users+manage+events")
            + ","
            + TestClients.entry("other", SECRET, "events:" + OTHER_APP)
            + ","
            + TestClients.entry("crm", SECRET + "-crm", "users"),
        "UNIONID_LINK",
        "true",
        "PUSH_APPS",
        APP + ":" + TOKEN + ":" + KEY);
  }

  @Test
  void aFirstLoginCreatesAUserAndTheNextOneDoesNot() {
    String userId = server.login("alice").userId();
    server.login("alice");

    JsonObject event = only(read(""));

    assertEquals("user.created", event.get("type").getAsString());
    assertEquals(userId, event.get("userId").getAsString());
    assertEquals(APP, event.get("appid").getAsString());
    assertEquals("2026-11-22T08:00:00.000Z", event.get("at").getAsString());
    assertEquals(1, event.get("seq").getAsLong());
    assertTrue(event.get("id").getAsString().matches("[0-9a-f-]{36}"));
    assertFalse(event.has("externalId"), "there is none");
    assertFalse(event.has("which"));
  }

  @Test
  void anImportTellsOfEachNewUserWithTheirExternalId() {
    String line = "{\"appid\":\"%s\",\"openid\":\"oImported-%d\",\"externalId\":\"C-%d\"}\n";
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 130; i++) {
      lines.append(line.formatted(APP, i, i));
    }
    for (int i = 0; i < 2; i++) {
      Response imported =
          server.http.send(
              "POST",
              "/api/users/import",
              lines.toString(),
              "Content-Type",
              "application/x-ndjson",
              ALL[0],
              ALL[1]);
      assertEquals(200, imported.status());
    }

    List<JsonObject> events = events(read("?limit=500"), 130);

    assertEquals(130, events.size(), "the second time all were there");
    for (int i = 0; i < 130; i++) {
      assertEquals(i + 1, events.get(i).get("seq").getAsLong());
      assertEquals("C-" + i, events.get(i).get("externalId").getAsString());
    }
  }

  @Test
  void anImportTellsWhatItChangesOfAUserAndNothingElse() {
    importLine("");
    importLine(",\"nickName\":\"老王\"");
    importLine(",\"phoneNumber\":\"13580006666\"");
    importLine(",\"externalId\":\"C-1\"");
    importLine(",\"nickName\":\"老李\",\"phoneNumber\":\"13580007777\"");
    importLine(",\"nickName\":\"老李\",\"phoneNumber\":\"13580007777\"");
    server.login("alice");
    importLine(",\"nickName\":\"老张\",\"phoneNumber\":\"13580008888\"");
    server.http.post("/api/me", "{\"nickName\":\"阿丽\"}", bearer(server.login("alice").token()));

    List<JsonObject> events = events(read(""), 6);

    assertEquals(
        List.of(
            "user.created",
            "profile.changed",
            "phone.bound",
            "profile.changed",
            "phone.bound",
            "profile.changed"),
        types(events),
        "the last is the user's own");
    assertEquals("import", events.get(2).get("source").getAsString());
    assertEquals("C-1", events.get(3).get("externalId").getAsString());
    events.forEach(event -> assertEquals(APP, event.get("appid").getAsString()));
    assertFalse(events.toString().contains("1358"), "no phone number");
  }

  private void importLine(String fields) {
    Response imported =
        server.http.send(
            "POST",
            "/api/users/import",
            "{\"appid\":\"%s\",\"openid\":\"%s\"%s}\n".formatted(APP, openId("alice"), fields),
            "Content-Type",
            "application/x-ndjson",
            ALL[0],
            ALL[1]);
    assertEquals(200, imported.status(), imported.toString());
  }

  @Test
  void whatAUserDoesIsTold() {
    Response login = server.login("alice");
    String[] token = bearer(login.token());
    assertEquals(200, server.http.post("/api/me", "{\"nickName\":\"阿丽\"}", token).status());
    byte[] picture = TestPictures.of("png", 10, 10);
    assertEquals(200, server.http.upload("/api/me/avatar", "file", picture, token).status());
    bindPhone("alice", token);
    bindPhone("alice", token);
    assertEquals(204, server.http.send("DELETE", "/api/me/phone", null, token).status());
    assertEquals(204, server.http.send("DELETE", "/api/session", null, token).status());

    List<JsonObject> events = events(read(""), 7);

    assertEquals(
        List.of(
            "user.created",
            "profile.changed",
            "profile.changed",
            "phone.bound",
            "phone.bound",
            "phone.unbound",
            "sessions.ended"),
        types(events));
    assertEquals("wx_code", events.get(3).get("source").getAsString());
    assertEquals("one", events.get(6).get("which").getAsString());
    events.forEach(event -> assertEquals(APP, event.get("appid").getAsString()));
    assertFalse(events.toString().contains("138"), "no phone number");
  }

  @Test
  void aProfileThatALoginBringsIsToldOnlyIfItIsAnother() {
    server.login("alice");
    for (String name : List.of("阿丽", "阿丽", "阿强")) {
      Response login =
          server.http.get(
              "/getOpenid.html"
                  + TestHttp.query(
                      Map.of(
                          "code", server.code("alice"), "nick", name, "avaurl", "", "sex", "1")));
      assertEquals(200, login.status(), login.toString());
    }

    assertEquals(
        List.of("user.created", "profile.changed", "profile.changed"), types(events(read(""), 3)));
  }

  @Test
  void whatAnOperatorDoesIsTold() {
    String userId = server.login("alice").userId();
    manage("POST", userId, "/disable");
    manage("POST", userId, "/enable");
    server.login("alice");
    server.login("alice");
    String second = sid(userId);
    manage("DELETE", userId, "/sessions/" + second);
    manage("POST", userId, "/end-sessions");
    server.login("alice");
    Response everybody =
        server.http.post("/api/sessions/end-all", "{\"confirm\":\"end all sessions\"}", ALL);
    assertEquals(200, everybody.status(), everybody.toString());

    List<JsonObject> events = events(read(""), 7);

    assertEquals(
        List.of(
            "user.created",
            "user.disabled",
            "sessions.ended",
            "user.enabled",
            "sessions.ended",
            "sessions.ended",
            "sessions.ended"),
        types(events));
    assertEquals("all", events.get(2).get("which").getAsString());
    assertEquals("one", events.get(4).get("which").getAsString());
    assertEquals("all", events.get(5).get("which").getAsString());
    assertEquals("everybody", events.get(6).get("which").getAsString());
    assertFalse(events.get(6).has("userId"));
  }

  @Test
  void whatAUserTakesBackInWeChatIsToldWithWhatWasDeleted() {
    Response login = server.login("alice");
    String[] token = bearer(login.token());
    server.http.post("/api/me", "{\"nickName\":\"阿丽\"}", token);
    bindPhone("alice", token);
    push("user_authorization_revoke", "8");
    push("user_authorization_revoke", "6");
    push("user_authorization_cancellation", "");

    List<JsonObject> events = events(read(""), 9);

    assertEquals(
        List.of(
            "user.created",
            "profile.changed",
            "phone.bound",
            "consent.revoked",
            "phone.unbound",
            "consent.revoked",
            "profile.changed",
            "consent.revoked",
            "user.erased"),
        types(events));
  }

  @Test
  void whatWasTakenBackIsNamed() {
    String[] token = bearer(server.login("alice").token());
    bindPhone("alice", token);
    push("user_authorization_revoke", "8");
    push("user_authorization_revoke", "6");

    List<JsonObject> events = events(read(""), 6);

    assertEquals("phone", events.get(2).get("what").getAsString());
    assertEquals("profile", events.get(4).get("what").getAsString());
  }

  /** It is no event: nothing has changed here. */
  @Test
  void thatWeChatHasClearedAProfileIsShownAndNotTold() {
    String userId = server.login("alice").userId();
    push("user_info_modified", "");

    Response found = server.http.get("/api/users?userId=" + userId, ALL);

    JsonObject user = found.json().getAsJsonArray("users").get(0).getAsJsonObject();
    assertEquals("2026-11-22T08:00:00.000Z", user.get("profileStaleSince").getAsString());
    assertEquals(List.of("user.created"), types(events(read(""), 1)));
  }

  @Test
  void sessionsThatAnotherLoginReplacesOrThatWereNotThereAreNotTold() {
    Response login = server.login("alice");
    String userId = login.userId();
    for (int i = 0; i < 11; i++) {
      server.login("alice"); // one more than a user may have
    }
    manage("POST", userId, "/end-sessions");
    manage("POST", userId, "/end-sessions");

    assertEquals(List.of("user.created", "sessions.ended"), types(events(read(""), 2)));
  }

  @Test
  void ofAnErasedUserWhoAndWhatIsLeft() {
    Response login = server.login("alice");
    String userId = login.userId();
    manageJson("PUT", userId, "/external-id", "{\"externalId\":\"C-1\"}");
    bindPhone("alice", bearer(login.token()));
    eventually(() -> assertEquals(2, array(read("")).size()));
    assertEquals(204, server.http.send("DELETE", "/api/me", null, bearer(login.token())).status());

    List<JsonObject> events = events(read(""), 3);

    assertEquals(List.of("user.created", "phone.bound", "user.erased"), types(events));
    assertEquals("C-1", events.get(2).get("externalId").getAsString());
    for (JsonObject event : events) {
      assertEquals(userId, event.get("userId").getAsString());
      assertFalse(event.has("appid"), event.toString());
      assertFalse(event.has("source"), event.toString());
    }
  }

  @Test
  void aPageEndsWhereTheNextOneBegins() {
    for (int i = 0; i < 5; i++) {
      server.login("user" + i);
    }
    eventually(() -> assertEquals(5, array(read("")).size()));

    Response first = read("?limit=2");
    Response second = read("?limit=2&after=" + next(first));
    Response third = read("?limit=2&after=" + next(second));
    Response none = read("?after=" + next(third));

    assertEquals(List.of(1L, 2L), seqs(first));
    assertEquals(List.of(3L, 4L), seqs(second));
    assertEquals(List.of(5L), seqs(third));
    assertEquals(List.of(), seqs(none));
    assertEquals(5, next(none));
  }

  @Test
  void aClientOfSomeAppsIsToldOfTheirUsersAloneAndItsPlaceGoesOn() {
    server.login("alice");
    loginThere("oBob", "uBob");
    server.login("carol");
    server.http.login(server.weChat.loginCode(APP, openId("dora"), "uDora"));
    String both = loginThere("oDoraThere", "uDora");
    manage("POST", both, "/disable");
    eventually(() -> assertEquals(6, array(read("")).size(), read("").toString()));

    Response read = server.http.get("/api/events", OF_OTHER_APP);
    List<JsonObject> events = events(read, 3);

    assertEquals(List.of("user.created", "user.disabled", "sessions.ended"), types(events));
    assertEquals(OTHER_APP, events.get(0).get("appid").getAsString());
    assertEquals(both, events.get(1).get("userId").getAsString());
    assertEquals(6, next(read));
    assertEquals(List.of(), seqs(server.http.get("/api/events?after=6", OF_OTHER_APP)));
  }

  @Test
  void whoWaitsIsToldAtOnce() throws Exception {
    CompletableFuture<Response> waiting =
        CompletableFuture.supplyAsync(() -> read("?after=0&wait=25"));
    CompletableFuture<Response> other =
        CompletableFuture.supplyAsync(() -> server.http.get("/api/events?wait=25", OF_OTHER_APP));
    eventually(() -> assertEquals(List.of(), seqs(read("")))); // both are on their way
    server.login("alice");

    Response response = waiting.get(10, TimeUnit.SECONDS);

    assertEquals("user.created", only(response).get("type").getAsString());
    assertFalse(other.isDone() && array(other.get()).size() > 0, "it is not of that client's app");
    loginThere("oBob", "uBob");
    Response otherResponse = other.get(20, TimeUnit.SECONDS);
    assertEquals(OTHER_APP, only(otherResponse).get("appid").getAsString());
  }

  @Test
  void whoWaitsInVainGetsAnEmptyPageInTime() {
    long begunNanos = System.nanoTime();

    Response response = read("?wait=1");

    assertEquals(List.of(), seqs(response));
    assertEquals(0, next(response));
    long seconds = Duration.ofNanos(System.nanoTime() - begunNanos).toSeconds();
    assertTrue(seconds >= 1 && seconds < 20, seconds + " s");
  }

  @Test
  void noMoreThan200WaitAtOnceOnANode() throws Exception {
    List<Socket> waiting = new ArrayList<>();
    eventually(
        () -> {
          for (int i = 0; i < 50; i++) {
            waiting.add(openWaiting());
          }
          Response one = read("?wait=1");
          assertEquals(503, one.status());
          assertEquals("overloaded", one.field("error"));
        });
    assertEquals(200, read("").status(), "whoever does not wait needs no place");

    server.login("alice");

    int told = 0;
    for (Socket socket : waiting) {
      try (socket) {
        String response =
            new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        told += response.contains("\"seq\":1,") ? 1 : 0;
      }
    }
    assertTrue(told > 0 && told <= 200, told + " were told");
    assertEquals(200, read("?after=1&wait=1").status());
  }

  @Test
  void aPlaceThatWasNeverThereIsAnError() {
    server.login("alice");
    only(read(""));

    Response response = read("?after=2");

    assertEquals(400, response.status());
    assertEquals("invalid_request", response.field("error"));
    assertEquals("after", response.field("field"));
  }

  @Test
  void aPlaceBehindWhichEventsAreDeletedIsAnError() {
    server.login("alice");
    only(read(""));
    database.execute("DELETE FROM event");
    database.execute("UPDATE event_sequence SET purged_seq = 1");

    Response response = read("?after=0");

    assertEquals(410, response.status());
    assertEquals("cursor_expired", response.field("error"));
    assertEquals(List.of(), seqs(read("?after=1")));
    assertEquals(1, next(read("")), "the beginning of what is kept");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?after=-1",
        "?after=",
        "?after=x",
        "?after=1234567890123456789",
        "?limit=0",
        "?limit=501",
        "?wait=26",
        "?wait=1s",
        "?since=1",
        "?after=1&after=1"
      })
  void whatIsNoQuestionIsRefused(String query) {
    Response response = read(query);

    assertEquals(400, response.status(), response.toString());
    assertEquals("invalid_request", response.field("error"));
  }

  @Test
  void isForClientsOfTheScopeAlone() {
    assertEquals(401, server.http.get("/api/events").status());
    assertEquals(
        403, server.http.get("/api/events", TestClients.basic("crm", SECRET + "-crm")).status());
    assertEquals(405, server.http.post("/api/events", "{}", ALL).status());
  }

  private void bindPhone(String name, String... token) {
    String code = server.weChat.phone(APP, openId(name)).code();
    Response bound = server.http.post("/api/me/phone", "{\"code\":\"" + code + "\"}", token);
    assertEquals(200, bound.status(), bound.toString());
  }

  /** Logs in to the other app and returns the user's id. */
  private String loginThere(String openId, String unionId) {
    String code = server.weChat.loginCode(OTHER_APP, openId, unionId);
    Response login =
        server.http.post(
            "/api/login", "{\"appId\":\"" + OTHER_APP + "\",\"code\":\"" + code + "\"}");
    assertEquals(200, login.status(), login.toString());
    return login.userId();
  }

  private Socket openWaiting() throws IOException {
    Socket socket = new Socket("127.0.0.1", server.http.base().getPort());
    socket.setSoTimeout(30_000);
    String head = "GET /api/events?wait=25 HTTP/1.1\r\nHost: x\r\n" + String.join(": ", ALL);
    socket
        .getOutputStream()
        .write((head + "\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.UTF_8));
    return socket;
  }

  private void push(String event, String revoked) {
    Push push =
        server.weChat.push(
            new Push.Target(server.http.base().resolve("/wx/push/" + APP), APP, TOKEN, KEY),
            event,
            openId("alice"),
            revoked,
            Push.Mode.SAFE,
            Push.Format.JSON);
    Response answered =
        server.http.send(
            "POST",
            push.uri().getRawPath() + "?" + push.uri().getRawQuery(),
            push.body(),
            "Content-Type",
            push.contentType());
    assertEquals(200, answered.status(), answered.toString());
  }

  private String sid(String userId) {
    return server
        .http
        .get("/api/users/" + userId + "/sessions", ALL)
        .json()
        .getAsJsonArray("sessions")
        .get(0)
        .getAsJsonObject()
        .get("sid")
        .getAsString();
  }

  private void manage(String method, String userId, String path) {
    manageJson(method, userId, path, null);
  }

  private void manageJson(String method, String userId, String path, String json) {
    Response done =
        server.http.send(
            method, "/api/users/" + userId + path, json, json == null ? ALL : withJson(ALL));
    assertTrue(done.status() < 300, done.toString());
  }

  private static String[] withJson(String... headers) {
    return new String[] {headers[0], headers[1], "Content-Type", "application/json"};
  }

  private Response read(String query) {
    return server.http.get("/api/events" + query, ALL);
  }

  private static JsonArray array(Response response) {
    return response.json().getAsJsonArray("events");
  }

  /** Returns so many events, as soon as they have their places. */
  private List<JsonObject> events(Response first, int count) {
    List<JsonObject> events = new ArrayList<>();
    if (array(first).size() < count) {
      eventually(() -> assertEquals(count, array(read("?limit=500")).size()));
    }
    JsonArray all = array(first).size() < count ? array(read("?limit=500")) : array(first);
    for (JsonElement event : all) {
      events.add(event.getAsJsonObject());
    }
    return events;
  }

  private JsonObject only(Response response) {
    return events(response, 1).get(0);
  }

  private static List<String> types(List<JsonObject> events) {
    return events.stream().map(event -> event.get("type").getAsString()).toList();
  }

  private static List<Long> seqs(Response response) {
    assertEquals(200, response.status(), response.toString());
    List<Long> seqs = new ArrayList<>();
    array(response).forEach(event -> seqs.add(event.getAsJsonObject().get("seq").getAsLong()));
    return seqs;
  }

  private static long next(Response response) {
    return response.json().get("next").getAsLong();
  }
}
