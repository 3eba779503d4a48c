package io.thirdsession.purge;

import static io.thirdsession.testing.AppServer.APP;
import static io.thirdsession.testing.AppServer.OTHER_APP;
import static io.thirdsession.testing.TestClients.basic;
import static io.thirdsession.testing.TestHttp.bearer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.thirdsession.testing.AppTestBase;
import io.thirdsession.testing.TestClients;
import io.thirdsession.testing.TestHttp.Response;
import io.thirdsession.testing.TestPictures;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows that name somebody who is gone count for nothing, before the purger comes by. */
class OrphansTest extends AppTestBase {
  private static final String UNIONID = "o6_bmjrPTlm6_2sgVt7hMZOPfL2M";

  private String alice;

  OrphansTest() {
    super("SERVICE_CLIENTS", TestClients.setting(), "UNIONID_LINK", "true");
  }

  @BeforeEach
  void logIn() {
    database.execute("UPDATE lease SET held_until = " + Long.MAX_VALUE); // nobody purges
    alice = login(APP, "alice").token();
  }

  @Test
  void aSessionWithoutUserIsRefused() {
    deleteUser();

    assertRefused(alice);
    assertEquals(List.of("1"), database.column("SELECT COUNT(*) FROM session"));
  }

  @Test
  void aSessionWithoutIdentityIsRefused() {
    database.execute("DELETE FROM identity");

    assertRefused(alice);
  }

  @Test
  void aSessionThroughAnIdentityOfAnotherUserIsRefused() {
    String bob = server.login("bob").token();
    String idOfBob = server.http.check(bob).field("userId");
    database.execute("UPDATE session SET user_id = UNHEX(REPLACE('" + idOfBob + "', '-', ''))");

    assertRefused(alice);
    Response ofBob = server.http.get("/api/sessions", bearer(bob));
    assertEquals(1, ofBob.json().getAsJsonArray("sessions").size(), ofBob.toString());
  }

  @Test
  void aPictureWithoutUserIsNotShown() {
    String path = upload();
    assertEquals(200, server.http.get(path).status());

    deleteUser();

    assertEquals(404, server.http.get(path).status());
  }

  @Test
  void anIdentityWithoutUserIsNotFound() {
    deleteUser();

    for (String query : List.of("appid=" + APP + "&openid=oalice", "unionid=" + UNIONID)) {
      Response found = server.http.get("/api/users?" + query, basic());
      assertEquals(200, found.status(), found.toString());
      assertTrue(found.json().getAsJsonArray("users").isEmpty(), found.toString());
    }
  }

  @Test
  void anIdentityAndALinkWithoutUserMakeWayForAFirstLogin() {
    deleteUser();

    Response login = login(APP, "alice");

    assertTrue(login.json().get("newUser").getAsBoolean(), login.toString());
    assertEquals(200, server.http.check(login.token()).status());
    assertRefused(alice);
    assertFalse(login(APP, "alice").json().get("newUser").getAsBoolean());
  }

  @Test
  void nobodyJoinsAUserWhoIsGone() {
    deleteUser();

    Response first = login(OTHER_APP, "bob");

    assertTrue(first.json().get("newUser").getAsBoolean(), first.toString());
    assertEquals(1, database.number("SELECT COUNT(*) FROM user"));
    assertEquals(
        1, database.number("SELECT COUNT(*) FROM unionid_user l JOIN user u ON u.id = l.user_id"));
  }

  private void assertRefused(String token) {
    assertEquals(401, server.http.check(token).status());
    assertEquals(401, server.http.get("/api/me", bearer(token)).status());
    assertEquals(401, server.http.get("/api/sessions", bearer(token)).status());
    JsonObject introspected = server.http.introspect(token, basic()).json();
    assertFalse(introspected.get("active").getAsBoolean(), introspected.toString());
    assertEquals(401, server.http.get("/api/gateway", bearer(token)).status());
  }

  private Response login(String appId, String name) {
    String code = server.weChat.loginCode(appId, "o" + name, UNIONID);
    JsonObject body = json("code", code, "appId", appId);
    Response login = server.http.post("/api/login", body.toString());
    assertEquals(200, login.status(), login.toString());
    return login;
  }

  private String upload() {
    byte[] picture = TestPictures.of("png", 10, 10);
    Response uploaded = server.http.upload("/api/me/avatar", "file", picture, bearer(alice));
    return URI.create(uploaded.field("avatarUrl")).getPath();
  }

  private void deleteUser() {
    database.execute("DELETE FROM user");
  }
}
