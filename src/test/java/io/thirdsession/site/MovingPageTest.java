package io.thirdsession.site;

import static io.thirdsession.testing.AppServer.openId;
import static io.thirdsession.testing.TestClients.basic;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.thirdsession.testing.AppTestBase;
import io.thirdsession.testing.TestClients;
import io.thirdsession.testing.TestHttp.Response;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What moving.md says moves users over: its SQL, on tables of those systems, and the import. */
class MovingPageTest extends AppTestBase {
  private static final int SHOP = 100_000;

  /** As litemall makes it, without comments. */
  private static final String LITEMALL =
      """
      CREATE TABLE litemall_user (
        id INT(11) NOT NULL AUTO_INCREMENT,
        username VARCHAR(63) NOT NULL,
        password VARCHAR(63) NOT NULL DEFAULT '',
        gender TINYINT(3) NOT NULL DEFAULT '0',
        birthday DATE DEFAULT NULL,
        last_login_time DATETIME DEFAULT NULL,
        last_login_ip VARCHAR(63) NOT NULL DEFAULT '',
        user_level TINYINT(3) DEFAULT '0',
        nickname VARCHAR(63) NOT NULL DEFAULT '',
        mobile VARCHAR(20) NOT NULL DEFAULT '',
        avatar VARCHAR(255) NOT NULL DEFAULT '',
        weixin_openid VARCHAR(63) NOT NULL DEFAULT '',
        session_key VARCHAR(100) NOT NULL DEFAULT '',
        status TINYINT(3) NOT NULL DEFAULT '0',
        add_time DATETIME DEFAULT NULL,
        update_time DATETIME DEFAULT NULL,
        deleted TINYINT(1) DEFAULT '0',
        PRIMARY KEY (id),
        UNIQUE KEY user_name (username)
      ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
      """;

  private static final String WAFER =
      """
      CREATE TABLE cSessionInfo (
        open_id VARCHAR(100) COLLATE utf8mb4_unicode_ci NOT NULL,
        uuid VARCHAR(100) COLLATE utf8mb4_unicode_ci NOT NULL,
        skey VARCHAR(100) COLLATE utf8mb4_unicode_ci NOT NULL,
        create_time TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
        last_visit_time TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
        session_key VARCHAR(100) COLLATE utf8mb4_unicode_ci NOT NULL,
        user_info VARCHAR(2048) COLLATE utf8mb4_unicode_ci NOT NULL,
        PRIMARY KEY (open_id)
      ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci
      """;

  @TempDir Path folder;

  MovingPageTest() {
    super("SERVICE_CLIENTS", TestClients.setting());
  }

  @Test
  void aShopOfLitemallsShapeMovesOverAndNoUserNotices() throws Exception {
    database.execute(
        LITEMALL,
        "INSERT INTO litemall_user (id, username, nickname, mobile, avatar, weixin_openid, add_time)"
            + " VALUES (7, 'wx7', '  老\\\\王\\n\"  ', '13580006666', 'http://wx.qlogo.cn/0', '"
            + openId("alice")
            + "', '2019-05-06 07:08:09'),"
            + " (8, 'admin', 'no openid', '', '', '', NULL),"
            + " (9, 'wx9', '', '400-123', 'https://yanxuan.nosdn.127.net/1.jpg', '"
            + openId("bob")
            + "', NULL)",
        "INSERT INTO litemall_user (username, weixin_openid, deleted) VALUES ('gone', 'oGone', 1)",
        """
        INSERT INTO litemall_user (username, nickname, mobile, weixin_openid, add_time)
        WITH RECURSIVE digit (d) AS (SELECT 0 UNION ALL SELECT d + 1 FROM digit WHERE d < 9)
        SELECT CONCAT('wx', a.d, b.d, c.d, e.d, f.d), CONCAT('用户', a.d, b.d, c.d, e.d, f.d),
               CONCAT('135', '000', a.d, b.d, c.d, e.d, f.d),
               CONCAT('oUser-', a.d, b.d, c.d, e.d, f.d), '2020-01-02 03:04:05'
        FROM digit a, digit b, digit c, digit e, digit f
        """);

    List<JsonObject> answers = move("litemall");

    assertEquals(SHOP + 2, answers.stream().filter(MovingPageTest::isCreated).count());
    assertEquals(SHOP + 2, answers.size());
    assertEquals(SHOP + 2, database.number("SELECT COUNT(*) FROM user"));
    Response login = server.login("alice");
    assertFalse(login.json().get("newUser").getAsBoolean());
    assertEquals("老\\王\n\"", login.json().getAsJsonObject("user").get("nickName").getAsString());
    assertEquals("7", server.http.introspect(login.token(), basic()).field("external_id"));
    JsonObject alice = user("externalId=7");
    assertEquals("https://wx.qlogo.cn/0", alice.get("avatarUrl").getAsString());
    assertEquals("13580006666", alice.get("phoneNumber").getAsString());
    assertEquals("2019-05-05T23:08:09.000Z", alice.get("createdAt").getAsString());
    assertFalse(user("externalId=9").has("phoneNumber"));
  }

