package io.thirdsession.wechat;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.Deadline;
import io.thirdsession.Secret;
import io.thirdsession.Timer;
import io.thirdsession.metrics.Metrics;
import io.thirdsession.simulator.Fault;
import io.thirdsession.simulator.FaultMode;
import io.thirdsession.simulator.PhoneEvent;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The calls that bear an access_token. */
class WeChatCallsTest {
  private static final WeChatApp APP =
      new WeChatApp(AppServer.APP, Secret.of("canary-app-secret-wx0123"));
  private static final WeChatApp OTHER_APP =
      new WeChatApp(AppServer.OTHER_APP, Secret.of("canary-app-secret-wxfedc"));
  private static final String PHONE = "/wxa/business/getuserphonenumber";
  private static final String ALICE = WeChatSimulator.openIdOf(APP.appId(), "alice");
  private static final String BOB = WeChatSimulator.openIdOf(APP.appId(), "bob");

  private final Timer timer = new Timer("test-timer");
  private final FakeClock clock = new FakeClock(Instant.parse("2026-11-22T08:00:00Z"));
  private WeChatSimulator weChat;
  private WeChatClient client;

  @BeforeEach
  void start() {
    Map<String, String> apps = new LinkedHashMap<>();
    apps.put(APP.appId(), APP.secret().text());
    apps.put(OTHER_APP.appId(), OTHER_APP.secret().text());
    weChat =
        WeChatSimulator.start(
            SimulatorOptions.defaults()
                .withPort(0)
                .withClock(clock)
                .withApps(apps)
                .withForeignCodes(ForeignCodes.REFUSE));
    client =
        new WeChatClient(
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build(),
            new WeChatSettings(weChat.baseUri(), Optional.empty(), Optional.empty()),
            timer,
            RandomGenerator.getDefault(),
            clock,
            new Metrics());
    weChat.loginCode(APP.appId(), ALICE);
  }

  @AfterEach
  void stop() {
    weChat.close();
    timer.close();
  }

  @Test
  void exchangesThePhoneCodeOfThisUser() throws Exception {
    PhoneEvent tap = weChat.phone(APP.appId(), ALICE);

    PhoneNumber number = phone(tap.code(), Optional.of(ALICE)).get(5, SECONDS);

    assertEquals(new PhoneNumber("13580006666", "13580006666", "86"), number);
    RecordedCall call = calls(PHONE).get(0);
    assertEquals("{\"code\":\"" + tap.code() + "\",\"openid\":\"" + ALICE + "\"}", call.body());
    assertEquals("application/json", call.headers().get("content-type"));
  }

  @Test
  void namesNoUserIfNoneIsGiven() throws Exception {
    PhoneEvent tap = weChat.phone(APP.appId(), ALICE);

    phone(tap.code(), Optional.empty()).get(5, SECONDS);

    assertEquals("{\"code\":\"" + tap.code() + "\"}", calls(PHONE).get(0).body());
  }

  @ParameterizedTest
  @CsvSource({"+85212345678, 12345678, 852", "+14155550123, 4155550123, 1"})
  void readsForeignNumbers(String whole, String pure, String country) throws Exception {
    PhoneEvent tap = weChat.phone(APP.appId(), ALICE, whole);

    PhoneNumber number = phone(tap.code(), Optional.of(ALICE)).get(5, SECONDS);

    assertEquals(pure, number.purePhoneNumber());
    assertEquals(country, number.countryCode());
  }

  @Test
  void aCodeOfSomebodyElseIsRefused() {
    weChat.loginCode(APP.appId(), BOB);
    PhoneEvent tap = weChat.phone(APP.appId(), BOB);

    WeChatException e = failure(phone(tap.code(), Optional.of(ALICE)));

    assertEquals(Kind.PHONE_CODE_REFUSED, e.kind());
    assertFalse(e.wasNotAsked());
  }

  @Test
  void aCodeOfAnotherAppIsRefusedAndNoFaultOfOurConfiguration() {
    weChat.loginCode(OTHER_APP.appId(), ALICE);
    PhoneEvent tap = weChat.phone(OTHER_APP.appId(), ALICE);

    WeChatException e = failure(phone(tap.code(), Optional.of(ALICE)));

    assertEquals(Kind.PHONE_CODE_REFUSED, e.kind());
    assertEquals(40013, e.errcode().orElseThrow());
  }

  @Test
  void aCodeIsGoodOnce() throws Exception {
    PhoneEvent tap = weChat.phone(APP.appId(), ALICE);
    phone(tap.code(), Optional.of(ALICE)).get(5, SECONDS);

    assertEquals(Kind.PHONE_CODE_REFUSED, failure(phone(tap.code(), Optional.of(ALICE))).kind());
  }

  @Test
  void aLoginCodeIsNone() {
    String code = weChat.loginCode(APP.appId(), ALICE);

    assertEquals(Kind.PHONE_CODE_REFUSED, failure(phone(code, Optional.of(ALICE))).kind());
  }

