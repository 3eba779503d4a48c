package io.thirdsession.miniprogram;

import static io.thirdsession.testing.AppServer.APP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.thirdsession.miniprogram.Phone.Rejected;
import io.thirdsession.simulator.Fault;
import io.thirdsession.testing.AppServer;
import io.thirdsession.testing.AppTestBase;
import io.thirdsession.testing.TestPictures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The mini program's library on a phone, against the whole application. */
class ClientLibraryTest extends AppTestBase {
  private final List<Phone> phones = new ArrayList<>();

  @AfterEach
  void stopPhones() {
    phones.forEach(Phone::close);
    phones.forEach(phone -> assertEquals(List.of(), phone.uncaught()));
  }

  @Test
  void twentyRequestsAtLaunchShareOneLogin() {
    Phone phone = phone("alice");

    assertAllTheSame(phone.run("twentyAtOnce(session)").getAsJsonArray());
    assertEquals(1, phone.run("logins").getAsInt());
    assertEquals(1, server.exchanges());

    server.http.logout(token(phone));
    assertAllTheSame(phone.run("twentyAtOnce(session)").getAsJsonArray());
    assertEquals(2, phone.run("logins").getAsInt());
    assertEquals(2, server.exchanges());
  }

  @Test
  void twentyRequestsWhoseLoginFailsFailWithIt() {
    Phone phone = phone("alice");
    server.weChat.block(APP, AppServer.openId("alice"), true);

    JsonArray codes =
        phone
            .run(
                "Promise.all(Array.from({length: 20}, function () {"
                    + " return session.me().then(null, function (e) { return e.code }) }))")
            .getAsJsonArray();

    codes.forEach(code -> assertEquals("user_blocked", code.getAsString()));
    assertEquals(20, codes.size());
    assertEquals(1, phone.run("logins").getAsInt());
  }

  @Test
  void anExpiredSessionIsReplacedInSilence() {
    Phone phone = phone("alice");
    JsonObject first = phone.run("session.login()").getAsJsonObject();
    server.clock.advance(Duration.ofDays(8));

    JsonObject me = phone.run("session.me()").getAsJsonObject();

    assertEquals(first.getAsJsonObject("user").get("userId"), me.get("userId"));
    assertEquals(2, phone.run("logins").getAsInt());
  }

  @Test
  void aLoginEndsTheSessionBeforeIt() {
    Phone phone = phone("alice");
    assertTrue(phone.run("session.login()").getAsJsonObject().get("newUser").getAsBoolean());
    String first = token(phone);

    assertFalse(phone.run("session.login()").getAsJsonObject().get("newUser").getAsBoolean());
    String second = token(phone);
    phone.run("(session = launch()).login()");

    assertEquals(401, server.http.check(first).status());
    assertEquals(401, server.http.check(second).status(), "also at the next launch");
    assertEquals(1, database.number("SELECT COUNT(*) FROM session"));
  }

  @Test
  void theSessionLivesInTheStorageFromLaunchToLaunch() {
    Phone phone = phone("alice");
    String first = token(phone);

    phone.run("(session = launch()).me()");

    assertEquals(first, token(phone));
    assertEquals(1, phone.run("logins").getAsInt());
  }

  @Test
  void afterLogoutNothingButLoginLogsInAgain() {
    Phone phone = phone("alice");
    String first = token(phone);

    phone.run("session.logout()");

    assertEquals(401, server.http.check(first).status());
    assertEquals("logged_out", refused(phone, "session.me()").code());
    assertEquals(1, phone.run("logins").getAsInt());
    phone.run("session.login()");
    assertTrue(phone.run("session.me()").getAsJsonObject().has("userId"));
  }

  @Test
  void aPhoneIsBoundByItsCode() {
    Phone phone = phone("alice");

    JsonObject bound =
        phone
            .run(
                "session.prepare().then(function () { return tap() }).then(function (event) {"
                    + " delete event.detail.encryptedData; return session.bindPhone(event) })")
            .getAsJsonObject();

    assertEquals("13580006666", bound.get("phoneNumber").getAsString());
    assertFalse(bound.get("loggedInAfterTap").getAsBoolean());
    assertEquals("135****6666", maskedPhone(phone));
    phone.run("session.unbindPhone()");
    assertTrue(phone.run("session.me()").getAsJsonObject().get("maskedPhone").isJsonNull());
  }

  @Test
  void aPhoneIsBoundByItsEncryptedData() {
    Phone phone = phone("alice");

    JsonObject bound =
        phone
            .run(
                "session.prepare().then(function () { return tap() }).then(function (event) {"
                    + " delete event.detail.code; return session.bindPhone(event) })")
            .getAsJsonObject();

    assertEquals("13580006666", bound.get("phoneNumber").getAsString());
    assertEquals("135****6666", maskedPhone(phone));
  }

  @Test
  void dataOfAnotherUserFailAndThePhoneIsReadyForTheNextTap() {
    Phone phone = phone("alice");
    phone.run("session.prepare()");
    server.weChat.loginCode(APP, AppServer.openId("bob"));

    Rejected failure =
        refused(
            phone,
            "tap({openid: '"
                + AppServer.openId("bob")
                + "'}).then(function (event) {"
                + " delete event.detail.code; return session.bindPhone(event) })");

    assertEquals("decrypt_failed", failure.code());
    assertTrue(failure.error().get("tapAgain").getAsBoolean());
    assertFalse(failure.error().get("relogin").getAsBoolean(), "that was done");
    assertEquals(2, phone.run("logins").getAsInt());
  }