  @Test
  void theUsersOfWafersSessionServerMoveOver() throws Exception {
    database.execute(
        WAFER,
        "INSERT INTO cSessionInfo (open_id, uuid, skey, create_time, session_key, user_info) VALUES"
            + " ('"
            + openId("alice")
            + "', 'u', 's', '2017-08-10 22:22:52', 'k', '{\"openId\":\"x\",\"nickName\":\"老王\","
            + "\"avatarUrl\":\"http://wx.qlogo.cn/0\",\"unionId\":\"ualice\"}'),"
            + " ('"
            + openId("bob")
            + "', 'u', 's', '2017-08-11 22:22:52', 'k', 'broken')");

    List<JsonObject> answers = move("wafer");

    assertEquals(2, answers.stream().filter(MovingPageTest::isCreated).count(), answers::toString);
    JsonObject alice = user("unionid=ualice");
    assertEquals("老王", alice.get("nickName").getAsString());
    assertEquals(alice.get("userId").getAsString(), server.login("alice").userId());
    assertEquals(answers.get(1).get("userId").getAsString(), server.login("bob").userId());
  }

  @Test
  void theUsersOfUniIdMoveOver() throws Exception {
    database.execute(
        "CREATE TABLE uni_id_users (doc JSON NOT NULL)",
        "INSERT INTO uni_id_users VALUES ('{\"_id\":\"5f3a1c\",\"nickname\":\"老王\",\"mobile\":"
            + "\"13580006666\",\"wx_openid\":{\"mp\":\""
            + openId("alice")
            + "\"},\"wx_unionid\":\"ualice\",\"register_date\":1588719600123,"
            + "\"avatar\":\"https://img.example.com/1.jpg\"}'),"
            + " ('{\"_id\":{\"$oid\":\"5f3a1d\"},\"wx_openid\":{\"mp-weixin\":\""
            + openId("bob")
            + "\"}}'),"
            + " ('{\"_id\":\"5f3a1e\",\"username\":\"admin\"}')");

    List<JsonObject> answers = move("uni-id");

    assertEquals(2, answers.stream().filter(MovingPageTest::isCreated).count(), answers::toString);
    JsonObject alice = user("externalId=5f3a1c");
    assertEquals("老王", alice.get("nickName").getAsString());
    assertEquals("13580006666", alice.get("phoneNumber").getAsString());
    assertEquals("2020-05-05T23:00:00.000Z", alice.get("createdAt").getAsString());
    assertEquals(alice.get("userId").getAsString(), server.login("alice").userId());
    String bob = user("externalId=5f3a1d").get("userId").getAsString();
    assertEquals(bob, server.login("bob").userId());
  }

  /** Does what the two commands do, with the SQL of this section. */
  private List<JsonObject> move(String system) throws Exception {
    List<String> blocks =
        Page.read(Page.SITE.resolve("moving.md")).section("## " + system).examples();
    String sql =
        blocks.get(blocks.size() - 1).replaceAll("```(sql)?\n", "").strip().replaceAll(";$", "");
    String lines = String.join("\n", database.column(sql)) + "\n";
    Path file = Files.writeString(folder.resolve("users.ndjson"), lines);
    Path answers = folder.resolve("answers.ndjson");
    Process curl =
        new ProcessBuilder(
                "curl",
                "-sT",
                file.toString(),
                server.http.base().resolve("/api/users/import").toString(),
                "-X",
                "POST",
                "-u",
                TestClients.ID + ":" + TestClients.SECRET,
                "-H",
                "Content-Type: application/x-ndjson")
            .redirectOutput(answers.toFile())
            .start();
    assertEquals(0, curl.waitFor());
    return Files.readAllLines(answers).stream()
        .map(line -> JsonParser.parseString(line).getAsJsonObject())
        .toList();
  }

  private JsonObject user(String query) {
    Response response = server.http.get("/api/users?" + query, basic());
    assertEquals(1, response.json().getAsJsonArray("users").size(), response.toString());
    return response.json().getAsJsonArray("users").get(0).getAsJsonObject();
  }

  private static boolean isCreated(JsonObject answer) {
    return answer.get("status").getAsString().equals("created");
  }
}
