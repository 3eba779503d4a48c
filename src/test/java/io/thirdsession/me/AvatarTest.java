package io.thirdsession.me;

import static io.thirdsession.testing.TestHttp.bearer;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.testing.AppTestBase;
import io.thirdsession.testing.TestHttp;
import io.thirdsession.testing.TestHttp.Response;
import io.thirdsession.testing.TestPictures;
import java.net.URI;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AvatarTest extends AppTestBase {
  private static final byte[] RED = TestPictures.of("png", 100, 100);
  private static final byte[] LARGE = TestPictures.of("jpg", 800, 600);

  private String token;

  @BeforeEach
  void logIn() {
    token = server.login("alice").token();
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "avatar", "pic-1"})
  void takesThePictureUnderAnyNameAndServesIt(String name) {
    Response response = upload(name, RED);

    assertEquals(200, response.status(), response.toString());
    assertEquals(Set.of("avatarUrl"), response.json().keySet());
    String url = response.field("avatarUrl");
    assertTrue(url.matches("http://127\\.0\\.0\\.1:\\d+/avatars/[A-Za-z0-9_-]{22}"), url);
    assertEquals(url, me(token).get("avatarUrl").getAsString());

    Response picture = get(url);
    assertEquals(200, picture.status());
    assertEquals("image/jpeg", picture.header("Content-Type"));
    assertEquals("private, max-age=86400, immutable", picture.header("Cache-Control"));
    assertEquals("nosniff", picture.header("X-Content-Type-Options"));
    assertTrue(picture.header("Content-Security-Policy").contains("default-src 'self'"));
    assertArrayEquals(new byte[] {(byte) 0xFF, (byte) 0xD8}, Arrays.copyOf(picture.body(), 2));
  }

  @Test
  void keepsOnlyTheLatest() {
    String first = upload("file", RED).field("avatarUrl");
    String second = upload("file", LARGE).field("avatarUrl");

    assertNotEquals(first, second);
    assertEquals(404, get(first).status());
    assertEquals(200, get(second).status());
    assertEquals(1, database.number("SELECT COUNT(*) FROM avatar"));
  }

  @Test
  void onePictureHasOneUrlForEachUser() {
    String bob = server.login("bob").token();

    String first = upload("file", RED).field("avatarUrl");

    assertEquals(first, upload("file", RED).field("avatarUrl"));
    assertNotEquals(
        first, server.http.upload("/api/me/avatar", "file", RED, bearer(bob)).field("avatarUrl"));
  }

  @Test
  void theAddressIsThePublicOneWhereThatIsSet() throws Exception {
    restart("PUBLIC_URL", "https://login.example.com/wx/");
    token = server.login("alice").token();

    String url = upload("file", RED).field("avatarUrl");

    assertTrue(url.startsWith("https://login.example.com/wx/avatars/"), url);
  }

  @Test
  void theAddressIsWhatATrustedProxySays() throws Exception {
    restart("TRUSTED_PROXIES", "127.0.0.1");
    token = server.login("alice").token();
    upload("file", RED);

    Response me = meThroughProxy("login.example.com");

    assertTrue(me.field("avatarUrl").startsWith("https://login.example.com/avatars/"));
  }

  @Test
  void nobodyElseSaysWhatTheAddressIs() {
    upload("file", RED);

    Response me = meThroughProxy("evil.example.com");

    assertTrue(me.field("avatarUrl").startsWith("http://127.0.0.1:"), me.toString());
  }

  @Test
  void sendingTheAddressBackLeavesThePicture() {
    String url = upload("file", RED).field("avatarUrl");

    Response response = put(url);

    assertEquals(200, response.status(), response.toString());
    assertEquals(url, response.field("avatarUrl"));
    assertEquals(200, get(url).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "https://example.com/a.jpg"})
  void anotherAvatarTakesThePictureAway(String other) {
    String url = upload("file", RED).field("avatarUrl");

    assertEquals(other, put(other).field("avatarUrl"));

    assertEquals(404, get(url).status());
    assertEquals(0, database.number("SELECT COUNT(*) FROM avatar"));
  }

  @Test
  void thePictureOfSomebodyElseIsNotTaken() {
    String bob = server.login("bob").token();
    String url = server.http.upload("/api/me/avatar", "file", RED, bearer(bob)).field("avatarUrl");

    Response response = put(url);

    assertEquals(400, response.status());
    assertEquals("avatarUrl", response.field("field"));
    assertEquals("", me(token).get("avatarUrl").getAsString());
  }

  @Test
  void theTutorialsPagesShowThePictureAndDoNotLoseIt() {
    String url = upload("file", RED).field("avatarUrl");
    String query = TestHttp.query(Map.of("third_Session", token, "avatarUrl", url));

    assertEquals("0", server.http.get("/setUserInfo.html" + query).field("code"));

    assertEquals(
        url,
        server
            .http
            .get("/getUserInfo.html" + query)
            .json()
            .getAsJsonObject("dataList")
            .get("head_photo")
            .getAsString());
    assertEquals(
        url,
        server
            .http
            .get("/getUserId.html" + query)
            .json()
            .getAsJsonObject("userInfo")
            .get("avatarUrl")
            .getAsString());
    assertEquals(200, get(url).status());
  }

  @Test
  void aLoginThatBringsAnotherAvatarTakesThePictureAway() {
    upload("file", RED);

    server.http.get(
        "/getOpenid.html"
            + TestHttp.query(
                Map.of(
                    "code", server.code("alice"),
                    "nick", "",
                    "avaurl", "https://thirdwx.qlogo.cn/a/132",
                    "sex", "")));

    assertEquals("https://thirdwx.qlogo.cn/a/132", me(token).get("avatarUrl").getAsString());
    assertEquals(0, database.number("SELECT COUNT(*) FROM avatar"));
  }

  @Test
  void takesAMebibyteAndNoByteMore() {
    byte[] largest = Arrays.copyOf(RED, 1_048_576); // what stands behind a PNG does not matter

    assertEquals(200, upload("file", largest).status());
    Response tooLarge = upload("file", Arrays.copyOf(RED, 1_048_577));

    assertEquals(413, tooLarge.status(), tooLarge.toString());
    assertEquals("payload_too_large", tooLarge.field("error"));
  }

  @Test
  void refusesWhatIsNoPicture() {
    Response response = upload("file", "plain text".getBytes());

    assertEquals(400, response.status());
    assertEquals("file", response.field("field"));
    assertEquals(400, upload("file", TestPictures.bomb(20_000, 20_000)).status());
    assertEquals(0, database.number("SELECT COUNT(*) FROM avatar"));
  }

  @Test
  void refusesABodyThatIsNoForm() {
    Response json = server.http.post("/api/me/avatar", "{}", bearer(token));
    assertEquals(415, json.status());

    Response broken =
        server.http.send(
            "POST",
            "/api/me/avatar",
            "nonsense",
            bearer(token, "Content-Type", "multipart/form-data; boundary=x"));
    assertEquals(400, broken.status(), broken.toString());
    assertEquals("file", broken.field("field"));

    Response empty =
        server.http.send(
            "POST",
            "/api/me/avatar",
            "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--x--\r\n",
            bearer(token, "Content-Type", "multipart/form-data; boundary=x"));
    assertEquals(400, empty.status(), empty.toString());
    assertEquals("file", empty.field("field"));
  }

  @Test
  void wantsASession() {
    server.http.logout(token);

    assertEquals(401, upload("file", RED).status());
  }

  @Test
  void sendingThePictureUrlOfAnotherHostBackKeepsThePicture() {
    String url = upload("file", RED).field("avatarUrl");
    String path = URI.create(url).getPath();

    Response response = put("https://another-name.example.com/login" + path);

    assertEquals(200, response.status(), response.toString());
    assertEquals(url, response.field("avatarUrl"));
    assertEquals(200, get(url).status());
  }

  @Test
  void aPictureElsewhereMayHaveAnAddressLikeOurs() {
    upload("file", RED);
    String elsewhere = "https://elsewhere.example.com/avatars/AAAAAAAAAAAAAAAAAAAAAA";

    assertEquals(elsewhere, put(elsewhere).field("avatarUrl"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/avatars/",
        "/avatars/AAAAAAAAAAAAAAAAAAAAAA",
        "/avatars/AAAAAAAAAAAAAAAAAAAAAAAA",
        "/avatars/../api/me",
        "/avatars/AAAAAAAAAAAAAAAAAAAAA%2F",
      })
  void anyOtherAddressIsNotThere(String path) {
    Response response = server.http.get(path);

    assertTrue(
        response.status() == 404 || response.status() == 401 || response.status() == 400, path);
    assertNotEquals("image/jpeg", response.header("Content-Type"));
  }

  @Test
  void nothingIsThereWhereAvatarsAreOff() throws Exception {
    String path = URI.create(upload("file", RED).field("avatarUrl")).getPath();
    restart("AVATARS", "off");
    token = server.login("alice").token();

    assertEquals(404, upload("file", RED).status());
    assertEquals(404, server.http.get(path).status());
  }

  private Response meThroughProxy(String host) {
    return server.http.get(
        "/api/me", bearer(token, "X-Forwarded-Proto", "https", "X-Forwarded-Host", host));
  }

  private Response upload(String name, byte[] file) {
    return server.http.upload("/api/me/avatar", name, file, bearer(token));
  }

  private Response put(String avatarUrl) {
    return server.http.send(
        "PUT",
        "/api/me",
        json("avatarUrl", avatarUrl).toString(),
        bearer(token, "Content-Type", "application/json"));
  }

  private Response get(String url) {
    return server.http.get(URI.create(url).getPath());
  }
}
