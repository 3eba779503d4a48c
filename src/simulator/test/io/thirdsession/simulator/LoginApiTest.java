package io.thirdsession.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoginApiTest extends SimulatorTestBase {

  @Test
  void answersACodeWithOpenIdAndSessionKeyAndWithoutErrcode() throws Exception {
    JsonObject answer = exchange(simulator.loginCode(APP, ALICE));

    assertEquals(Set.of("session_key", "openid"), answer.keySet());
    assertEquals(ALICE, answer.get("openid").getAsString());
    assertEquals(simulator.sessionKey(APP, ALICE), answer.get("session_key").getAsString());
  }

  @Test
  void givesASessionKeyOf24CharactersThatEndsInTwoEqualsSigns() throws Exception {
    assertTrue(logInAlice().matches("[A-Za-z0-9+/]{22}=="));
  }

  @Test
  void labelsItsJsonAsPlainText() throws Exception {
    HttpResponse<String> response = get(loginPath(APP, SECRET, simulator.loginCode(APP, ALICE)));

    assertEquals("text/plain", response.headers().firstValue("content-type").orElseThrow());
  }

  @Test
  void givesTheUnionIdOfAUserWhoHasOne() throws Exception {
    simulator.loginCode(APP, ALICE, "o6_bmjrPTlm6_2sgVt7hMZOPfL2M");

    JsonObject answer = exchange(simulator.loginCode(APP, ALICE));

    assertEquals("o6_bmjrPTlm6_2sgVt7hMZOPfL2M", answer.get("unionid").getAsString());
  }

  @Test
  void makesCodesOf32LettersAndDigits() {
    assertTrue(simulator.loginCode(APP, ALICE).matches("[A-Za-z0-9]{32}"));
  }

  @ParameterizedTest
  @CsvSource({
    "41002, secret=s&js_code=c&grant_type=authorization_code",
    "41002, appid=&secret=s&js_code=c&grant_type=authorization_code",
    "41004, appid=" + APP + "&js_code=c&grant_type=authorization_code",
    "41008, appid=" + APP + "&secret=s&grant_type=authorization_code",
    "40002, appid=" + APP + "&secret=s&js_code=c",
    "40002, appid=" + APP + "&secret=s&js_code=c&grant_type=client_credential",
    "40013, appid=wx00&secret=s&js_code=c&grant_type=authorization_code",
    "40125, appid=" + APP + "&secret=s&js_code=c&grant_type=authorization_code",
  })
  void refusesMissingAndWrongParameters(int errcode, String query) throws Exception {
    assertErrcode(errcode, getJson("/sns/jscode2session?" + query));
  }

  @Test
  void refusesAPostAsIfTheAppIdWereMissing() throws Exception {
    String query = loginPath(APP, SECRET, simulator.loginCode(APP, ALICE)).split("\\?")[1];

    assertErrcode(41002, postJson("/sns/jscode2session", query));
  }

  @Test
  void refusesAnUnknownCode() throws Exception {
    assertErrcode(40029, exchange("0a1b2c3d4e5f6g7h8i9j0a1b2c3d4e5f"));
  }

  @Test
  void refusesACodeOfAnotherApp() throws Exception {
    String code = simulator.loginCode(OTHER_APP, ALICE);

    assertErrcode(40029, exchange(code));
  }

  @Test
  void refusesAPhoneCode() throws Exception {
    logInAlice();

    assertErrcode(40029, exchange(simulator.phone(APP, ALICE).code()));
  }

  @Test
  void refusesACodeThatWasUsed() throws Exception {
    String code = simulator.loginCode(APP, ALICE);
    exchange(code);

    assertErrcode(40163, exchange(code));
  }

  @Test
  void acceptsACodeOneMillisecondBeforeFiveMinutes() throws Exception {
    String code = simulator.loginCode(APP, ALICE);
    simulator.advance(Duration.ofMinutes(5).minusMillis(1));

    assertTrue(exchange(code).has("openid"));
  }

  @Test
  void refusesACodeAtExactlyFiveMinutes() throws Exception {
    String code = simulator.loginCode(APP, ALICE);
    simulator.advance(Duration.ofMinutes(5));

    assertErrcode(40029, exchange(code));
  }

  @Test
  void givesOneSuccessToFiftyParallelUsesOfOneCode() throws Exception {
    String code = simulator.loginCode(APP, ALICE);
    List<CompletableFuture<HttpResponse<String>>> uses = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      uses.add(
          http.sendAsync(
              request(loginPath(APP, SECRET, code)).build(), HttpResponse.BodyHandlers.ofString()));
    }

    List<String> answers = uses.stream().map(use -> use.join().body()).toList();

    assertEquals(1, answers.stream().filter(body -> body.contains("openid")).count());
    assertEquals(49, answers.stream().filter(body -> body.contains("40163")).count());
  }

  @Test
  void givesOneSuccessToEachCodeWhenThreadsCollide() throws Exception {
    List<SimulatorRequest> logins =
        IntStream.range(0, 1_000).mapToObj(i -> loginRequest("oUser" + i)).toList();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    CyclicBarrier barrier = new CyclicBarrier(4);
    AtomicInteger successes = new AtomicInteger();
    for (int thread = 0; thread < 4; thread++) {
      threads.submit(
          () -> {
            for (SimulatorRequest login : logins) {
              barrier.await();
              successes.addAndGet(simulator.handle(login).bodyText().contains("openid") ? 1 : 0);
            }
            return null;
          });
    }

    threads.shutdown();
    assertTrue(threads.awaitTermination(20, TimeUnit.SECONDS));

    assertEquals(1_000, successes.get());
  }

  @Test
  void refusesABlockedUserUntilTheBlockEnds() throws Exception {
    simulator.block(APP, ALICE, true);
    String code = simulator.loginCode(APP, ALICE);
    assertErrcode(40226, exchange(code));

    simulator.block(APP, ALICE, false);

    assertTrue(exchange(code).has("openid"));
  }

  @Test
  void refusesTheHundredAndFirstLoginOfOneUserInAMinute() throws Exception {
    for (int i = 0; i < 100; i++) {
      assertTrue(exchange(simulator.loginCode(APP, ALICE)).has("openid"));
    }

    assertErrcode(45011, exchange(simulator.loginCode(APP, ALICE)));
    assertTrue(exchange(simulator.loginCode(APP, BOB)).has("openid"));
    simulator.advance(Duration.ofMinutes(1));
    assertTrue(exchange(simulator.loginCode(APP, ALICE)).has("openid"));
  }

  @Test
  void keepsTheKeyOnAQuickSecondLogin() throws Exception {
    String first = logInAlice();
    simulator.advance(Duration.ofSeconds(59));

    assertEquals(first, logInAlice());
  }

  @Test
  void replacesTheKeyOnceItIsSixtySecondsOld() throws Exception {
    String first = logInAlice();
    simulator.advance(Duration.ofSeconds(60));

    assertNotEquals(first, logInAlice());
  }

  @Test
  void replacesTheKeyAtTheNextLoginWhenTold() throws Exception {
    String first = logInAlice();
    simulator.rotateKeyAtNextLogin(APP, ALICE);
    String second = logInAlice();

    assertNotEquals(first, second);
    assertEquals(second, logInAlice());
  }

  @Test
  void endsEveryErrmsgInARequestId() throws Exception {
    String errmsg = exchange("unknown").get("errmsg").getAsString();

    assertTrue(errmsg.matches("invalid code, rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}"), errmsg);
  }

  @Test
  void decodesPercentEncodedParameters() throws Exception {
    exchange("a+b/c=d&e'f");

    assertEquals("a+b/c=d&e'f", simulator.calls().get(0).query().get("js_code"));
  }

  @Test
  void answersUnknownPathsWith404AndAnErrcode() throws Exception {
    HttpResponse<String> response = get("/sns/nothing");

    assertEquals(404, response.statusCode());
    assertErrcode(40066, json(response));
  }

  private SimulatorRequest loginRequest(String openId) {
    String query = loginPath(APP, SECRET, simulator.loginCode(APP, openId)).split("\\?")[1];
    return new SimulatorRequest("GET", "/sns/jscode2session", query, Map.of(), new byte[0]);
  }
}
