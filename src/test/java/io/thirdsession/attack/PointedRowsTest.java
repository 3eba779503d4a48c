package io.thirdsession.attack;

import static io.thirdsession.testing.AppServer.APP;
import static io.thirdsession.testing.AppServer.OTHER_APP;
import static io.thirdsession.testing.TestClients.basic;
import static io.thirdsession.testing.TestHttp.bearer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.testing.AppServer;
import io.thirdsession.testing.AppTestBase;
import io.thirdsession.testing.LogCapture;
import io.thirdsession.testing.TestClients;
import io.thirdsession.testing.TestHttp.Response;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Mallory is a user, and may write to the database. Whatever she points at Alice: she neither
 * becomes Alice nor is shown as Alice.
 */
class PointedRowsTest extends AppTestBase {
  private static final String UNIONID = "o6_bmjrPTlm6_2sgVt7hMZOPfL2M";
  private static final String NUMBER = "13580006666";
  private static final String ALICE = AppServer.openId("alice");
  private static final String MALLORY = AppServer.openId("mallory");

  private String alice;
  private String mallory;
  private Ids ids;
  private Ids hers;

  PointedRowsTest() {
    super("SERVICE_CLIENTS", TestClients.setting());
  }

  @BeforeEach
  void logIn() {
    database.execute("UPDATE lease SET held_until = " + Long.MAX_VALUE); // nobody purges
    alice = server.login("alice").token();
    mallory = server.login("mallory").token();
    ids = idsOf("alice");
    hers = idsOf("mallory");
  }

  @Test
  void aSessionPointedAtAnotherUserIsNobodys() {
    pointSessionsAt(ids);

    assertNobodys(mallory);
    assertEquals(200, server.http.check(alice).status());
  }

  @Test
  void itCannotBeUsedToEndTheSessionThatItSeemsToBe() {
    pointSessionsAt(ids);

    assertEquals(401, server.http.logout(mallory).status());
    server.login("alice", bearer(mallory));
    assertEquals(2, sessionsOf(ids) - 1, "its row among the two of Alice, ended by nobody");
  }

  @Test
  void aSessionPointedAtAnotherIdentityOfItsUserIsNobodys() throws Exception {
    restart("UNIONID_LINK", "true");
    String here = login(APP, "oa", UNIONID).token();
    login(OTHER_APP, "ob", UNIONID);
    database.execute(
        "UPDATE session SET identity_id = UNHEX('"
            + identity("ob")
            + "') WHERE identity_id ="
            + " UNHEX('"
            + identity("oa")
            + "')");

    assertNobodys(here);
  }

  @Test
  void anIdentityPointedAtAnotherUserLetsNobodyIn() {
    pointIdentityAt(ids);
    database.execute(set("session", "user_id", ids.user(), "user_id", hers.user()));

    assertNobodys(mallory);
    assertLoginRefused("mallory");
    assertEquals(200, server.http.check(alice).status());
    assertEquals(200, server.login("alice").status());
  }

  @Test
  void anIdentityThatIsPutRightLetsItsUserInAgain() {
    pointIdentityAt(ids);
    assertLoginRefused("mallory");

    pointIdentityAt(hers);

    assertEquals(200, server.http.check(mallory).status());
    assertEquals(hers.user(), userOf(server.login("mallory")));
  }

  @Test
  void anIdentityWithTheOpenidOfSomebodyElseLetsNobodyIn() {
    database.execute(
        "UPDATE identity SET openid = 'parked' WHERE openid = '" + MALLORY + "'",
        "UPDATE identity SET openid = '" + MALLORY + "' WHERE openid = '" + ALICE + "'");

    assertLoginRefused("mallory");
    assertNobodys(alice);
  }

  @Test
  void anIdentityOfAnotherAppLetsNobodyIn() {
    database.execute(
        "UPDATE identity SET appid = '" + OTHER_APP + "' WHERE openid = '" + MALLORY + "'");

    assertNobodys(mallory);
    assertEquals(500, login(OTHER_APP, MALLORY, "").status());
  }

  @Test
  void noBackEndIsToldTheOpenidOfSomebodyElse() {
    database.execute(
        "DELETE FROM identity WHERE openid = '" + ALICE + "'",
        "UPDATE identity SET openid = '" + ALICE + "' WHERE openid = '" + MALLORY + "'");

    assertNobodys(mallory);
    assertEquals("[]", found("appid=" + APP + "&openid=" + ALICE));
    assertEquals("[]", found("userId=" + uuid(hers.user())));
  }

