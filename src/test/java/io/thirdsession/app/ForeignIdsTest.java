package io.thirdsession.app;

import static io.thirdsession.app.AppServer.APP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.thirdsession.testing.TestHttp;
import io.thirdsession.testing.TestHttp.Answer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two users, every route, every place where somebody might name the other one. */
class ForeignIdsTest extends AppTestBase {
  private static final List<String> NAMES =
      List.of("userId", "userid", "uid", "openid", "openId", "unionid", "sid", "user_id", "id");

  private String alice;
  private String bob;
  private String bobId;
  private String bobSid;

  @BeforeEach
  void logIn() {
    alice = server.login("alice").token();
    bob = server.login("bob").token();
    server.http.send(
        "PUT",
        "/api/me",
        "{\"nickName\":\"bob-the-only\"}",
        "Authorization",
        "Bearer " + bob,
        "Content-Type",
        "application/json");
    bobId = server.http.check(bob).field("userId");
    bobSid = server.http.check(bob).field("sid");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/session",
    "GET, /api/sessions",
    "GET, /api/me",
    "GET, /api/me/export",
    "PUT, /api/me",
    "POST, /api/me",
    "POST, /api/me/profile",
    "POST, /api/me/phone",
    "DELETE, /api/me/phone",
    "POST, /api/me/decrypt",
    "POST, /api/sessions/end",
    "GET, /api/gateway",
    "DELETE, /api/session",
    "DELETE, /api/me",
  })
  void theOtherUserIsNeverReadNorWrittenWhereverTheyAreNamed(String method, String path) {
    for (String name : NAMES) {
      for (String id : List.of(bobId, AppServer.openId("bob"), bobSid)) {
        String token = server.login("alice").token();
        JsonObject body = json(name, id, "nickName", "taken");
        Answer answer =
            server.http.send(
                method,
                path + "?" + name + "=" + id,
                method.equals("GET") ? null : body.toString(),
                "Authorization",
                "Bearer " + token,
                "Content-Type",
                "application/json",
                "Cookie",
                name + "=" + id + "; JSESSIONID=" + bobSid + "; token=" + bob,
                "X-" + name,
                id,
                "X-WX-OPENID",
                AppServer.openId("bob"),
                "X-User-Id",
                bobId);

        assertFalse(answer.text().contains("bob-the-only"), answer.toString());
        assertFalse(answer.text().contains(bobId), answer.toString());
        assertTrue(answer.status() < 500, answer.toString());
        assertEquals(List.of(), answer.headers().allValues("Set-Cookie"));
      }
    }
    JsonObject bobNow = me(bob);
    assertEquals("bob-the-only", bobNow.get("nickName").getAsString());
    assertEquals(200, server.http.check(bob).status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/setUserInfo.html",
        "/getUserInfo.html",
        "/getUserId.html",
        "/checkSignature.html"
      })
  void norByTheOlderPages(String path) {
    for (String name : NAMES) {
      Answer answer =
          server.http.get(
              path
                  + TestHttp.query(
                      Map.of("third_Session", alice, name, bobId, "nickName", "taken")));

      assertFalse(answer.text().contains("bob-the-only"), answer.toString());
      assertFalse(answer.text().contains(bobId), answer.toString());
    }
    assertEquals("bob-the-only", me(bob).get("nickName").getAsString());
  }

  @Test
  void aTokenIsReadFromOnePlaceAlone() {
    for (String[] headers :
        List.of(
            new String[] {"Cookie", "token=" + alice + "; third_Session=" + alice},
            new String[] {"X-Token", alice},
            new String[] {"X-WX-Skey", alice},
            new String[] {"Authorization", alice},
            new String[] {"Authorization", "Token " + alice},
            new String[] {"Authorization", "Bearer x" + alice},
            new String[] {"Authorization", "Bearer 4th_" + alice.substring(4)},
            new String[] {"Authorization", "Bearer " + alice.substring(4)})) {
      for (String path :
          List.of("/api/session", "/api/sessions", "/api/me", "/api/gateway", "/api/me/export")) {
        Answer answer =
            server.http.get(path + "?token=" + alice + "&access_token=" + alice, headers);
        assertEquals(401, answer.status(), path);
        assertEquals("session_invalid", answer.field("error"));
      }
    }
  }

  @Test
  void theSameOpenidInAnotherAppIsSomebodyElse() {
    String openId = AppServer.openId("alice");
    String code = server.weChat.loginCode(AppServer.OTHER_APP, openId);
    String there =
        server
            .http
            .post("/api/login", json("code", code, "appId", AppServer.OTHER_APP).toString())
            .token();

    assertFalse(me(there).get("userId").equals(me(alice).get("userId")));
    assertEquals(APP, server.http.check(alice).field("appId"));
  }
}