  @Test
  void whoRefusesThePhoneSendsNothing() {
    Phone phone = phone("alice");
    phone.run("session.prepare()");

    assertEquals(
        "phone_denied",
        refused(phone, "session.bindPhone({detail: {errMsg: 'getPhoneNumber:fail user deny'}})")
            .code());
  }

  @Test
  void aPictureIsUploadedAndServed() {
    Phone phone = phone("alice");
    phone.file("wxfile://tmp/a.jpg", "a.jpg", "image/jpeg", TestPictures.of("jpg", 64, 48));

    String address =
        phone
            .run("session.uploadAvatar({detail: {avatarUrl: 'wxfile://tmp/a.jpg'}})")
            .getAsJsonObject()
            .get("avatarUrl")
            .getAsString();

    assertEquals(
        address, phone.run("session.me()").getAsJsonObject().get("avatarUrl").getAsString());
    assertEquals(
        "image/jpeg",
        server.http.get(address.replaceAll("^http://[^/]+", "")).header("Content-Type"));
  }

  @Test
  void whatIsNoPictureIsRefusedWithTheField() {
    Phone phone = phone("alice");
    phone.file("wxfile://tmp/a.jpg", "a.jpg", "image/jpeg", new byte[] {1, 2, 3});

    Rejected failure =
        refused(phone, "session.uploadAvatar({detail: {avatarUrl: 'wxfile://tmp/a.jpg'}})");

    assertEquals("invalid_request", failure.code());
    assertEquals("file", failure.error().get("field").getAsString());
  }

  @Test
  void theProfileIsChangedFieldByField() {
    Phone phone = phone("alice");

    phone.run("session.updateProfile({nickName: '老王😀', title: '懒'})");
    JsonObject user = phone.run("session.updateProfile({title: ''})").getAsJsonObject();

    assertEquals("老王😀", user.get("nickName").getAsString());
    assertEquals("", user.get("title").getAsString());
  }

  @Test
  void devicesAreListedAndEnded() {
    Phone phone = phone("alice");
    Phone tablet = phone("alice");
    phone.run("(session = launch({device: true})).login()");
    tablet.run("session.login()");

    JsonArray devices = phone.run("session.sessions()").getAsJsonArray();
    assertEquals(2, devices.size());
    JsonObject mine = current(devices, true);
    assertEquals("Shim", mine.getAsJsonObject("device").get("model").getAsString());

    phone.run("session.endSession(" + current(devices, false).get("sid") + ")");
    assertEquals(JsonNull.INSTANCE, tablet.run("session.checkSession()"));

    tablet.run("session.login()");
    phone.run("session.endOtherSessions()");
    assertEquals(JsonNull.INSTANCE, tablet.run("session.checkSession()"));
    assertEquals(1, phone.run("session.sessions()").getAsJsonArray().size());

    phone.run("session.endAllSessions()");
    assertEquals(0, database.number("SELECT COUNT(*) FROM session"));
    assertEquals("logged_out", refused(phone, "session.me()").code());
  }

  @Test
  void whatWantsAFreshLoginGetsOne() {
    Phone phone = phone("alice");
    String before = phone.run("session.me()").getAsJsonObject().get("userId").getAsString();
    server.clock.advance(Duration.ofMinutes(11));

    phone.run("session.erase()");

    assertEquals(2, phone.run("logins").getAsInt());
    assertEquals(0, database.number("SELECT COUNT(*) FROM user"));
    JsonObject after = phone.run("session.login()").getAsJsonObject();
    assertTrue(after.get("newUser").getAsBoolean());
    assertNotEquals(before, after.getAsJsonObject("user").get("userId").getAsString());
  }

  @Test
  void aFailedLoginSaysWhy() {
    Phone phone = phone("alice");
    server.weChat.faults(Fault.errcode(40029).times(1));

    Rejected failure = refused(phone, "session.login()");

    assertEquals("code_invalid", failure.code());
    assertEquals(400, failure.error().get("status").getAsInt());
    assertTrue(failure.error().get("relogin").getAsBoolean());
    phone.run("session.login()");
  }

  @Test
  void callbacksAnswerAsPromisesDo() {
    Phone phone = phone("alice");

    JsonArray calls =
        phone
            .run(
                "new Promise(function (resolve) { var calls = []; session.request({"
                    + " url: '/api/me',"
                    + " success: function (answer) { calls.push(answer.statusCode) },"
                    + " complete: function () { calls.push('complete'); resolve(calls) } }) })")
            .getAsJsonArray();

    assertEquals("[200,\"complete\"]", calls.toString());
  }

  private Phone phone(String name) {
    Phone phone =
        Phone.start(server.http.base(), server.weChat.baseUri(), APP, AppServer.openId(name));
    phones.add(phone);
    phone.run("session = launch()");
    return phone;
  }

  private static Rejected refused(Phone phone, String expression) {
    return assertThrows(Rejected.class, () -> phone.run(expression));
  }

  private static String token(Phone phone) {
    return phone.run("session.thirdSession()").getAsString();
  }

  private static String maskedPhone(Phone phone) {
    return phone.run("session.me()").getAsJsonObject().get("maskedPhone").getAsString();
  }

  private static JsonObject current(JsonArray devices, boolean current) {
    for (var device : devices) {
      if (device.getAsJsonObject().get("current").getAsBoolean() == current) {
        return device.getAsJsonObject();
      }
    }
    throw new AssertionError("no such device");
  }

  private static void assertAllTheSame(JsonArray sids) {
    assertEquals(20, sids.size());
    sids.forEach(sid -> assertEquals(sids.get(0), sid));
  }
}
