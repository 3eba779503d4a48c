package io.thirdsession.push;

import static io.thirdsession.testing.AppServer.APP;
import static io.thirdsession.testing.AppServer.OTHER_APP;
import static io.thirdsession.testing.Eventually.eventually;
import static io.thirdsession.testing.TestHttp.bearer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.simulator.Push;
import io.thirdsession.simulator.Push.Format;
import io.thirdsession.simulator.Push.Mode;
import io.thirdsession.testing.AppServer;
import io.thirdsession.testing.AppTestBase;
import io.thirdsession.testing.LogCapture;
import io.thirdsession.testing.TestHttp.Response;
import io.thirdsession.testing.TestPictures;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** WeChat tells what its users have done there, and what the law wants done is done. */
class PushTest extends AppTestBase {
  private static final String TOKEN = "CanaryPushToken";
  private static final String KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
  private static final String OTHER_KEY = "GFEDCBA9876543210zyxwvutsrqponmlkjihgfedcba";
  private static final String REVOKE = "user_authorization_revoke";
  private static final String CANCEL = "user_authorization_cancellation";
  private static final String ALICE = AppServer.openId("alice");

  PushTest() {
    super(
        "PUSH_APPS",
        APP + ":" + TOKEN + ":" + KEY + "," + OTHER_APP + ":OtherPushToken",
        "TRUSTED_PROXIES",
        "127.0.0.1",
        "RATE_LIMITS",
        "client=30/1m");
  }

  @Test
  void wechatsConsoleHearsItsOwnWord() {
    Response response = get(server.weChat.pushVerification(target(), "4375120948345356249").uri());

    assertEquals(200, response.status(), response.toString());
    assertEquals("4375120948345356249", response.text());
  }

  @Test
  void aProfileThatWeChatHasChangedIsStaleUntilItIsWrittenAgain() {
    String[] token = bearer(server.login("alice").token());
    server.http.post("/api/me", "{\"nickName\":\"阿丽\"}", token);
    assertFalse(server.http.get("/api/me", token).json().has("profileStaleSince"));

    assertEquals(200, send(push("user_info_modified", "", Mode.SAFE, Format.XML)).status());

    Response me = server.http.get("/api/me", token);
    assertEquals("2026-11-22T08:00:00.000Z", me.field("profileStaleSince"), me.toString());
    assertEquals("阿丽", me.field("nickName"), "it is theirs to change");
    server.login("alice");
    assertTrue(server.http.get("/api/me", token).json().has("profileStaleSince"));
    Response written = server.http.post("/api/me", "{\"nickName\":\"阿丽丽\"}", token);
    assertFalse(written.json().has("profileStaleSince"), written.toString());
  }

  @Test
  void aNewPictureMakesAStaleProfileFresh() {
    String[] token = bearer(server.login("alice").token());
    send(push("user_info_modified", "", Mode.MIXED, Format.JSON));
    assertTrue(server.http.get("/api/me", token).json().has("profileStaleSince"));

    byte[] picture = TestPictures.of("png", 10, 10);
    assertEquals(200, server.http.upload("/api/me/avatar", "file", picture, token).status());

    assertFalse(server.http.get("/api/me", token).json().has("profileStaleSince"));
  }

  @Test
  void whatIsNotEncryptedMakesNoProfileStaleAndIsNoWarning() {
    String[] token = bearer(server.login("alice").token());
    try (LogCapture log = LogCapture.of("io.thirdsession.push")) {
      assertEquals(200, send(push("user_info_modified", "", Mode.PLAIN, Format.XML)).status());

      assertEquals(List.of(), log.linesWith("not obeyed"));
    }
    assertFalse(server.http.get("/api/me", token).json().has("profileStaleSince"));
  }

