package io.thirdsession.miniprogram;

import static io.thirdsession.testing.AppServer.APP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.thirdsession.simulator.Fault;
import io.thirdsession.testing.AppServer;
import io.thirdsession.testing.AppTestBase;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients as the old tutorials have them written: they call, send and read what those do, in the
 * same order, and know nothing of this server but its addresses.
 */
class SeedClientsTest extends AppTestBase {
  private static final String ALICE = AppServer.openId("alice");
  private static final String USER_INFO =
      "{nickName: '老王 +%😀', avatarUrl: 'https://wx.qlogo.cn/a/0', gender: 1,"
          + " province: '广东', city: '广州', country: '中国', language: 'zh_CN'}";

  private Phone phone;

  @BeforeEach
  void startPhone() throws Exception {
    phone = Phone.start(server.http.base(), server.weChat.baseUri(), APP, ALICE);
    phone.run("host.userInfo = " + USER_INFO);
  }

  @AfterEach
  void stopPhone() {
    phone.close();
    assertEquals(List.of(), phone.uncaught());
  }

  @Test
  void theLaunchGetsTheOpenid() {
    assertTold("success", ALICE, client("launch", "start"));

    assertEquals(ALICE, stored("openid").getAsString());
    assertEquals(1, stored("logs").getAsJsonArray().size());
    assertEquals(List.of("老王 +%😀"), database.column("SELECT nick_name FROM user"), "the row");
  }

  @Test
  void eachLaunchReplacesTheSessionOfTheLaunchBefore() {
    for (int i = 0; i < 3; i++) {
      assertTold("success", ALICE, client("launch", "start"));
    }

    assertEquals(1, database.number("SELECT COUNT(*) FROM session"));
  }

  @Test
  void theLaunchIsToldWeChatsNumberWhenItIsRefused() {
    server.weChat.faults(Fault.errcode(40029));

    assertTold("refused", 40029, client("launch", "start"));
  }

  @Test
  void thePhoneButtonGetsTheNumber() {
    phone.run("ask('/onLogin.html', {data: {code: 'x'}})"); // (a refused call is no obstacle)
    assertTold("success", ALICE, client("launch", "start"));
    server.weChat.rotateKeyAtNextLogin(APP, ALICE);

    assertTold("success", "13580006666", tapped("tap()"));

    assertEquals("13580006666", stored("phoneObj").getAsString());
    assertEquals("../test/test", phone.run("shown[0].url").getAsString());
  }

  @Test
  void thePhoneButtonIsRefusedPlainlyWhenTheUserRefuses() {
    assertTold("success", ALICE, client("launch", "start"));

    assertTold(
        "refused",
        "invalid_request",
        tapped("Promise.resolve({detail: {errMsg: 'getPhoneNumber:user deny'}})"));
    assertEquals("../index/index", phone.run("shown[0].url").getAsString());
    assertEquals(1, server.exchanges(), "of the launch; no code is spent");
  }

  @Test
  void thePhoneButtonIsRefusedWhenTheDataAreSomebodyElses() {
    assertTold("success", ALICE, client("launch", "start"));
    String bob = AppServer.openId("bob");
    server.weChat.loginCode(APP, bob);

    assertTold("refused", "decrypt_failed", tapped("tap({openid: '" + bob + "'})"));
  }

  @Test
  void theStoredSessionIsFetchedAndTheUserInfoStored() {
    assertTold("success", null, client("stored-session", "start"));

    assertEquals(
        200, server.http.check(stored("third_Session").getAsString()).status(), "the token");
    assertEquals(List.of("广州"), database.column("SELECT city FROM user"));
    assertTold("still logged in", null, client("stored-session", "start"));
  }

  @Test
  void theStoredSessionIsToldWeChatsNumberWhenItIsRefused() {
    server.weChat.block(APP, ALICE, true);

    assertTold("login refused", 40226, client("stored-session", "start"));
  }

  @Test
  void theUserInfoIsRefusedWhenTheSessionHasEnded() {
    client("stored-session", "start");
    server.http.logout(stored("third_Session").getAsString());

    assertTold(
        "storing refused",
        "session_invalid",
        run("load(clients + 'stored-session.js').store(wx, host.server, tell, host.userInfo)"));
  }

