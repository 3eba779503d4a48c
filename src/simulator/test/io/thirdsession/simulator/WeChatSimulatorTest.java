package io.thirdsession.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class WeChatSimulatorTest extends SimulatorTestBase {

  @Test
  void recordsACallWhole() throws Exception {
    String code = simulator.loginCode(APP, ALICE);
    exchange(code);

    RecordedCall call = simulator.calls().get(0);

    assertEquals(START, call.time());
    assertEquals("GET", call.method());
    assertEquals("/sns/jscode2session", call.path());
    assertTrue(call.rawQuery().startsWith("appid=" + APP + "&secret=" + SECRET));
    assertEquals(code, call.query().get("js_code"));
    assertEquals("", call.body());
    assertEquals(200, call.status());
    assertTrue(call.response().contains(ALICE));
  }

  @Test
  void saysWhatItsClockShows() throws Exception {
    simulator.advance(Duration.ofHours(1));

    HttpResponse<String> answer = get(loginPath(APP, SECRET, "c"));

    assertEquals(
        "Thu, 01 Jan 2026 01:00:00 GMT", answer.headers().firstValue("Date").orElseThrow());
  }

  @Test
  void keepsTheLastThousandCalls() throws Exception {
    CallLog log = new CallLog();
    exchange("c");
    RecordedCall call = simulator.calls().get(0);
    for (int i = 0; i < 1_001; i++) {
      log.add(call);
    }

    assertEquals(1_000, log.all().size());
  }

  @Test
  void forgetsCallsWhenTold() throws Exception {
    exchange("c");

    simulator.clearCalls();

    assertTrue(simulator.calls().isEmpty());
  }

  @Test
  void logsFiftyUsersInAtOnce() {
    List<CompletableFuture<HttpResponse<String>>> logins = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      String code = simulator.loginCode(APP, WeChatSimulator.openIdOf(APP, "user" + i));
      logins.add(
          http.sendAsync(
              request(loginPath(APP, SECRET, code)).build(), HttpResponse.BodyHandlers.ofString()));
    }

    long openIds =
        logins.stream().map(login -> json(login.join()).get("openid")).distinct().count();

    assertEquals(50, openIds);
  }

  @Test
  void freesItsPortOnClose() {
    int port = simulator.port();

    simulator.close();

    try (WeChatSimulator next = WeChatSimulator.start(options().withPort(port))) {
      assertEquals(port, next.port());
    }
  }

  @Test
  void saysWhichPortIsTaken() {
    int port = simulator.port();

    IllegalStateException e =
        assertThrows(
            IllegalStateException.class,
            () -> WeChatSimulator.start(options().withPort(port)).close());

    assertEquals("the WeChat simulator cannot listen on port " + port, e.getMessage());
  }

  @Test
  void refusesAKeyOfAUserWhoNeverLoggedIn() {
    assertThrows(IllegalStateException.class, () -> simulator.sessionKey(APP, ALICE));
  }

  @Test
  void keepsSecretsOutOfTexts() throws Exception {
    logInAlice();

    String texts = options() + " " + simulator.calls();

    assertFalse(texts.contains(SECRET), texts);
  }
}
