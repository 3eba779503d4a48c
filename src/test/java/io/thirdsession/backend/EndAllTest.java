package io.thirdsession.backend;

import static io.thirdsession.testing.AppServer.APP;
import static io.thirdsession.testing.AppServer.OTHER_APP;
import static io.thirdsession.testing.Eventually.eventually;
import static io.thirdsession.testing.TestClients.basic;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thirdsession.testing.AppServer;
import io.thirdsession.testing.AppTestBase;
import io.thirdsession.testing.TestClients;
import io.thirdsession.testing.TestHttp.Response;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code POST /api/sessions/end-all}: for the day after a leak. */
class EndAllTest extends AppTestBase {
  private static final String EVERYBODY = "{\"confirm\":\"end all sessions\"}";
  private static final String LIMITED = "canary-client-secret-of-one-app";
  private static final String ONLY_USERS = "canary-client-secret-users";

  EndAllTest() {
    super(
        "SERVICE_CLIENTS",
        String.join(
            ",",
            TestClients.setting(),
            TestClients.entry("limited", LIMITED, "users+manage:" + APP),
            TestClients.entry("crm", ONLY_USERS, "users")));
  }

  @Test
  void noSessionThatWasMadeBeforeIsAcceptedOnAnyNode() throws Exception {
    List<String> before = List.of(token("alice"), token("alice"), token("bob"), other("carol"));
    AppServer another = server.anotherNode();
    try {
      Response response = endAll(EVERYBODY);

      assertEquals(200, response.status(), response.toString());
      assertEquals("{\"ended\":4,\"done\":true}", response.text());
      for (String token : before) {
        assertEquals(401, server.http.check(token).status());
        assertEquals(401, another.http.check(token).status());
      }
      String after = token("alice");
      assertEquals(200, another.http.check(after).status());
    } finally {
      another.stopNode();
    }
  }

  @Test
  void endsThoseOfOneApp() {
    String here = token("alice");
    String there = other("alice");

    Response response = endAll("{\"appid\":\"" + APP + "\",\"confirm\":\"" + APP + "\"}");

    assertEquals("{\"ended\":1,\"done\":true}", response.text());
    assertEquals(401, server.http.check(here).status());
    assertEquals(200, server.http.check(there).status());
  }

  @Test
  void isRecordedWithTheClientAndTheApp() {
    token("alice");

    endAll("{\"appid\":\"" + APP + "\",\"confirm\":\"" + APP + "\"}");

    eventually(
        () ->
            assertEquals(
                List.of(
                    "all " + APP + " which=everybody state=begun",
                    "all " + APP + " which=everybody state=done ended=1"),
                database.column(
                    "SELECT CONCAT_WS(' ', client, appid, detail) FROM audit"
                        + " WHERE event = 'session_ended' AND user_id IS NULL ORDER BY detail")));
  }

  /** So many that the pauses between their transactions alone are longer than a request works. */
  @Test
  void saysWhereTheNextRequestIsToGoOn() {
    token("alice");
    database.execute("UPDATE lease SET held_until = " + Long.MAX_VALUE); // nobody else deletes
    int rows = 150_000;
    insertSessions(rows);

    Response response = endAll(EVERYBODY);
    int ended = response.json().get("ended").getAsInt();
    assertEquals(false, response.json().get("done").getAsBoolean(), response.toString());
    while (!response.json().get("done").getAsBoolean()) {
      assertEquals(rows + 1 - ended, database.number("SELECT COUNT(*) FROM session"));
      String next = response.field("next");
      response = endAll("{\"confirm\":\"end all sessions\",\"next\":\"" + next + "\"}");
      ended += response.json().get("ended").getAsInt();
    }

    assertEquals(rows + 1, ended);
    assertEquals(0, database.number("SELECT COUNT(*) FROM session"));
  }

  /** Sessions that began an hour ago, of the user who is there. */
  private void insertSessions(int count) {
    String time = "%012x".formatted(server.clock.instant().minusSeconds(3600).toEpochMilli());
    String digits =
        "(SELECT 0 d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3"
            + " UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7"
            + " UNION ALL SELECT 8 UNION ALL SELECT 9)";
    database.execute(
        "INSERT INTO session (sid, secret_hash, user_id, identity_id, last_seen_at, origin, address)"
            + " SELECT CONCAT(UNHEX('"
            + time
            + "7000'), UNHEX(LPAD(HEX(n), 16, '0'))),"
            + " i.mac, i.user_id, i.id, 0, 'login', ''"
            + " FROM identity i, (SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d"
            + " + 100000 * g.d AS n FROM "
            + digits
            + " a, "
            + digits
            + " b, "
            + digits
            + " c, "
            + digits
            + " e, "
            + digits
            + " f, "
            + digits
            + " g) numbers WHERE n < "
            + count);
  }