  @ParameterizedTest
  @EnumSource(names = {"HANG", "DRIP", "RESET", "TRUNCATE"})
  void sendsACodeOnceThoughTheResponseIsLost(FaultMode mode) {
    weChat.faults(Fault.of(mode).on(PHONE));

    WeChatException e = failure(phone("a".repeat(64), Optional.of(ALICE)));

    assertEquals(Kind.TIMEOUT, e.kind());
    assertFalse(e.wasNotAsked());
    assertEquals(1, calls(PHONE).size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"errcode\":0}",
        "{\"errcode\":0,\"phone_info\":[]}",
        "{\"errcode\":0,\"phone_info\":{\"phoneNumber\":\"13580006666\"}}",
        "{\"phone_info\":{\"phoneNumber\":\"13580006666\",\"purePhoneNumber\":\"13580006666\","
            + "\"countryCode\":\"86\"}}",
        "{\"phone_info\":{\"phoneNumber\":\"13580006666\",\"purePhoneNumber\":\"13580006666\","
            + "\"countryCode\":\"86\",\"watermark\":{\"appid\":\""
            + AppServer.OTHER_APP
            + "\","
            + "\"timestamp\":1795334400}}}",
        "{\"phone_info\":{\"phoneNumber\":\"13580006666\",\"purePhoneNumber\":\"13580006666\","
            + "\"countryCode\":\"86\",\"watermark\":{\"appid\":\""
            + AppServer.APP
            + "\","
            + "\"timestamp\":1795333799}}}",
      })
  void anAnswerThatIsNoPhoneOfThisAppAndTimeIsMalformed(String body) {
    weChat.faults(Fault.raw(body).on(PHONE));

    WeChatException e = failure(phone("a".repeat(64), Optional.of(ALICE)));

    assertEquals(Kind.MALFORMED, e.kind());
    assertFalse(e.toString().contains("1358000"), "the number");
  }

  @Test
  void aCountryCodeMayBeANumberAndAWatermarkTenMinutesOld() throws Exception {
    weChat.faults(
        Fault.raw(
                "{\"phone_info\":{\"phoneNumber\":\"13580006666\","
                    + "\"purePhoneNumber\":\"13580006666\",\"countryCode\":86,"
                    + "\"watermark\":{\"appid\":\""
                    + AppServer.APP
                    + "\","
                    + "\"timestamp\":1795333800}}}")
            .on(PHONE));

    assertEquals("86", phone("a".repeat(64), Optional.of(ALICE)).get(5, SECONDS).countryCode());
  }

  @Test
  void asksWeChatWhetherItHasEncryptedThis() throws Exception {
    PhoneEvent tap = weChat.phone(APP.appId(), ALICE);
    EncryptedData its = EncryptedData.parse(tap.encryptedData(), tap.iv());
    EncryptedData forged = EncryptedData.parse("A".repeat(22) + "==", tap.iv());

    assertTrue(client.isEncryptedByWeChat(APP, its, fiveSeconds()).get(5, SECONDS));
    assertFalse(client.isEncryptedByWeChat(APP, forged, fiveSeconds()).get(5, SECONDS));
    assertFalse(client.isEncryptedByWeChat(OTHER_APP, its, fiveSeconds()).get(5, SECONDS));
  }

  @Test
  void asksWeChatWhetherTheKeyIsStillTheUsers() throws Exception {
    SessionKey current = currentKey();
    assertTrue(client.isSessionKeyCurrent(APP, ALICE, current, fiveSeconds()).get(5, SECONDS));

    weChat.rotateKeyAtNextLogin(APP.appId(), ALICE);
    weChat.loginCode(APP.appId(), ALICE);

    assertFalse(client.isSessionKeyCurrent(APP, ALICE, current, fiveSeconds()).get(5, SECONDS));
    RecordedCall call = calls("/wxa/checksession").get(0);
    assertEquals("GET", call.method());
    assertEquals(SessionSignature.of(current, ""), call.query().get("signature"));
    assertEquals("hmac_sha256", call.query().get("sig_method"));
    assertEquals(ALICE, call.query().get("openid"));
  }

  @Test
  void makesWeChatReplaceTheKey() throws Exception {
    SessionKey before = currentKey();

    SessionKey after =
        client.resetSessionKey(APP, ALICE, before, fiveSeconds()).get(5, SECONDS).orElseThrow();

    assertEquals(currentKey(), after);
    assertFalse(after.equals(before));
    assertEquals(
        Optional.empty(),
        client.resetSessionKey(APP, ALICE, before, fiveSeconds()).get(5, SECONDS));
  }

  @Test
  void failingPhoneCallsDoNotKeepLoginsFromBeingMade() throws Exception {
    weChat.faults(Fault.of(FaultMode.GARBAGE).on(PHONE));
    for (int i = 0; i < 25; i++) {
      failure(phone("a".repeat(64), Optional.of(ALICE)));
    }
    assertEquals(Kind.OVERLOADED, failure(phone("a".repeat(64), Optional.empty())).kind());

    String code = weChat.loginCode(APP.appId(), ALICE);
    assertEquals(ALICE, client.codeToSession(APP, code, fiveSeconds()).get(5, SECONDS).openId());
  }

  private CompletableFuture<PhoneNumber> phone(String code, Optional<String> openId) {
    return client.phoneNumber(APP, code, openId, fiveSeconds());
  }

  private SessionKey currentKey() {
    return SessionKey.parse(weChat.sessionKey(APP.appId(), ALICE)).orElseThrow();
  }

  private List<RecordedCall> calls(String path) {
    return weChat.calls().stream().filter(call -> call.path().equals(path)).toList();
  }

  private static Deadline fiveSeconds() {
    return Deadline.in(Duration.ofSeconds(5));
  }

  private static WeChatException failure(CompletableFuture<?> future) {
    ExecutionException e = assertThrows(ExecutionException.class, () -> future.get(8, SECONDS));
    return assertInstanceOf(WeChatException.class, e.getCause());
  }
}