  @Test
  void noBackEndIsToldTheUnionidOfSomebodyElse() {
    database.execute(
        "UPDATE identity SET unionid = '" + UNIONID + "' WHERE openid = '" + MALLORY + "'");

    assertNobodys(mallory);
    assertEquals("[]", found("unionid=" + UNIONID));
  }

  @Test
  void noBackEndFindsAUserByAnIdentityThatWasPointedAtThem() {
    pointIdentityAt(ids);

    assertEquals("[]", found("appid=" + APP + "&openid=" + MALLORY));
    assertFalse(found("userId=" + uuid(ids.user())).contains(MALLORY));
    assertFalse(
        server
            .http
            .get("/api/me/export", bearer(server.login("alice").token()))
            .text()
            .contains(MALLORY));
  }

  @Test
  void aLinkPointedAtAnotherUserJoinsNobodyToThem() throws Exception {
    restart("UNIONID_LINK", "true");
    Response owner = login(APP, ALICE, UNIONID);
    database.execute(
        "INSERT INTO unionid_user (unionid, user_id) VALUES ('omallorys', UNHEX('"
            + ids.user()
            + "'))");

    try (LogCapture log = LogCapture.of("io.thirdsession")) {
      Response first = login(OTHER_APP, "onew", "omallorys");
      assertEquals(200, first.status(), first.toString());
      assertTrue(first.json().get("newUser").getAsBoolean());
      assertFalse(first.userId().equals(owner.userId()));
      assertEquals(first.userId(), login(OTHER_APP, "onew", "omallorys").userId());
      assertRefusedOnce(log, "table=unionid_user id=" + uuid(ids.user()) + " column=user_id");
    }
    assertEquals(owner.userId(), login(OTHER_APP, "oother", UNIONID).userId(), "hers is good");
  }

  @Test
  void aCopiedPhoneHashMakesNobodyAHolder() {
    bind(alice, ALICE, NUMBER);
    bind(mallory, MALLORY, "13900001111");
    database.execute(
        "UPDATE user m JOIN user a ON a.id = UNHEX('"
            + ids.user()
            + "')"
            + " SET m.phone_hash = a.phone_hash WHERE m.id = UNHEX('"
            + hers.user()
            + "')");

    try (LogCapture log = LogCapture.of("io.thirdsession")) {
      assertEquals(List.of(uuid(ids.user())), holders(NUMBER));
      assertRefusedOnce(log, "table=user id=" + uuid(hers.user()) + " column=phone_hash");
      assertEquals(List.of(), log.linesWith(NUMBER));
    }
    assertEquals("139****1111", me(mallory).get("maskedPhone").getAsString());
  }

  @Test
  void aPhoneCopiedWholeMakesNobodyAHolder() {
    bind(alice, ALICE, NUMBER);
    database.execute(
        "UPDATE user m JOIN user a ON a.id = UNHEX('"
            + ids.user()
            + "')"
            + " SET m.phone_hash = a.phone_hash, m.phone_sealed = a.phone_sealed,"
            + " m.phone_source = a.phone_source, m.phone_bound_at = a.phone_bound_at"
            + " WHERE m.id = UNHEX('"
            + hers.user()
            + "')");

    try (LogCapture log = LogCapture.of("io.thirdsession")) {
      assertEquals(List.of(uuid(ids.user())), holders(NUMBER));
      assertEquals(List.of(uuid(ids.user())), holders(NUMBER));
      assertRefusedOnce(log, "table=user id=" + uuid(hers.user()) + " column=phone_sealed");
    }
  }

  @Test
  void theOperatorIsToldOfEachRowOnceAnHour() {
    pointSessionsAt(ids);
    pointIdentityAt(ids);

    try (LogCapture log = LogCapture.of("io.thirdsession")) {
      for (int i = 0; i < 3; i++) {
        assertNobodys(mallory);
        assertLoginRefused("mallory");
      }
      assertRefusedOnce(log, "table=session id=");
      assertRefusedOnce(log, "table=identity id=" + uuid(hers.identity()) + " column=mac");
      for (String line : log.lines()) {
        assertFalse(line.contains(MALLORY) || line.contains(mallory), line);
      }
    }
  }

