package io.thirdsession.session;

import static io.thirdsession.testing.TestHttp.bearer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.thirdsession.testing.AppTestBase;
import io.thirdsession.testing.TestHttp.Response;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DevicesTest extends AppTestBase {
  @Test
  void listsTheDevicesLatestUsedFirstAndNoTokens() {
    String phone = login("alice", "iPhone");
    server.clock.advance(Duration.ofSeconds(1));
    login("alice", "iPad");

    Response response = list(phone);

    assertEquals(200, response.status(), response.toString());
    JsonArray sessions = response.json().getAsJsonArray("sessions");
    assertEquals(2, sessions.size());
    JsonObject latest = sessions.get(0).getAsJsonObject();
    assertEquals(
        Set.of(
            "sid",
            "current",
            "appId",
            "device",
            "address",
            "origin",
            "createdAt",
            "lastSeenAt",
            "expiresAt"),
        latest.keySet());
    assertEquals("iPad", latest.getAsJsonObject("device").get("model").getAsString());
    assertFalse(latest.get("current").getAsBoolean());
    assertTrue(sessions.get(1).getAsJsonObject().get("current").getAsBoolean());
    assertEquals("127.0.0.1", latest.get("address").getAsString());
    assertFalse(response.text().contains("3rd_"));
  }

  @Test
  void listsNeitherExpiredSessionsNorOtherUsers() {
    login("alice", "old");
    login("bob", "other");
    server.clock.advance(Duration.ofDays(7));
    String alice = login("alice", "new");

    assertEquals(1, list(alice).json().getAsJsonArray("sessions").size());
  }

  @Test
  void endsOneAndNoOther() {
    String phone = login("alice", "iPhone");
    String tablet = login("alice", "iPad");

    assertEquals(204, end(phone, sid(tablet)).status());

    assertEquals(401, server.http.check(tablet).status());
    assertEquals(200, server.http.check(phone).status());
    assertEquals(404, end(phone, sid(phone).replace('0', '1')).status());
    assertEquals(404, end(phone, "01a20244-e800-75e8-b7be-805317a49f64").status());
  }

  @Test
  void mayEndTheSessionThatItIsIn() {
    String phone = login("alice", "iPhone");

    assertEquals(204, end(phone, sid(phone)).status());
    assertEquals(401, server.http.check(phone).status());
  }

  @Test
  void endsNobodyElsesAndSaysNothingOfThem() {
    String alice = login("alice", "iPhone");
    String bob = login("bob", "iPhone");

    Response response = end(alice, sid(bob));

    assertEquals(404, response.status());
    assertEquals("not_found", response.field("error"));
    assertEquals(200, server.http.check(bob).status());
  }

  @Test
  void anExpiredOneIsNotThere() {
    String old = login("alice", "old");
    String sid = sid(old);
    server.clock.advance(Duration.ofDays(6));
    String young = login("alice", "new");
    server.clock.advance(Duration.ofDays(1));

    assertEquals(404, end(young, sid).status());
  }

  @Test
  void endsTheOthers() {
    String one = login("alice", "1");
    String two = login("alice", "2");
    String mine = login("alice", "3");
    String bob = login("bob", "4");

    assertEquals(204, endWhich(mine, "others").status());

    assertEquals(401, server.http.check(one).status());
    assertEquals(401, server.http.check(two).status());
    assertEquals(200, server.http.check(mine).status());
    assertEquals(200, server.http.check(bob).status());
  }

  @Test
  void endsAll() {
    String one = login("alice", "1");
    String mine = login("alice", "2");
    String bob = login("bob", "3");

    assertEquals(204, endWhich(mine, "all").status());

    assertEquals(401, server.http.check(one).status());
    assertEquals(401, server.http.check(mine).status());
    assertEquals(200, server.http.check(bob).status());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | which",
        "{\"which\":\"some\"} | which",
        "{\"which\":\"all\",\"userId\":\"x\"} | userId",
      })
  void namesTheFieldThatIsWrong(String body, String field) {
    String mine = login("alice", "1");

    Response response = server.http.post("/api/sessions/end", body, bearer(mine));

    assertEquals(400, response.status());
    assertEquals(field, response.field("field"));
    assertEquals(200, server.http.check(mine).status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DELETE /api/sessions/1",
        "GET /api/sessions/",
        "POST /api/sessions/all",
        "POST /api/sessions/end/",
        "DELETE /api/sessions/01a20244-e800-75e8-b7be-805317a49f64/",
      })
  void nothingElseIsThere(String line) {
    String mine = login("alice", "1");
    String[] parts = line.split(" ", -1);

    assertEquals(404, server.http.send(parts[0], parts[1], null, bearer(mine)).status());
  }

  @ParameterizedTest
  @CsvSource({
    "DELETE, /api/sessions, 'GET, HEAD'",
    "POST, /api/sessions, 'GET, HEAD'",
    "GET, /api/sessions/end, POST",
    "DELETE, /api/sessions/end, POST",
    "GET, /api/sessions/01a20244-e800-75e8-b7be-805317a49f64, DELETE",
  })
  void anotherMethodIsToldTheRightOnes(String method, String path, String allowed) {
    Response response = server.http.send(method, path, null);

    assertEquals(405, response.status(), response.toString());
    assertEquals(allowed, response.header("Allow"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /api/sessions", "POST /api/sessions/end"})
  void wantsASession(String line) {
    String[] parts = line.split(" ", -1);

    assertEquals(401, server.http.send(parts[0], parts[1], null).status());
  }

  private String login(String name, String model) {
    return server
        .http
        .post(
            "/api/login",
            "{\"code\":\"" + server.code(name) + "\",\"device\":{\"model\":\"" + model + "\"}}")
        .token();
  }

  private Response list(String token) {
    return server.http.get("/api/sessions", bearer(token));
  }

  private Response end(String token, String sid) {
    return server.http.send("DELETE", "/api/sessions/" + sid, null, bearer(token));
  }

  private Response endWhich(String token, String which) {
    return post(token, "/api/sessions/end", json("which", which));
  }

  private String sid(String token) {
    return server.http.check(token).field("sid");
  }
}