  @Test
  void mayBeAskedForAgain() {
    token("alice");
    endAll(EVERYBODY);

    assertEquals("{\"ended\":0,\"done\":true}", endAll(EVERYBODY).text());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | confirm",
        "{\"confirm\":\"\"} | confirm",
        "{\"confirm\":\"yes\"} | confirm",
        "{\"confirm\":\"End all sessions\"} | confirm",
        "{\"confirm\":\"end all sessions \"} | confirm",
        "{\"confirm\":true} | confirm",
        "{\"confirm\":\"" + APP + "\"} | confirm",
        "{\"appid\":\"" + APP + "\"} | confirm",
        "{\"appid\":\"" + APP + "\",\"confirm\":\"end all sessions\"} | confirm",
        "{\"appid\":\"" + APP + "\",\"confirm\":\"" + OTHER_APP + "\"} | confirm",
        "{\"appid\":\"wx0000000000000000\",\"confirm\":\"wx0000000000000000\"} | appid",
        "{\"appid\":\"\",\"confirm\":\"\"} | appid",
        "{\"appid\":null,\"confirm\":\"end all sessions\"} | appid",
        "{\"confirm\":\"end all sessions\",\"next\":\"x\"} | next",
        "{\"confirm\":\"end all sessions\",\"next\":1} | next",
        "{\"confirm\":\"end all sessions\",\"appId\":\"" + APP + "\"} | appId",
        "{\"confirm\":\"end all sessions\",\"userId\":\"x\"} | userId",
      })
  void nothingEndsWithoutTheRightWords(String body, String field) {
    String token = token("alice");

    Response response = endAll(body);

    assertEquals(400, response.status(), response.toString());
    assertEquals(field, response.field("field"));
    assertEquals(200, server.http.check(token).status());
  }

  @Test
  void aNextOfSessionsThatHaveNotBegunIsNone() {
    String token = token("alice");
    String end = "ffffffff-ffff-7fff-bfff-ffffffffffff";

    Response response =
        endAll(
            "{\"confirm\":\"end all sessions\",\"next\":\"00000000-0000-0000-0000-000000000000."
                + end
                + "\"}");

    assertEquals("next", response.field("field"));
    assertEquals(200, server.http.check(token).status());
  }

  @ParameterizedTest
  @CsvSource({"limited, " + LIMITED, "crm, " + ONLY_USERS})
  void aClientOfSomeAppsOrWithoutTheScopeEndsNothing(String client, String secret) {
    String token = token("alice");
    for (String body :
        List.of(EVERYBODY, "{\"appid\":\"" + APP + "\",\"confirm\":\"" + APP + "\"}")) {
      Response response = server.http.post("/api/sessions/end-all", body, basic(client, secret));

      assertEquals(403, response.status(), response.toString());
      assertEquals("forbidden", response.field("error"));
    }
    assertEquals(200, server.http.check(token).status());
  }

  @Test
  void nobodyElseEndsAnything() {
    String token = token("alice");

    Response own =
        server.http.post("/api/sessions/end-all", EVERYBODY, "Authorization", "Bearer " + token);
    Response nobody = server.http.post("/api/sessions/end-all", EVERYBODY);

    assertEquals("client_invalid", own.field("error"));
    assertEquals("client_invalid", nobody.field("error"));
    assertEquals(405, server.http.get("/api/sessions/end-all", basic()).status());
    assertEquals(200, server.http.check(token).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"cross-site", "same-site", "Same-Origin", "", "same-origin, cross-site"})
  void aPageOfAnotherSiteEndsNothingWhateverTheBrowserAdds(String site) {
    String token = token("alice");

    Response response = endAll(EVERYBODY, "Sec-Fetch-Site", site);

    assertEquals(403, response.status(), response.toString());
    assertEquals("forbidden", response.field("error"));
    assertEquals(200, server.http.check(token).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"same-origin", "none"})
  void aPageFromHereMay(String site) {
    assertEquals(200, endAll(EVERYBODY, "Sec-Fetch-Site", site).status());
  }

  private Response endAll(String body, String... headers) {
    String[] all = Stream.of(basic(), headers).flatMap(Arrays::stream).toArray(String[]::new);
    return server.http.post("/api/sessions/end-all", body, all);
  }

  private String token(String name) {
    return server.login(name).token();
  }

  private String other(String name) {
    String code = server.weChat.loginCode(OTHER_APP, AppServer.openId(name));
    return server
        .http
        .post("/api/login", json("code", code, "appId", OTHER_APP).toString())
        .token();
  }
}