  @Test
  void theLogSaysInWhichRequestADeletionWasNotEncrypted() {
    try (LogCapture log = LogCapture.of("io.thirdsession.push")) {
      Response response = send(push(CANCEL, "", Mode.PLAIN, Format.XML));

      List<String> lines = log.linesWith("push not obeyed");
      assertEquals(1, lines.size());
      assertTrue(
          lines.get(0).contains(" request=" + response.header("X-Request-Id") + " cure="),
          lines.toString());
    }
  }

  @Test
  void anAddressWithAnotherTokenIsNotWeChats() {
    Push.Target wrong = new Push.Target(url(APP), APP, "another", KEY);

    Response response = get(server.weChat.pushVerification(wrong, "1234").uri());

    assertEquals(403, response.status());
    assertFalse(response.text().contains("1234"));
  }

  @Test
  void anEchoThatCouldBeAPageIsRefused() {
    URI uri = server.weChat.pushVerification(target(), "%3Cscript%3E").uri();

    assertEquals(400, get(uri).status());
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void aPhoneNumberThatIsTakenBackInWeChatIsGone(Format format) throws Exception {
    String token = loginWithPhone();

    Response response = send(push(REVOKE, "8", Mode.SAFE, format));

    assertEquals(200, response.status(), response.toString());
    assertEquals("success", response.text());
    assertEquals(0, database.number("SELECT COUNT(phone_sealed) FROM user"));
    assertEquals(200, server.http.check(token).status(), "nothing else is deleted");
    eventually(
        () ->
            assertEquals(
                List.of("what=phone"),
                database.column("SELECT detail FROM audit WHERE event = 'consent_revoked'")));
  }

  @Test
  void theEncryptedHalfOfAMixedMessageIsObeyed() throws Exception {
    loginWithPhone();

    send(push(REVOKE, "8", Mode.MIXED, Format.XML));

    assertEquals(0, database.number("SELECT COUNT(phone_sealed) FROM user"));
  }

  @ParameterizedTest
  @CsvSource({
    "6, '', ''",
    "19, '', https://e.com/a.png",
    "20, Alice, ''",
    "1, Alice, https://e.com/a.png"
  })
  void ofTheProfileJustWhatIsTakenBackIsCleared(String info, String name, String picture)
      throws Exception {
    String token = server.login("alice").token();
    server.http.send(
        "PUT",
        "/api/me",
        "{\"nickName\":\"Alice\",\"avatarUrl\":\"https://e.com/a.png\",\"city\":\"Wuhan\"}",
        bearer(token, "Content-Type", "application/json"));

    assertEquals(200, send(push(REVOKE, info, Mode.SAFE, Format.XML)).status());

    assertEquals(
        List.of(name + "|" + picture + "|Wuhan"),
        database.column("SELECT CONCAT(nick_name, '|', avatar_url, '|', city) FROM user"));
  }

  @Test
  void whoCancelsIsErased() {
    String token = loginWithPhone();
    server.login("bob");

    assertEquals(200, send(push(CANCEL, "", Mode.SAFE, Format.XML)).status());

    assertEquals(401, server.http.check(token).status());
    assertEquals(1, database.number("SELECT COUNT(*) FROM user"));
    database.assertNoOrphans();
  }

  @Test
  void whoCameAnewSinceIsNotErasedByARepetition() {
    server.login("alice");
    Push cancellation = push(CANCEL, "", Mode.SAFE, Format.XML);
    send(cancellation);
    server.clock.advance(Duration.ofSeconds(31));
    String token = server.login("alice").token();

    assertEquals(200, send(cancellation).status());

    assertEquals(200, server.http.check(token).status());
  }

  @Test
  void aNumberThatWasBoundAgainStaysWhenWeChatRepeatsItself() throws Exception {
    String token = loginWithPhone();
    Push revocation = push(REVOKE, "8", Mode.SAFE, Format.XML);
    send(revocation);
    bindPhone(token);

    assertEquals(200, send(revocation).status());

    assertEquals(1, database.number("SELECT COUNT(phone_sealed) FROM user"));
  }

  @Test
  void anotherNodeTellsARepetitionByItsTime() throws Exception {
    String token = loginWithPhone();
    Push revocation = push(REVOKE, "8", Mode.SAFE, Format.XML);
    server.clock.advance(Duration.ofSeconds(31));
    server.http.send("DELETE", "/api/me/phone", null, bearer(token));
    bindPhone(token); // this node has not seen the revocation

    assertEquals(200, send(revocation).status());

    assertEquals(1, database.number("SELECT COUNT(phone_sealed) FROM user"));
  }

  @ParameterizedTest
  @EnumSource(names = {"PLAIN"})
  void whatIsNotEncryptedDeletesNothing(Mode mode) throws Exception {
    loginWithPhone();
    try (LogCapture log = LogCapture.of(PushService.class.getName())) {
      assertEquals(200, send(push(REVOKE, "8", mode, Format.XML)).status());
      assertEquals(200, send(push(CANCEL, "", mode, Format.JSON)).status());
      assertEquals(2, log.linesWith("is not encrypted").size());
      assertEquals(List.of(), log.linesWith(ALICE));
    }
    assertEquals(1, database.number("SELECT COUNT(phone_sealed) FROM user"));
  }

  @Test
  void anAppWithoutAKeyIsObeyedInNothing() throws Exception {
    String code = server.weChat.loginCode(OTHER_APP, ALICE);
    String token =
        server
            .http
            .post("/api/login", "{\"code\":\"" + code + "\",\"appId\":\"" + OTHER_APP + "\"}")
            .token();
    Push.Target to = new Push.Target(url(OTHER_APP), OTHER_APP, "OtherPushToken", KEY);

    assertEquals(
        200, send(server.weChat.push(to, CANCEL, ALICE, "", Mode.SAFE, Format.XML)).status());

    assertEquals(200, server.http.check(token).status());
  }

  @Test
  void whatWasEncryptedForAnotherAppOrWithAnotherKeyIsRefused() throws Exception {
    loginWithPhone();
    Push.Target forAnother = new Push.Target(url(APP), OTHER_APP, TOKEN, KEY);
    Push.Target withAnother = new Push.Target(url(APP), APP, TOKEN, OTHER_KEY);

    for (Push.Target to : List.of(forAnother, withAnother)) {
      Push push = server.weChat.push(to, REVOKE, ALICE, "8", Mode.SAFE, Format.XML);
      assertEquals(403, send(push).status());
    }
    assertEquals(1, database.number("SELECT COUNT(phone_sealed) FROM user"));
  }

  @Test
  void theEncryptedPartIsSignedForItself() throws Exception {
    loginWithPhone();
    Push one = push("user_info_modified", "", Mode.SAFE, Format.XML);
    Push other = push(REVOKE, "8", Mode.SAFE, Format.XML);

    Response response = send(new Push(one.uri(), one.contentType(), other.body()));

    assertEquals(403, response.status());
    assertEquals(1, database.number("SELECT COUNT(phone_sealed) FROM user"));
  }

  @Test
  void oneUrlFromALogIsGoodForNoOtherBody() {
    Push first = push("user_info_modified", "", Mode.PLAIN, Format.XML);
    Push second = push("user_info_modified", "9", Mode.PLAIN, Format.XML);

    assertEquals(200, send(first).status());
    assertEquals(403, send(new Push(first.uri(), "text/xml", second.body())).status());
    assertEquals(200, send(first).status(), "WeChat may repeat it");
  }

  @ParameterizedTest
  @ValueSource(longs = {-301, 301})
  void anOldTimestampIsRefused(long seconds) {
    Push push = push("user_info_modified", "", Mode.SAFE, Format.XML);
    server.clock.advance(Duration.ofSeconds(seconds));

    assertEquals(403, send(push).status());
  }

  @Test
  void wrongSignaturesAreCounted() {
    Push.Target wrong = new Push.Target(url(APP), APP, "another", KEY);
    Push push = server.weChat.push(wrong, CANCEL, ALICE, "", Mode.SAFE, Format.XML);

    int status = 403;
    int tries = 0;
    while (status == 403 && tries < 300) {
      status = send(push, "X-Forwarded-For", "203.0.113.9").status();
      tries++;
    }
    assertEquals(429, status);
    assertTrue(tries > 30, tries + " tries: 30, and one for every two seconds that they took");
  }

  @Test
  void anUnknownAppIsNotFound() {
    Push.Target unknown =
        new Push.Target(url("wx0000000000000000"), "wx0000000000000000", TOKEN, KEY);

    assertEquals(
        404, send(server.weChat.push(unknown, CANCEL, ALICE, "", Mode.SAFE, Format.XML)).status());
    assertEquals(404, server.http.get("/wx/push/").status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<!DOCTYPE xml [<!ENTITY a \"b\">]><xml><Event>&a;</Event></xml>",
        "<!DOCTYPE xml SYSTEM \"http://127.0.0.1:1/x\"><xml></xml>",
        "<xml><Event>&a;</Event></xml>",
        "<xml><Event>a</Event><Event>b</Event></xml>",
        "<xml><Event>a</xml>",
        "{\"Event\":\"a\",\"Event\":\"b\"}",
        "{",
        "",
      })
  void whatIsNoMessageIsRefused(String body) {
    Push push = push("user_info_modified", "", Mode.PLAIN, Format.XML);

    Response response = send(new Push(push.uri(), "text/xml", body));

    assertEquals(400, response.status(), response.toString());
    assertEquals("body", response.field("field"));
  }

  @Test
  void aLongMessageIsTakenAndATooLongOneIsNot() {
    Push push = push("user_info_modified", "", Mode.PLAIN, Format.XML);
    String long200 = "<xml><Event>" + "a".repeat(200_000) + "</Event></xml>";
    String long300 = "<xml><Event>" + "a".repeat(300_000) + "</Event></xml>";

    assertEquals(200, send(new Push(push.uri(), "text/xml", long200)).status());
    assertEquals(413, send(new Push(push.uri(), "text/xml", long300)).status());
  }

  @Test
  void whatCannotBeDoneNowIsAskedForAgain() {
    loginWithPhone();
    Push revocation = push(REVOKE, "8", Mode.SAFE, Format.XML);
    database.execute("RENAME TABLE identity TO identity_away");
    try {
      assertTrue(send(revocation).status() >= 500);
    } finally {
      database.execute("RENAME TABLE identity_away TO identity");
    }

    assertEquals(200, send(revocation).status());
    assertEquals(0, database.number("SELECT COUNT(phone_sealed) FROM user"));
  }

  private String loginWithPhone() {
    String token = server.login("alice").token();
    bindPhone(token);
    assertEquals(1, database.number("SELECT COUNT(phone_sealed) FROM user"));
    return token;
  }

  private void bindPhone(String token) {
    String code = server.weChat.phone(APP, ALICE).code();
    Response bound =
        server.http.post("/api/me/phone", "{\"code\":\"" + code + "\"}", bearer(token));
    assertEquals(200, bound.status(), bound.toString());
  }

  private URI url(String appId) {
    return server.http.base().resolve("/wx/push/" + appId);
  }

  private Push.Target target() {
    return new Push.Target(url(APP), APP, TOKEN, KEY);
  }

  private Push push(String event, String revoked, Mode mode, Format format) {
    return server.weChat.push(target(), event, ALICE, revoked, mode, format);
  }

  private Response get(URI uri) {
    return server.http.get(uri.getRawPath() + "?" + uri.getRawQuery());
  }

  private Response send(Push push, String... headers) {
    List<String> all = new ArrayList<>(List.of(headers));
    Collections.addAll(all, "Content-Type", push.contentType());
    return server.http.send(
        "POST",
        push.uri().getRawPath() + "?" + push.uri().getRawQuery(),
        push.body(),
        all.toArray(String[]::new));
  }
}
