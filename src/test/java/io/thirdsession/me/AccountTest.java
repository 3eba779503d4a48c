package io.thirdsession.me;

import static io.thirdsession.testing.AppServer.APP;
import static io.thirdsession.testing.Eventually.eventually;
import static io.thirdsession.testing.TestHttp.bearer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.thirdsession.testing.AppServer;
import io.thirdsession.testing.AppTestBase;
import io.thirdsession.testing.LongTrail;
import io.thirdsession.testing.TestHttp.Response;
import io.thirdsession.testing.TestPictures;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccountTest extends AppTestBase {
  private static final String UNIONID = "o6_bmjrPTlm6_2sgVt7hMZOPfL2M";

  AccountTest() {
    super("UNIONID_LINK", "true");
  }

  @Test
  void exportsEverythingThatIsHeldAndNoSecret() {
    server.http.get(
        "/getOpenid.html?code="
            + server.weChat.loginCode(APP, "oalice", UNIONID)
            + "&nick=%E8%80%81%E7%8E%8B&avaurl=&sex=1");
    Response login =
        server.http.post(
            "/api/login",
            "{\"code\":\""
                + server.weChat.loginCode(APP, "oalice", UNIONID)
                + "\",\"device\":{\"model\":\"iPhone\"}}");

    bindPhoneAndPicture(login.token());

    Response response = export(login.token());

    assertEquals(200, response.status(), response.toString());
    JsonObject export = response.json();
    assertEquals(
        Set.of(
            "exportedAt",
            "user",
            "externalId",
            "phone",
            "picture",
            "identities",
            "sessions",
            "events",
            "eventsComplete"),
        export.keySet());
    JsonObject phone = export.getAsJsonObject("phone");
    assertEquals("13580006666", phone.get("phoneNumber").getAsString());
    assertEquals("wx_code", phone.get("source").getAsString());
    assertEquals("2026-11-22T08:00:00.000Z", phone.get("boundAt").getAsString());
    JsonObject picture = export.getAsJsonObject("picture");
    assertEquals("image/jpeg", picture.get("mediaType").getAsString());
    assertTrue(picture.get("base64").getAsString().startsWith("/9j/"), "a JPEG");
    assertEquals("老王", export.getAsJsonObject("user").get("nickName").getAsString());
    JsonObject identity = export.getAsJsonArray("identities").get(0).getAsJsonObject();
    assertEquals("oalice", identity.get("openId").getAsString());
    assertEquals(UNIONID, identity.get("unionId").getAsString());
    assertEquals("2026-11-22T08:00:00.000Z", identity.get("createdAt").getAsString());
    assertEquals(2, export.getAsJsonArray("sessions").size());
    assertTrue(response.text().contains("\"device\":{\"model\":\"iPhone\"}"), response.toString());
    assertFalse(response.text().contains("3rd_"));
    assertFalse(response.text().contains(server.weChat.sessionKey(APP, "oalice")));
  }

  @Test
  void exportsSessionsThatNobodyHasDeletedYetToo() {
    server.login("alice");
    server.clock.advance(Duration.ofSeconds(1));
    String token = server.login("alice").token();
    database.execute("UPDATE session SET last_seen_at = 0 ORDER BY sid LIMIT 1");

    assertEquals(2, export(token).json().getAsJsonArray("sessions").size());
    assertEquals(
        1,
        server.http.get("/api/sessions", bearer(token)).json().getAsJsonArray("sessions").size());
  }

  @Test
  void exportsEventsWithTheirSessionAndSaysThatTheyAreAll() throws Exception {
    Response login = server.login("alice");
    eventually(() -> assertEquals(1, database.number("SELECT COUNT(*) FROM audit")));

    JsonObject export = export(login.token()).json();

    assertTrue(export.get("eventsComplete").getAsBoolean());
    JsonObject event = // (the export itself may be there as well)
        export.getAsJsonArray("events").asList().stream()
            .map(JsonElement::getAsJsonObject)
            .filter(known -> known.get("event").getAsString().equals("login"))
            .findFirst()
            .orElseThrow();
    assertEquals(server.http.check(login.token()).field("sid"), event.get("sid").getAsString());
    assertEquals(login.header("X-Request-Id"), event.get("requestId").getAsString());
  }

  @ParameterizedTest
  @CsvSource({
    "497, 499, true",
    "498, 500, true",
    "499, 501, true",
    "998, 1000, true",
    "9998, 10000, true",
    "9999, 10000, false"
  })
  void exportsTheLatestTenThousandEventsLatestFirst(int older, int exported, boolean complete) {
    String token = server.login("alice").token();
    export(token); // its event is stored, that of the next one within a minute is not
    eventually(() -> assertEquals(2, database.number("SELECT COUNT(*) FROM audit")));
    Instant before = server.clock.instant().minusMillis(1);
    LongTrail.add(database, AppServer.openId("alice"), older, before);

    JsonObject export = export(token).json();

    List<String> times =
        export.getAsJsonArray("events").asList().stream()
            .map(event -> event.getAsJsonObject().get("at").getAsString())
            .toList();
    assertEquals(complete, export.get("eventsComplete").getAsBoolean());
    assertEquals(exported, times.size());
    assertEquals(times.stream().sorted(Comparator.reverseOrder()).toList(), times);
  }

  @Test
  void exportsNothingOfAnybodyElse() {
    server.login("bob");
    String alice = server.login("alice").token();

    Response response = export(alice);

    assertFalse(response.text().contains(AppServer.openId("bob")));
    assertEquals(1, response.json().getAsJsonArray("sessions").size());
  }

  @Test
  void erasesEveryRowOfTheUserAndNoneOfOthers() {
    String bob = login("obob", "ubob");
    String alice = login("oalice", UNIONID);
    login("oalice", UNIONID);
    String aliceId = userId(alice);
    bindPhoneAndPicture(alice);
    assertTrue(traces("oalice", UNIONID, aliceId).size() >= 5, "there is something to erase");

    assertEquals(204, erase(alice).status());

    assertEquals(List.of(), traces("oalice", UNIONID, aliceId));
    assertEquals(401, server.http.check(alice).status());
    assertEquals(200, server.http.check(bob).status());
    assertEquals(1, database.number("SELECT COUNT(*) FROM user"));
    assertEquals(1, database.number("SELECT COUNT(*) FROM unionid_user"));
    assertEquals(0, database.number("SELECT COUNT(*) FROM avatar"));
    assertEquals(0, database.number("SELECT COUNT(*) FROM user WHERE phone_hash IS NOT NULL"));
  }

  private void bindPhoneAndPicture(String token) {
    String code = server.weChat.phone(APP, "oalice").code();
    Response phone =
        server.http.post("/api/me/phone", "{\"code\":\"" + code + "\"}", bearer(token));
    assertEquals(200, phone.status(), phone.toString());
    Response picture =
        server.http.upload("/api/me/avatar", "file", TestPictures.of("png", 10, 10), bearer(token));
    assertEquals(200, picture.status(), picture.toString());
  }

  @Test
  void aReturningUserIsANewUser() {
    Response before = server.login("alice");
    erase(before.token());

    Response after = server.login("alice");

    assertTrue(after.json().get("newUser").getAsBoolean());
    assertNotEquals(
        before.json().getAsJsonObject("user").get("userId"),
        after.json().getAsJsonObject("user").get("userId"));
  }

  @ParameterizedTest
  @CsvSource({"GET, /api/me/export, 200", "DELETE, /api/me, 204"})
  void wantsALoginOfTheLastTenMinutes(String method, String path, int status) {
    String token = server.login("alice").token();
    server.clock.advance(Duration.ofMinutes(10));

    Response tooOld = send(method, path, token);
    assertEquals(403, tooOld.status());
    assertEquals("login_required", tooOld.field("error"));
    assertTrue(tooOld.json().get("relogin").getAsBoolean());

    server.clock.advance(Duration.ofMillis(-1));
    assertEquals(status, send(method, path, token).status());
  }

  @ParameterizedTest
  @CsvSource({"GET, /api/me/export", "DELETE, /api/me"})
  void wantsASession(String method, String path) {
    String token = server.login("alice").token();
    server.http.logout(token);

    assertEquals(401, send(method, path, token).status());
  }

  @Test
  void anErasureDuringLoginsLeavesNothingHalfWritten() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(6);
    try {
      for (int round = 0; round < 10; round++) {
        String token = server.login("alice").token();
        List<Future<Response>> logins = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
          logins.add(threads.submit(() -> server.login("alice")));
        }
        Future<Response> erasing = threads.submit(() -> erase(token));
        assertEquals(204, erasing.get().status());
        for (Future<Response> login : logins) {
          assertEquals(200, login.get().status(), login.get().toString());
        }
        database.assertNoOrphans();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private String login(String openId, String unionId) {
    return server.http.login(server.weChat.loginCode(APP, openId, unionId)).token();
  }

  private Response export(String token) {
    return send("GET", "/api/me/export", token);
  }

  private Response erase(String token) {
    return send("DELETE", "/api/me", token);
  }

  private Response send(String method, String path, String token) {
    return server.http.send(method, path, null, bearer(token));
  }

  /** Returns the user's id in hex, as long as the session is there. */
  private String userId(String token) {
    byte[] bytes = Base64.getUrlDecoder().decode(token.substring(4));
    return database
        .column(
            "SELECT HEX(user_id) FROM session WHERE sid = UNHEX(?)",
            HexFormat.of().formatHex(bytes, 0, 16))
        .get(0);
  }

  /** Searches every column of every table for these. */
  private List<String> traces(String openId, String unionId, String userId) {
    List<String> found = new ArrayList<>();
    for (String table :
        database.column(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()")) {
      for (String column :
          database.column(
              "SELECT column_name FROM information_schema.columns"
                  + " WHERE table_schema = DATABASE() AND table_name = ?",
              table)) {
        for (String value : database.column("SELECT HEX(" + column + ") FROM " + table)) {
          boolean trail = table.equals("audit") && column.equals("user_id"); // what happened stays
          if (value != null
              && !trail
              && (value.equals(userId)
                  || value.equals(hex(openId))
                  || value.equals(hex(unionId)))) {
            found.add(table + "." + column);
          }
        }
      }
    }
    return found;
  }

  private static String hex(String text) {
    return HexFormat.of().withUpperCase().formatHex(text.getBytes(StandardCharsets.UTF_8));
  }
}
