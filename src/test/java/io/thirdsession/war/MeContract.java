package io.thirdsession.war;

import static io.thirdsession.testing.ApiAssertions.assertApiHeaders;
import static io.thirdsession.testing.ApiAssertions.assertError;
import static io.thirdsession.testing.AppServer.APP;
import static io.thirdsession.testing.TestHttp.bearer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.thirdsession.simulator.PhoneEvent;
import io.thirdsession.simulator.ProfileEvent;
import io.thirdsession.testing.TestHttp.Response;
import io.thirdsession.testing.TestPictures;
import java.net.URI;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a user has: profile, phone and picture. */
abstract class MeContract extends HttpContract {
  MeContract(DeployedWar war) {
    super(war);
  }

  @Test
  void showsAndChangesTheProfile() {
    String token = http.login(weChat.loginCode(APP, "ome")).token();

    Response put = me("PUT", token, "{\"nickName\":\"老王😀\",\"gender\":1}");
    Response post = me("POST", token, "{\"title\":\"懒\"}");
    Response get = me("GET", token, null);

    assertEquals(200, put.status(), put.toString());
    assertEquals("老王😀", put.field("nickName"));
    assertApiHeaders(get);
    assertEquals(post.json(), get.json());
    assertEquals(
        http.login(weChat.loginCode(APP, "ome")).json().getAsJsonObject("user").keySet(),
        get.json().keySet());
    Response refused = me("PUT", token, "{\"title\":\"x\",\"openid\":\"o1\"}");
    assertError(refused, 400, "invalid_request", false, false);
    assertEquals("openid", refused.field("field"));
    assertEquals("懒", me("GET", token, null).field("title"));
    assertError(me("PUT", "x", "{}"), 401, "session_invalid", true, false);
  }

  @Test
  void takesAProfileThatWeChatHasSignedAndNoOther() {
    String token = http.login(weChat.loginCode(APP, "osigned")).token();
    ProfileEvent event = weChat.profile(APP, "osigned", userInfo());

    assertError(
        signed(token, event.rawData() + " ", event.signature()),
        409,
        "signature_invalid",
        true,
        false);
    assertEquals("老王😀", signed(token, event.rawData(), event.signature()).field("nickName"));
  }

  @Test
  void bindsAPhone() {
    String token = http.login(weChat.loginCode()).token();
    PhoneEvent tap = weChat.phone(APP, weChat.defaultOpenId(APP));

    Response response =
        http.post("/api/me/phone", "{\"code\":\"" + tap.code() + "\"}", bearer(token));

    assertEquals(200, response.status(), response.toString());
    assertApiHeaders(response);
    assertEquals(Set.of("phoneNumber", "purePhoneNumber", "countryCode"), response.json().keySet());
  }

  @Test
  void takesAPictureAndServesIt() {
    String[] bearer = bearer(http.login(weChat.loginCode()).token());
    byte[] png = TestPictures.of("png", 500, 400);

    Response upload = http.upload("/api/me/avatar", "file", Arrays.copyOf(png, 1_048_576), bearer);

    assertEquals(200, upload.status(), upload.toString());
    assertApiHeaders(upload);
    Response picture = http.get(URI.create(upload.field("avatarUrl")).getPath());
    assertEquals(200, picture.status());
    assertEquals("image/jpeg", picture.header("Content-Type"));
    assertEquals("private, max-age=86400, immutable", picture.header("Cache-Control"));
    assertEquals("nosniff", picture.header("X-Content-Type-Options"));
  }

  @Test
  void refusesAnUploadThatIsTooLongOrNoneAtAll() {
    String[] bearer = bearer(http.login(weChat.loginCode()).token());

    for (int length : new int[] {1_048_577, 1_200_000, 3_000_000}) {
      Response response = http.upload("/api/me/avatar", "file", new byte[length], bearer);
      assertError(response, 413, "payload_too_large", false, false);
    }
    Response nonsense =
        http.send(
            "POST",
            "/api/me/avatar",
            "nonsense",
            bearer[0],
            bearer[1],
            "Content-Type",
            "multipart/form-data; boundary=x");
    assertError(nonsense, 400, "invalid_request", false, false);
  }

  @Test
  void whoUploadsWithoutASessionIsToldSoThoughTheBodyIsLong() {
    for (int i = 0; i < 3; i++) {
      Response response = http.upload("/api/me/avatar", "file", new byte[1_048_576]);
      assertError(response, 401, "session_invalid", true, false);
    }
  }

  @Test
  void whoAsksTooOftenIsToldHowLongToWait() {
    String[] bearer = bearer(http.login(weChat.loginCode(APP, "olimited")).token());
    String nonsense = "{\"encryptedData\":\"AAAA\",\"iv\":\"x\"}";
    for (int i = 0; i < DeployedWar.DECRYPTIONS; i++) {
      assertNotEquals(429, http.post("/api/me/decrypt", nonsense, bearer).status());
    }

    Response limited = http.post("/api/me/decrypt", nonsense, bearer);

    assertError(limited, 429, "rate_limited", false, true);
    int wait = Integer.parseInt(limited.header("Retry-After"));
    assertTrue(wait > 60 && wait <= 3600 / DeployedWar.DECRYPTIONS, "a part of an hour: " + wait);
    assertEquals(wait, limited.json().get("retryAfter").getAsInt());
  }

  private Response me(String method, String token, String json) {
    return http.send(method, "/api/me", json, bearer(token, "Content-Type", "application/json"));
  }

  private Response signed(String token, String rawData, String signature) {
    JsonObject body = new JsonObject();
    body.addProperty("rawData", rawData);
    body.addProperty("signature", signature);
    return http.post("/api/me/profile", body.toString(), bearer(token));
  }
}
