package io.thirdsession.login;

import static io.thirdsession.testing.AppServer.APP;
import static io.thirdsession.testing.AppServer.OTHER_APP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.thirdsession.simulator.Fault;
import io.thirdsession.testing.AppTestBase;
import io.thirdsession.testing.TestHttp.Response;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UnionIdTest extends AppTestBase {
  private static final String UNIONID = "o6_bmjrPTlm6_2sgVt7hMZOPfL2M";

  UnionIdTest() {
    super("UNIONID_LINK", "true");
  }

  @AfterEach
  void findNoOrphans() {
    database.assertNoOrphans();
  }

  @Test
  void eachIdentityHasItsOwnUserByDefault() throws Exception {
    restart("UNIONID_LINK", "false");
    assertNotEquals(login(APP, "oa", UNIONID).userId(), login(OTHER_APP, "ob", UNIONID).userId());
    assertEquals(0, database.number("SELECT COUNT(*) FROM unionid_user"));
  }

  @Test
  void identitiesWithOneUnionidShareAUserWhereThatIsWanted() throws Exception {
    Response first = login(APP, "oa", UNIONID);
    Response second = login(OTHER_APP, "ob", UNIONID);

    assertEquals(first.userId(), second.userId());
    assertFalse(second.json().get("newUser").getAsBoolean());
  }

  @Test
  void twoFirstLoginsInTwoAppsAtOnceMakeOneUser() throws Exception {
    for (int round = 0; round < 10; round++) {
      String name = "o" + round;
      CompletableFuture<Response> here =
          CompletableFuture.supplyAsync(() -> login(APP, name, "u" + name));
      CompletableFuture<Response> there =
          CompletableFuture.supplyAsync(() -> login(OTHER_APP, name, "u" + name));

      assertEquals(here.get().userId(), there.get().userId());
    }
    assertEquals(10, database.number("SELECT COUNT(*) FROM user"));
  }

  @Test
  void aUnionidThatComesLateIsKeptAndLinked() throws Exception {
    Response without = login(APP, "oa", "");
    login(APP, "oa", UNIONID);
    Response other = login(OTHER_APP, "ob", UNIONID);

    assertEquals(without.userId(), other.userId());
  }

  @Test
  void nothingIsMergedWhenALateUnionidBelongsToAnotherUser() throws Exception {
    Response mine = login(APP, "oa", "");
    Response other = login(OTHER_APP, "ob", UNIONID);

    Response late = login(APP, "oa", UNIONID);

    assertEquals(mine.userId(), late.userId());
    assertNotEquals(other.userId(), late.userId());
  }

  @Test
  void aDisabledUserIsJoinedAndRefused() throws Exception {
    login(APP, "oa", UNIONID);
    database.execute("UPDATE user SET disabled_at = 1");

    assertEquals(403, login(OTHER_APP, "ob", UNIONID).status());
    assertEquals(1, database.number("SELECT COUNT(*) FROM identity"));
  }

  @Test
  void aUnionidOnceToldStaysWhenWeChatLeavesItOut() throws Exception {
    restart("UNIONID_LINK", "false");
    login(APP, "oa", UNIONID);
    database.execute("UPDATE identity SET unionid = '" + UNIONID + "'");
    server.weChat.faults(
        Fault.raw("{\"openid\":\"oa\",\"session_key\":\"tiihtNczf5v6AKRyjwEUhQ==\"}"));

    login(APP, "oa", "");

    assertEquals(List.of(UNIONID), database.column("SELECT unionid FROM identity"));
  }

  private Response login(String appId, String openId, String unionId) {
    String code =
        unionId.isEmpty()
            ? server.weChat.loginCode(appId, openId)
            : server.weChat.loginCode(appId, openId, unionId);
    return server.http.post(
        "/api/login", "{\"code\":\"" + code + "\",\"appId\":\"" + appId + "\"}");
  }
}
