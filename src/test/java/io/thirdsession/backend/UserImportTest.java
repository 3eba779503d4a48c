package io.thirdsession.backend;

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
import com.google.gson.JsonParser;
import io.thirdsession.testing.AppServer;
import io.thirdsession.testing.AppTestBase;
import io.thirdsession.testing.TestClients;
import io.thirdsession.testing.TestHttp.Response;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Users whom a company brings along from a system of its own. */
class UserImportTest extends AppTestBase {
  private static final String NDJSON = "application/x-ndjson";
  private static final String OF_OTHER_APP = "canary-client-secret-of-other-app";
  private static final String ONLY_USERS = "canary-client-secret-users";

  UserImportTest() {
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
  void anImportedUserIsFoundBeforeTheirFirstLogin() {
    JsonObject answer =
        only(
            send(
                line(
                    "alice",
                    "unionid",
                    "ualice",
                    "externalId",
                    "C-1",
                    "nickName",
                    "老王",
                    "avatarUrl",
                    "https://img.example.com/1.jpg",
                    "phoneNumber",
                    "13580006666",
                    "createdAt",
                    "2019-05-06T07:08:09+08:00")));

    assertEquals("created", answer.get("status").getAsString());
    assertEquals(1, answer.get("line").getAsInt());
    JsonObject user = user("externalId=C-1");
    assertEquals(answer.get("userId"), user.get("userId"));
    assertEquals("老王", user.get("nickName").getAsString());
    assertEquals("https://img.example.com/1.jpg", user.get("avatarUrl").getAsString());
    assertEquals("2019-05-05T23:08:09.000Z", user.get("createdAt").getAsString());
    assertEquals("import", user.get("phoneSource").getAsString());
    assertEquals("13580006666", user.get("phoneNumber").getAsString());
    JsonObject identity = user.getAsJsonArray("identities").get(0).getAsJsonObject();
    assertEquals(openId("alice"), identity.get("openid").getAsString());
    assertEquals("ualice", identity.get("unionid").getAsString());
  }

  @Test
  void theFirstLoginGoesOnWithTheImportedUser() {
    String userId =
        userId(
            send(
                line(
                    "alice", "externalId", "C-1", "nickName", "老王", "phoneNumber", "13580006666")));

    Response login = server.login("alice");

    assertEquals(userId, login.userId());
    assertFalse(login.json().get("newUser").getAsBoolean());
    assertEquals("老王", login.json().getAsJsonObject("user").get("nickName").getAsString());
    assertEquals("C-1", server.http.introspect(login.token(), basic()).field("external_id"));
    assertEquals(200, server.http.check(login.token()).status());
    assertEquals(1, database.number("SELECT COUNT(*) FROM identity WHERE key_sealed IS NOT NULL"));
    Response export = server.http.get("/api/me/export", bearer(login.token()));
    assertEquals(200, export.status());
    assertEquals(userId, server.login("alice").userId());
  }

  @Test
  void manyWhoLogInAtOnceAreAllWhomTheyWere() throws Exception {
    List<String> lines = IntStream.range(0, 60).mapToObj(i -> line("user" + i)).toList();
    List<JsonObject> answers = send(lines.toArray(String[]::new));
    ExecutorService threads = Executors.newFixedThreadPool(20);
    try {
      List<Future<Response>> logins = new ArrayList<>();
      for (int i = 0; i < lines.size(); i++) {
        String name = "user" + i;
        logins.add(threads.submit(() -> server.login(name)));
      }
      for (int i = 0; i < lines.size(); i++) {
        assertEquals(answers.get(i).get("userId").getAsString(), logins.get(i).get().userId());
      }
    } finally {
      threads.shutdownNow();
    }
    database.assertNoOrphans();
  }

  @Test
  void anImportedIdentityHasNoSessionKeyUntilThen() {
    String userId = userId(send(line("alice")));

    Response reset = server.http.post("/api/users/" + userId + "/reset-session-keys", "", basic());

    assertEquals(200, reset.status(), reset.toString());
    assertTrue(reset.text().contains("\"reset\":false"), reset.toString());
    assertEquals(1, database.number("SELECT COUNT(*) FROM identity WHERE key_sealed IS NULL"));
  }

  @Test
  void theSameFileAgainChangesNothing() {
    String[] lines = {
      line("alice", "externalId", "C-1", "phoneNumber", "13580006666", "nickName", "A"),
      line("bob", "unionid", "ubob")
    };
    List<JsonObject> first = send(lines);

    List<JsonObject> again = send(lines);

    assertEquals(List.of("created", "created"), statuses(first));
    assertEquals(List.of("unchanged", "unchanged"), statuses(again));
    assertEquals(first.get(0).get("userId"), again.get(0).get("userId"));
    assertEquals(2, database.number("SELECT COUNT(*) FROM user"));
  }

  @Test
  void anotherFileCorrectsWhoHasNotLoggedIn() {
    String userId =
        userId(
            send(
                line("alice", "externalId", "C-1", "nickName", "A", "phoneNumber", "13580006666")));

    List<JsonObject> again =
        send(
            line(
                "alice",
                "externalId",
                "C-2",
                "nickName",
                "B",
                "unionid",
                "ualice",
                "phoneNumber",
                "13580007777"));

    assertEquals(List.of("updated"), statuses(again));
    JsonObject user = user("externalId=C-2");
    assertEquals(userId, user.get("userId").getAsString());
    assertEquals("B", user.get("nickName").getAsString());
    assertEquals("13580007777", user.get("phoneNumber").getAsString());
    assertEquals(userId, user("unionid=ualice").get("userId").getAsString());
    assertEquals(userId, server.login("alice").userId());
  }

  @Test
  void whatAUserGaveHereIsNeverOverwritten() {
    Response login = server.login("alice");
    server.http.send(
        "PUT",
        "/api/me",
        "{\"nickName\":\"mine\"}",
        bearer(login.token(), "Content-Type", "application/json"));

    List<JsonObject> answers =
        send(
            line(
                "alice",
                "externalId",
                "C-1",
                "nickName",
                "theirs",
                "avatarUrl",
                "https://img.example.com/1.jpg",
                "unionid",
                "ualice",
                "phoneNumber",
                "13580006666"));

    assertEquals(List.of("updated"), statuses(answers)); // the external id
    JsonObject user = user("externalId=C-1");
    assertEquals(login.userId(), user.get("userId").getAsString());
    assertEquals("mine", user.get("nickName").getAsString());
    assertEquals("", user.get("avatarUrl").getAsString());
    assertFalse(user.has("phoneNumber"));
    assertEquals("{\"users\":[]}", server.http.get("/api/users?unionid=ualice", basic()).text());
  }

  @Test
  void whatAUserHasUnboundDoesNotComeBack() {
    String line = line("alice", "phoneNumber", "13580006666");
    send(line);
    String token = server.login("alice").token();
    assertEquals(204, server.http.send("DELETE", "/api/me/phone", null, bearer(token)).status());

    assertEquals(List.of("unchanged"), statuses(send(line)));

    assertEquals(0, database.number("SELECT COUNT(*) FROM user WHERE phone_sealed IS NOT NULL"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "appid      | \"\"",
        "appid      | \"wxunknown\"",
        "openid     | \"a b\"",
        "openid     | 5",
        "unionid    | \"a b\"",
        "externalId | \"a b\"",
        "nickName   | \"12345678901234567890123456789012345678901234567890123456789012345\"",
        "nickName   | 5",
        "avatarUrl  | \"http://img.example.com/1.jpg\"",
        "phoneNumber| \"x\"",
        "phoneNumber| \"+4915112345678\"",
        "countryCode| \"x\"",
        "createdAt  | \"yesterday\"",
        "createdAt  | \"2019-05-06\"",
        "createdAt  | \"2099-05-06T07:08:09Z\"",
        "createdAt  | \"1969-05-06T07:08:09Z\"",
        "phone      | \"13580006666\"",
      })
  void aBrokenLineIsRefusedAndTheOthersGoOn(String field, String value) {
    JsonObject broken = JsonParser.parseString(line("alice")).getAsJsonObject();
    broken.add(field, JsonParser.parseString(value));

    List<JsonObject> answers = send(broken.toString(), line("bob"));

    assertEquals(List.of("refused", "created"), statuses(answers));
    assertEquals("invalid_request", answers.get(0).get("error").getAsString());
    assertEquals(field, answers.get(0).get("field").getAsString());
    assertEquals(2, answers.get(1).get("line").getAsInt());
    assertEquals(1, database.number("SELECT COUNT(*) FROM user"));
  }

  @Test
  void whatIsNoObjectOrTooLongIsALineToo() {
    List<JsonObject> answers =
        send(
            "",
            "null",
            "{\"appid\":",
            "[" + line("x") + "]",
            line("alice", "nickName", "x".repeat(70_000)),
            line("bob") + "\r");

    assertEquals(
        List.of("refused", "refused", "refused", "refused", "refused", "created"),
        statuses(answers));
    assertEquals("invalid_request", answers.get(0).get("error").getAsString());
    assertEquals("payload_too_large", answers.get(4).get("error").getAsString());
    assertEquals(6, answers.get(5).get("line").getAsInt());
  }

  @Test
  void aNullIsAMissingField() {
    List<JsonObject> answers =
        send(line("alice").replace("}", ",\"unionid\":null,\"phoneNumber\":null}"));

    assertEquals(List.of("created"), statuses(answers));
  }

  @Test
  void ofTwoLinesWithOneExternalIdTheSecondIsRefusedAndSaysWhichHasIt() {
    List<JsonObject> answers =
        send(line("alice", "externalId", "C-1"), line("bob"), line("carol", "externalId", "C-1"));

    assertEquals(List.of("created", "created", "refused"), statuses(answers));
    JsonObject refused = answers.get(2);
    assertEquals("conflict", refused.get("error").getAsString());
    assertEquals("externalId", refused.get("field").getAsString());
    assertEquals(1, refused.get("conflictsWith").getAsInt());
    assertEquals(2, database.number("SELECT COUNT(*) FROM user"));
  }

  @Test
  void anExternalIdOfAnotherUserIsRefusedAndNamesNobody() {
    send(line("alice", "externalId", "C-1"));

    List<JsonObject> answers = send(line("bob", "externalId", "C-1"));

    assertEquals(List.of("refused"), statuses(answers));
    assertEquals("conflict", answers.get(0).get("error").getAsString());
    assertFalse(answers.get(0).has("conflictsWith"));
    assertFalse(answers.get(0).has("userId"));
  }

  @Test
  void whoStandsInAFileTwiceIsOneUser() {
    List<JsonObject> answers =
        send(line("alice", "nickName", "A"), line("alice", "nickName", "B"), line("alice"));

    assertEquals(List.of("created", "updated", "unchanged"), statuses(answers));
    assertEquals(List.of("B"), database.column("SELECT nick_name FROM user"));
  }

  @Test
  void anImportedUnionidJoinsNobody() {
    String imported = userId(send(line("alice", "unionid", "ualice")));

    String there = loginThere("alice", "ualice").userId();
    assertNotEquals(imported, there);

    // WeChat tells none of it at the first login: it is not kept, and is no link
    assertEquals(imported, server.login("alice").userId());
    assertEquals(there, user("unionid=ualice").get("userId").getAsString());
    assertEquals(1, database.number("SELECT COUNT(*) FROM unionid_user"));
  }

  @Test
  void anImportedUnionidIsNoLinkAfterTheLoginEither() {
    String imported = userId(send(line("alice", "unionid", "ualice")));
    assertEquals(imported, server.login("alice").userId());

    assertNotEquals(imported, loginThere("alice", "ualice").userId());
  }

  @Test
  void aUnionidThatWeChatTellsLinksAsEver() {
    String imported = userId(send(line("alice", "unionid", "ualice")));
    assertEquals(
        imported,
        server.http.login(server.weChat.loginCode(APP, openId("alice"), "ualice")).userId());

    assertEquals(imported, loginThere("alice", "ualice").userId());
  }

  @Test
  void anImportJoinsNobodyToAUserWithThatUnionid() {
    String there = loginThere("alice", "ualice").userId();

    assertNotEquals(there, userId(send(line("alice", "unionid", "ualice"))));
  }

  @Test
  void aClientOfOtherAppsMayNotBringTheirUsers() {
    List<JsonObject> answers =
        lines(send(basic("other", OF_OTHER_APP), line("alice"), lineThere("bob")));

    assertEquals(List.of("refused", "created"), statuses(answers));
    assertEquals("forbidden", answers.get(0).get("error").getAsString());
  }

  @Test
  void aClientOfOneAppMayNotChangeAUserOfTwo() {
    server.http.login(server.weChat.loginCode(APP, openId("alice"), "ualice"));
    loginThere("alice", "ualice");

    List<JsonObject> answers =
        lines(
            send(
                basic("other", OF_OTHER_APP),
                lineThere("alice").replace("}", ",\"externalId\":\"C-1\"}")));

    assertEquals(List.of("refused"), statuses(answers));
    assertEquals("forbidden", answers.get(0).get("error").getAsString());
  }

  @Test
  void isForClientsOfTheScopeAlone() {
    String body = line("alice");

    assertEquals(401, post(body, "Content-Type", NDJSON).status());
    assertEquals(403, send(basic("crm", ONLY_USERS), body).status());
    Response json = server.http.post("/api/users/import", body, basic());
    assertEquals(415, json.status(), json.toString());
    assertEquals(405, server.http.get("/api/users/import", basic()).status());
    assertEquals(
        403,
        post(body, "Content-Type", NDJSON, basic()[0], basic()[1], "Sec-Fetch-Site", "cross-site")
            .status());
    assertEquals(0, database.number("SELECT COUNT(*) FROM user"));
  }

  @Test
  void noBodyIsAnImportOfNobody() {
    Response response = post(null, "Content-Type", NDJSON, basic()[0], basic()[1]);

    assertEquals(200, response.status(), response.toString());
    assertEquals("", response.text());
  }

  @Test
  void manyLinesAreTransactionsOf500() {
    String[] lines =
        IntStream.range(0, 1_234)
            .mapToObj(i -> line("user" + i, "externalId", "C-" + i, "phoneNumber", "13580006666"))
            .toArray(String[]::new);

    List<JsonObject> answers = send(lines);

    assertEquals(1_234, statuses(answers).stream().filter("created"::equals).count());
    assertEquals(1_234, answers.get(1_233).get("line").getAsInt());
    assertEquals(1_234, database.number("SELECT COUNT(*) FROM user"));
    database.assertNoOrphans();
    assertEquals(1_234, statuses(send(lines)).stream().filter("unchanged"::equals).count());
  }

  @Test
  void logInsMeanwhileMakeNobodyTwoUsers() throws Exception {
    String[] lines =
        IntStream.range(0, 600)
            .mapToObj(i -> line("user" + i, "externalId", "C-" + i))
            .toArray(String[]::new);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<List<JsonObject>> answers = threads.submit(() -> send(lines));
      List<String> users = new ArrayList<>();
      for (int i = 599; i >= 400; i -= 5) {
        users.add(i + " " + server.login("user" + i).userId());
      }
      List<JsonObject> all = answers.get();
      assertFalse(statuses(all).contains("refused"), all.toString());
      for (String user : users) {
        String[] parts = user.split(" ");
        JsonObject answer = all.get(Integer.parseInt(parts[0]));
        assertEquals(parts[1], answer.get("userId").getAsString(), answer.toString());
      }
    } finally {
      threads.shutdownNow();
    }
    assertEquals(600, database.number("SELECT COUNT(*) FROM user"));
    database.assertNoOrphans();
  }

  @Test
  void aLineIsAnsweredBeforeTheNextIsSent() throws Exception {
    try (RawImport raw = new RawImport(server)) {
      raw.line(line("alice"));
      assertEquals("created", raw.answer().get("status").getAsString());
      raw.line(line("alice"));
      assertEquals("unchanged", raw.answer().get("status").getAsString());
      raw.end();
      assertTrue(raw.isOver());
    }
  }

  @Test
  void oneImportOfAClientRunsAtATime() throws Exception {
    try (RawImport raw = new RawImport(server)) {
      raw.line(line("alice"));
      raw.answer();

      try (RawImport second = new RawImport(server)) {
        String refusal = second.whole();
        assertTrue(refusal.startsWith("HTTP/1.1 429"), refusal);
        assertTrue(refusal.contains("\"rate_limited\""), refusal);
        assertTrue(refusal.contains("Connection: close"), refusal);
      }
      assertEquals(200, send(basic("other", OF_OTHER_APP), lineThere("bob")).status());

      raw.end();
      assertTrue(raw.isOver());
    }
    eventually(() -> assertEquals(200, send(basic(), line("bob")).status()));
  }

  @Test
  void whoLeavesInTheMiddleHasWrittenWholeLinesAndMayComeBack() throws Exception {
    try (RawImport raw = new RawImport(server)) {
      raw.line(line("alice"));
      raw.answer();
      raw.text("{\"appid\":\"" + APP + "\",\"openid\":\"" + openId("bo"));
    }

    eventually(
        () -> assertEquals(List.of("unchanged"), statuses(lines(send(basic(), line("alice"))))));
    assertEquals(1, database.number("SELECT COUNT(*) FROM user"));
  }

  @Test
  void whoIsSilentForTenSecondsIsLeft() throws Exception {
    try (RawImport raw = new RawImport(server)) {
      raw.line(line("alice"));
      raw.answer();
      long startedNanos = System.nanoTime();

      assertTrue(raw.isOver());

      Duration waited = Duration.ofNanos(System.nanoTime() - startedNanos);
      assertTrue(waited.toSeconds() >= 5 && waited.toSeconds() < 60, waited.toString());
    }
  }

  @Test
  void theTrailSaysWhoImportedHowMany() {
    send(line("alice"), "x");

    eventually(
        () ->
            assertEquals(
                List.of(
                    "all state=begun",
                    "all state=ended lines=2 created=1 updated=0 unchanged=0 refused=1"),
                database.column(
                    "SELECT CONCAT(client, ' ', detail) FROM audit"
                        + " WHERE event = 'imported' ORDER BY detail")));
  }

  private Response loginThere(String name, String unionId) {
    String code = server.weChat.loginCode(OTHER_APP, openId(name), unionId);
    return server.http.post("/api/login", json("code", code, "appId", OTHER_APP).toString());
  }

  private List<JsonObject> send(String... lines) {
    return lines(send(basic(), lines));
  }

  private Response send(String[] credentials, String... lines) {
    return post(
        String.join("\n", lines) + "\n", "Content-Type", NDJSON, credentials[0], credentials[1]);
  }

  private Response post(String body, String... headers) {
    return server.http.send("POST", "/api/users/import", body, headers);
  }

  private JsonObject user(String query) {
    Response response = server.http.get("/api/users?" + query, basic());
    assertEquals(1, response.json().getAsJsonArray("users").size(), response.toString());
    return response.json().getAsJsonArray("users").get(0).getAsJsonObject();
  }

  private static List<JsonObject> lines(Response response) {
    assertEquals(200, response.status(), response.toString());
    return response.text().lines().map(l -> JsonParser.parseString(l).getAsJsonObject()).toList();
  }

  private static List<String> statuses(List<JsonObject> answers) {
    return answers.stream().map(answer -> answer.get("status").getAsString()).toList();
  }

  private static JsonObject only(List<JsonObject> answers) {
    assertEquals(1, answers.size());
    return answers.get(0);
  }

  private static String userId(List<JsonObject> answers) {
    return only(answers).get("userId").getAsString();
  }

  private static String line(String name, String... fields) {
    return of(APP, name, fields);
  }

  private static String lineThere(String name) {
    return of(OTHER_APP, name);
  }

  private static String of(String app, String name, String... fields) {
    String[] all =
        Stream.concat(Stream.of("appid", app, "openid", openId(name)), Stream.of(fields))
            .toArray(String[]::new);
    return json(all).toString();
  }

  /** An import whose lines are sent one by one, in chunks. */
  private static final class RawImport implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader in;

    RawImport(AppServer server) throws IOException {
      URI base = server.http.base();
      socket = new Socket(base.getHost(), base.getPort());
      socket.setSoTimeout((int) Duration.ofMinutes(1).toMillis());
      in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      raw(
          "POST /api/users/import HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Type: "
              + NDJSON
              + "\r\n"
              + basic()[0]
              + ": "
              + basic()[1]
              + "\r\n\r\n");
    }

    void line(String line) throws IOException {
      text(line + "\n");
    }

    void text(String text) throws IOException {
      int length = text.getBytes(StandardCharsets.UTF_8).length;
      raw(Integer.toHexString(length) + "\r\n" + text + "\r\n");
    }

    void end() throws IOException {
      raw("0\r\n\r\n");
    }

    /** Returns the next answer, in whichever chunk it is. */
    JsonObject answer() throws IOException {
      String line = in.readLine();
      while (!line.startsWith("{\"line\"")) {
        line = in.readLine();
      }
      return JsonParser.parseString(line).getAsJsonObject();
    }

    /** Returns all of the response, up to the end of the connection. */
    String whole() {
      return in.lines().collect(Collectors.joining("\n"));
    }

    /** Reads to the end of the response; returns whether no answer came before it. */
    boolean isOver() throws IOException {
      String line = in.readLine();
      while (line != null && !line.equals("0")) {
        if (line.startsWith("{")) {
          return false;
        }
        line = in.readLine();
      }
      return true;
    }

    private void raw(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().flush();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