  @Test
  void theOperatorFindsTheRowOfASessionKeyThatDoesNotOpen() {
    database.execute("UPDATE identity SET key_sealed = REVERSE(key_sealed)");
    var profile = server.weChat.profile(APP, ALICE);

    try (LogCapture log = LogCapture.of("io.thirdsession")) {
      for (int i = 0; i < 2; i++) {
        post(
            alice,
            "/api/me/decrypt",
            json("encryptedData", profile.encryptedData(), "iv", profile.iv()));
      }
      assertRefusedOnce(log, "table=identity id=" + uuid(ids.identity()) + " column=key_sealed");
    }
  }

  private void assertNobodys(String token) {
    assertEquals(401, server.http.check(token).status());
    assertEquals(401, getMe(token).status());
    assertEquals(401, server.http.get("/api/gateway", bearer(token)).status());
    assertEquals("{\"active\":false}", server.http.introspect(token, basic()).text());
  }

  private void assertLoginRefused(String name) {
    int before = database.number("SELECT COUNT(*) FROM session");

    Response refused = server.login(name);

    assertEquals(500, refused.status(), refused.toString());
    assertEquals("internal_error", refused.field("error"));
    assertEquals(before, database.number("SELECT COUNT(*) FROM session"));
  }

  private static void assertRefusedOnce(LogCapture log, String row) {
    List<String> lines = log.linesWith("stored value refused " + row);
    assertEquals(1, lines.size(), log.lines().toString());
    assertTrue(lines.get(0).contains("reason=\""), lines.toString());
  }

  private void bind(String token, String openId, String number) {
    String code = server.weChat.phone(APP, openId, number).code();
    assertEquals(200, post(token, "/api/me/phone", json("code", code)).status());
  }

  private List<String> holders(String number) {
    Response response =
        server.http.post("/api/users/find", json("phoneNumber", number).toString(), basic());
    assertEquals(200, response.status(), response.toString());
    return response.json().getAsJsonArray("users").asList().stream()
        .map(user -> user.getAsJsonObject().get("userId").getAsString())
        .toList();
  }

  private String found(String query) {
    Response response = server.http.get("/api/users?" + query, basic());
    assertEquals(200, response.status(), response.toString());
    return response.json().getAsJsonArray("users").toString();
  }

  private Response login(String appId, String openId, String unionId) {
    String code =
        unionId.isEmpty()
            ? server.weChat.loginCode(appId, openId)
            : server.weChat.loginCode(appId, openId, unionId);
    return server.http.post("/api/login", json("code", code, "appId", appId).toString());
  }

  /** Points Mallory's session at this user and identity. */
  private void pointSessionsAt(Ids those) {
    database.execute(
        "UPDATE session SET user_id = UNHEX('"
            + those.user()
            + "'), identity_id = UNHEX('"
            + those.identity()
            + "') WHERE user_id = UNHEX('"
            + hers.user()
            + "')");
  }

  /** Points Mallory's identity at this user. */
  private void pointIdentityAt(Ids those) {
    database.execute(set("identity", "user_id", those.user(), "id", hers.identity()));
  }

  private static String set(String table, String column, String value, String key, String id) {
    return "UPDATE "
        + table
        + " SET "
        + column
        + " = UNHEX('"
        + value
        + "') WHERE "
        + key
        + " = UNHEX('"
        + id
        + "')";
  }

  private int sessionsOf(Ids those) {
    return database.number(
        "SELECT COUNT(*) FROM session WHERE user_id = UNHEX('" + those.user() + "')");
  }

  private Ids idsOf(String name) {
    String openId = AppServer.openId(name);
    return new Ids(
        database.column("SELECT HEX(user_id) FROM identity WHERE openid = ?", openId).get(0),
        identity(openId));
  }

  private String identity(String openId) {
    return database.column("SELECT HEX(id) FROM identity WHERE openid = ?", openId).get(0);
  }

  private static String userOf(Response login) {
    return login.userId().replace("-", "").toUpperCase(Locale.ROOT);
  }

  private static String uuid(String hex) {
    return hex.toLowerCase(Locale.ROOT)
        .replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5");
  }

  /** The ids of a user and of their identity, in hex. */
  private record Ids(String user, String identity) {}
}
