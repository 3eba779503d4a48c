package io.thirdsession.wechat;

import static io.thirdsession.testing.Eventually.eventually;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.Deadline;
import io.thirdsession.Secret;
import io.thirdsession.Timer;
import io.thirdsession.metrics.Metrics;
import io.thirdsession.simulator.Fault;
import io.thirdsession.simulator.FaultMode;
import io.thirdsession.simulator.RecordedCall;
import io.thirdsession.simulator.SimulatorOptions;
import io.thirdsession.simulator.SimulatorOptions.ForeignCodes;
import io.thirdsession.simulator.WeChatSimulator;
import io.thirdsession.testing.AppServer;
import io.thirdsession.testing.FakeClock;
import io.thirdsession.wechat.WeChatException.Kind;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTokensTest {
  private static final WeChatApp APP =
      new WeChatApp(AppServer.APP, Secret.of("canary-app-secret-wx0123"));
  private static final String STABLE = "/cgi-bin/stable_token";
  private static final String CHECK = "/wxa/checksession";

  private final Timer timer = new Timer("test-timer");
  private final FakeClock clock = new FakeClock(Instant.parse("2026-11-22T08:00:00Z"));
  private WeChatSimulator weChat;
  private WeChatClient client;
  private AccessTokens tokens;

  @BeforeEach
  void start() {
    weChat =
        WeChatSimulator.start(
            SimulatorOptions.defaults()
                .withPort(0)
                .withClock(clock)
                .withApps(Map.of(APP.appId(), APP.secret().text()))
                .withForeignCodes(ForeignCodes.REFUSE));
    client =
        new WeChatClient(
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build(),
            new WeChatSettings(weChat.baseUri(), Optional.empty(), Optional.empty()),
            timer,
            RandomGenerator.getDefault(),
            clock,
            new Metrics());
    tokens = client.accessTokens();
  }

  @AfterEach
  void stop() {
    weChat.close();
    timer.close();
  }

  @Test
  void asksForAStableTokenInNormalModeOnce() throws Exception {
    AccessToken first = token();
    AccessToken second = token();

    assertEquals(first, second);
    assertEquals(clock.instant().plusSeconds(7_200), first.expiresAt());
    RecordedCall call = onlyCall(STABLE);
    assertEquals("POST", call.method());
    assertEquals("", call.rawQuery());
    assertEquals("application/json", call.headers().get("content-type"));
    assertEquals(
        "{\"grant_type\":\"client_credential\",\"appid\":\""
            + AppServer.APP
            + "\","
            + "\"secret\":\"canary-app-secret-wx0123\"}",
        call.body());
  }

  @Test
  void manyWhoAskAtOnceShareOneFetch() throws Exception {
    weChat.faults(Fault.of(FaultMode.OK).delayed(Duration.ofMillis(200)));
    List<CompletableFuture<AccessToken>> asking = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      asking.add(tokens.get(APP, fiveSeconds()));
    }
    Set<AccessToken> different = new HashSet<>();
    for (CompletableFuture<AccessToken> future : asking) {
      different.add(future.get(5, SECONDS));
    }

    assertEquals(1, different.size());
    assertEquals(1, calls(STABLE).size());
  }

  @Test
  void anAnswerThatComesAtOnceIsTaken() throws Exception {
    for (int i = 0; i < 200; i++) {
      token();
      clock.advance(Duration.ofSeconds(7_200));
    }

    assertEquals(200, calls(STABLE).size());
  }

  @Test
  void theOldTokenIsGivenWhileTheNextIsFetchedEarly() throws Exception {
    AccessToken first = token();
    clock.advance(Duration.ofSeconds(7_200 - 300).minusMillis(1));
    assertEquals(first, token());
    assertEquals(1, calls(STABLE).size());

    clock.advance(Duration.ofMillis(2));

    assertEquals(first, token());
    awaitCalls(STABLE, 2);
    assertNotEquals(first.value(), awaitOther(first).value());
  }

  @Test
  void aFailedRefreshIsTriedAgainAfterHalfAMinute() throws Exception {
    AccessToken first = token();
    clock.advance(Duration.ofSeconds(7_200 - 200));
    weChat.faults(Fault.errcode(40125));
    int reads = clock.readsBy("AccessTokens");
    assertEquals(first, token());
    // once when the next was asked for, and once when its refusal was taken in
    eventually(() -> assertEquals(reads + 2, clock.readsBy("AccessTokens")));
    for (int i = 0; i < 20; i++) {
      assertEquals(first, token());
    }
    assertEquals(2, calls(STABLE).size());

    weChat.faults(Fault.of(FaultMode.OK));
    clock.advance(Duration.ofSeconds(30).minusMillis(1));
    assertEquals(first, token());
    assertEquals(2, calls(STABLE).size());
    clock.advance(Duration.ofMillis(1));

    assertNotEquals(first.value(), awaitOther(first).value());
  }

  @Test
  void anExpiredOneIsWaitedFor() throws Exception {
    AccessToken first = token();
    clock.advance(Duration.ofSeconds(7_200));

    assertNotEquals(first.value(), token().value());
  }

  @ParameterizedTest
  @ValueSource(ints = {40001, 40014, 42001})
  void aRefusedTokenIsFetchedAnewAndTheCallMadeOnceMore(int errcode) throws Exception {
    AccessToken stale = token();
    weChat.faults(Fault.errcode(errcode).on(CHECK).times(1));
    weChat.advance(Duration.ofSeconds(7_200)); // WeChat has another one to give then

    assertTrue(check().get(5, SECONDS));

    assertEquals(2, calls(CHECK).size());
    assertEquals(stale.value().text(), calls(CHECK).get(0).query().get("access_token"));
    assertNotEquals(stale.value().text(), calls(CHECK).get(1).query().get("access_token"));
  }

  @Test
  void theSameTokenAgainIsNotSentAgain() throws Exception {
    token();
    weChat.faults(Fault.errcode(40001).on(CHECK));

    WeChatException e = failure(check());

    assertEquals(Kind.CONFIGURATION, e.kind());
    assertTrue(e.wasNotAsked(), "the code is still good");
    assertTrue(e.cure().orElse("").contains("access_token"), e.cure().toString());
    assertEquals(1, calls(CHECK).size());
    assertEquals(2, calls(STABLE).size());
  }

  @Test
  void aStormOfRefusalsCausesOneRefetchInHalfAMinute() throws Exception {
    token();
    weChat.faults(Fault.errcode(40001).on(CHECK));
    List<CompletableFuture<Boolean>> storm = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      storm.add(check());
    }
    storm.forEach(call -> assertEquals(Kind.CONFIGURATION, failure(call).kind()));
    assertEquals(2, calls(STABLE).size());

    clock.advance(Duration.ofSeconds(31));
    failure(check());

    assertEquals(3, calls(STABLE).size());
  }

  @Test
  void aTokenThatWasReplacedMeanwhileIsNoReasonToDropTheNewOne() throws Exception {
    AccessToken first = token();
    clock.advance(Duration.ofSeconds(7_200));
    AccessToken second = token();

    assertTrue(tokens.reject(APP, first));

    assertEquals(second, token());
    assertEquals(2, calls(STABLE).size());
  }

  @Test
  void theQuotaOfAMinuteIsHonoured() throws Exception {
    weChat.faults(Fault.errcode(45011));
    assertEquals(Kind.RATE_LIMITED, failure(tokens.get(APP, fiveSeconds())).kind());
    weChat.faults(Fault.of(FaultMode.OK));

    assertEquals(Kind.RATE_LIMITED, failure(tokens.get(APP, fiveSeconds())).kind());
    assertEquals(1, calls(STABLE).size());

    clock.advance(Duration.ofMinutes(1));
    token();
  }

  @Test
  void theQuotaOfADayIsHonoured() throws Exception {
    weChat.faults(Fault.errcode(45009));
    assertEquals(Kind.QUOTA_EXHAUSTED, failure(tokens.get(APP, fiveSeconds())).kind());
    weChat.faults(Fault.of(FaultMode.OK));
    clock.advance(Duration.ofMinutes(9));
    assertEquals(Kind.QUOTA_EXHAUSTED, failure(tokens.get(APP, fiveSeconds())).kind());

    clock.advance(Duration.ofMinutes(1));

    token();
  }

  @ParameterizedTest
  @ValueSource(ints = {40001, 40013, 40125, 40164, 40243, 50004, 50007, 89503, 89506, 89507})
  void whatOnlyTheOperatorCanMendIsConfiguration(int errcode) {
    weChat.faults(Fault.errcode(errcode));

    WeChatException e = failure(check());

    assertEquals(Kind.CONFIGURATION, e.kind());
    assertTrue(e.wasNotAsked());
    assertTrue(e.cure().isPresent());
    assertFalse(e.toString().contains("canary"), "the AppSecret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"access_token\":\"abc\"}",
        "{\"access_token\":\"\",\"expires_in\":7200}",
        "{\"access_token\":\"a b\",\"expires_in\":7200}",
        "{\"access_token\":\"abc\",\"expires_in\":0}",
        "{\"access_token\":\"abc\",\"expires_in\":\"7200\"}",
        "{\"access_token\":7,\"expires_in\":7200}",
      })
  void refusesAnythingElseThanATokenWithItsLifetime(String body) {
    weChat.faults(Fault.raw(body));

    assertEquals(Kind.MALFORMED, failure(tokens.get(APP, fiveSeconds())).kind());
  }

  @Test
  void aTokenIsNotSeenWhenPrinted() throws Exception {
    assertFalse(token().toString().contains(token().value().text()));
  }

  private AccessToken token() throws Exception {
    return tokens.get(APP, fiveSeconds()).get(5, SECONDS);
  }

  private AccessToken awaitOther(AccessToken first) throws Exception {
    eventually(() -> assertNotEquals(first, token()));
    return token();
  }

  private void awaitCalls(String path, int count) {
    eventually(() -> assertEquals(count, calls(path).size()));
  }

  private CompletableFuture<Boolean> check() {
    weChat.loginCode();
    String openId = weChat.defaultOpenId(APP.appId());
    SessionKey key = SessionKey.parse(weChat.sessionKey(APP.appId(), openId)).orElseThrow();
    return client.isSessionKeyCurrent(APP, openId, key, fiveSeconds());
  }

  private List<RecordedCall> calls(String path) {
    return weChat.calls().stream().filter(call -> call.path().equals(path)).toList();
  }

  private RecordedCall onlyCall(String path) {
    assertEquals(1, calls(path).size());
    return calls(path).get(0);
  }

  private static Deadline fiveSeconds() {
    return Deadline.in(Duration.ofSeconds(5));
  }

  private static WeChatException failure(CompletableFuture<?> future) {
    ExecutionException e = assertThrows(ExecutionException.class, () -> future.get(8, SECONDS));
    return assertInstanceOf(WeChatException.class, e.getCause());
  }
}