  @Test
  void thePageOfTheUserShowsOneHalfOrTheOther() {
    assertTold("not logged in", null, client("stored-session", "page"));

    client("stored-session", "start");
    assertEquals(
        "[\"success\",[\"https://wx.qlogo.cn/a/0\",\"老王 +%😀\",\"\"]]",
        client("stored-session", "page").toString());

    server.http.logout(stored("third_Session").getAsString());
    assertTold("not logged in", null, client("stored-session", "page"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"start", "shown"})
  void thePostedLoginGetsUserIdAndUserInfo(String function) {
    client("stored-session", "start"); // the user info was given before, on another page
    phone.run("wx.clearStorageSync()");
    phone.run("wx = load('src/miniprogram/wx/index.js').createWx(host)"); // a new launch

    JsonArray told = client("posted-login", function);

    assertEquals("success", told.get(0).getAsString());
    JsonObject userInfo = told.get(1).getAsJsonArray().get(1).getAsJsonObject();
    assertEquals("老王 +%😀", userInfo.get("nickName").getAsString());
    assertEquals(stored("userInfo"), userInfo);
    assertEquals(
        server.http.check(stored("session_key").getAsString()).field("userId"),
        stored("userId").getAsString());
    assertEquals(ALICE, stored("openid").getAsString());
    assertTold("still logged in", null, client("posted-login", "shown"));
  }

  @Test
  void thePostedLoginsUserInfoIsEmptyAtTheFirstLogin() {
    JsonArray told = client("posted-login", "start");

    assertEquals("success", told.get(0).getAsString());
    assertTrue(told.get(1).getAsJsonArray().get(1).isJsonNull());
  }

  @Test
  void thePostedLoginIsToldWhenItIsRefused() {
    server.weChat.faults(Fault.errcode(40163).times(1));
    assertTold("login refused", 40163, client("posted-login", "start"));

    client("posted-login", "shown");
    server.http.logout(stored("session_key").getAsString());
    assertTold("user refused", "session_invalid", client("posted-login", "whoAmI"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"handingOverData", "handingOverAll"})
  void theRequestLibraryLogsInWithBothOfItsVersions(String version) {
    JsonArray told = throughLibrary(version);

    assertEquals("success", told.get(0).getAsString());
    JsonArray given = told.get(1).getAsJsonArray();
    assertEquals(
        server.http.check(given.get(0).getAsString()).field("userId"), given.get(1).getAsString());
    assertEquals(
        List.of("老王 +%😀"),
        database.column("SELECT nick_name FROM user"),
        "encoded twice, and opened all the same");
  }

  @ParameterizedTest
  @ValueSource(strings = {"handingOverData", "handingOverAll"})
  void theRequestLibraryIsToldWhenItIsRefused(String version) {
    server.weChat.faults(Fault.errcode(45011));

    assertTold("refused", 45011, throughLibrary(version));
  }

  private JsonArray throughLibrary(String version) {
    return run(
        "load(clients + 'request-library.js').start(wx, host.server, tell,"
            + " load(clients + 'request-library.js')."
            + version
            + ")");
  }

  private JsonArray tapped(String tap) {
    return run(
        tap
            + ".then(function (event) {"
            + " load(clients + 'phone-button.js').tapped(wx, host.server, tell, event) })");
  }

  private JsonArray client(String file, String function) {
    return run("load(clients + '" + file + ".js')." + function + "(wx, host.server, tell)");
  }

  /** Returns what the client told first. */
  private JsonArray run(String call) {
    return phone
        .run(
            "new Promise(function (resolve) {"
                + " var clients = 'src/test/resources/miniprogram/seed/';"
                + " function tell(what, value) { resolve([what, value]) }"
                + call
                + "})")
        .getAsJsonArray();
  }

  private JsonElement stored(String key) {
    return phone.run("wx.getStorageSync('" + key + "')");
  }

  private static void assertTold(String what, Object value, JsonArray told) {
    assertEquals(what, told.get(0).getAsString(), "what the client has come to");
    JsonElement given = told.get(1);
    assertEquals(
        value == null ? "" : value.toString(), given.isJsonNull() ? "" : given.getAsString());
  }
}
