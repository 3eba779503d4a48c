package io.thirdsession.app;

import static io.thirdsession.app.AppServer.APP;
import static io.thirdsession.app.AppServer.OTHER_APP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.thirdsession.simulator.Fault;
import io.thirdsession.testing.TestDatabase;
import io.thirdsession.testing.TestHttp.Answer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UnionIdTest {
  private static final String UNIONID = "o6_bmjrPTlm6_2sgVt7hMZOPfL2M";

  private TestDatabase database;

  @BeforeEach
  void createDatabase() {
    database = TestDatabase.create();
  }

  @AfterEach
  void dropDatabase() {
    database.close();
  }

  @Test
  void eachIdentityHasItsOwnUserByDefault() throws Exception {
    try (AppServer server = AppServer.start(database)) {
      assertNotEquals(
          userId(login(server, APP, "oa", UNIONID)),
          userId(login(server, OTHER_APP, "ob", UNIONID)));
      assertEquals(0, database.number("SELECT COUNT(*) FROM unionid_user"));
    }
  }

  @Test
  void identitiesWithOneUnionidShareAUserWhereThatIsWanted() throws Exception {
    try (AppServer server = linking()) {
      Answer first = login(server, APP, "oa", UNIONID);
      Answer second = login(server, OTHER_APP, "ob", UNIONID);

      assertEquals(userId(first), userId(second));
      assertFalse(second.json().get("newUser").getAsBoolean());
    }
  }

  @Test
  void twoFirstLoginsInTwoAppsAtOnceMakeOneUser() throws Exception {
    try (AppServer server = linking()) {
      for (int round = 0; round < 10; round++) {
        String name = "o" + round;
        CompletableFuture<Answer> here =
            CompletableFuture.supplyAsync(() -> login(server, APP, name, "u" + name));
        CompletableFuture<Answer> there =
            CompletableFuture.supplyAsync(() -> login(server, OTHER_APP, name, "u" + name));

        assertEquals(userId(here.get()), userId(there.get()));
      }
      assertEquals(10, database.number("SELECT COUNT(*) FROM user"));
    }
  }

  @Test
  void aUnionidThatComesLateIsKeptAndLinked() throws Exception {
    try (AppServer server = linking()) {
      Answer without = login(server, APP, "oa", "");
      login(server, APP, "oa", UNIONID);
      Answer other = login(server, OTHER_APP, "ob", UNIONID);

      assertEquals(userId(without), userId(other));
    }
  }

  @Test
  void nothingIsMergedWhenALateUnionidBelongsToAnotherUser() throws Exception {
    try (AppServer server = linking()) {
      Answer mine = login(server, APP, "oa", "");
      Answer other = login(server, OTHER_APP, "ob", UNIONID);

      Answer late = login(server, APP, "oa", UNIONID);

      assertEquals(userId(mine), userId(late));
      assertNotEquals(userId(other), userId(late));
    }
  }

  @Test
  void aDisabledUserIsJoinedAndRefused() throws Exception {
    try (AppServer server = linking()) {
      login(server, APP, "oa", UNIONID);
      database.execute("UPDATE user SET disabled_at = 1");

      assertEquals(403, login(server, OTHER_APP, "ob", UNIONID).status());
      assertEquals(1, database.number("SELECT COUNT(*) FROM identity"));
    }
  }

  @Test
  void aUnionidOnceToldStaysWhenWeChatLeavesItOut() throws Exception {
    try (AppServer server = AppServer.start(database)) {
      login(server, APP, "oa", UNIONID);
      database.execute("UPDATE identity SET unionid = '" + UNIONID + "'");
      server.weChat.faults(
          Fault.raw("{\"openid\":\"oa\",\"session_key\":\"tiihtNczf5v6AKRyjwEUhQ==\"}"));

      login(server, APP, "oa", "");

      assertEquals(List.of(UNIONID), database.column("SELECT unionid FROM identity"));
    }
  }

  private AppServer linking() throws Exception {
    return AppServer.start(database, "UNIONID_LINK", "true");
  }

  private static Answer login(AppServer server, String appId, String openId, String unionId) {
    String code =
        unionId.isEmpty()
            ? server.weChat.loginCode(appId, openId)
            : server.weChat.loginCode(appId, openId, unionId);
    return server.http.post(
        "/api/login", "{\"code\":\"" + code + "\",\"appId\":\"" + appId + "\"}");
  }

  private static String userId(Answer login) {
    return login.json().getAsJsonObject("user").get("userId").getAsString();
  }
}
