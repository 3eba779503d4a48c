package io.thirdsession.wechat;

import static io.thirdsession.testing.Eventually.eventually;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
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
import io.thirdsession.simulator.RecordedCall;
import io.thirdsession.simulator.SimulatorOptions;
import io.thirdsession.simulator.SimulatorOptions.ForeignCodes;
import io.thirdsession.simulator.WeChatSimulator;
import io.thirdsession.testing.AppServer;
import io.thirdsession.testing.Scrape;
import io.thirdsession.wechat.WeChatException.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
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
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeChatClientTest {
  private static final WeChatApp APP =
      new WeChatApp(AppServer.APP, Secret.of("canary app+secret&of=wx0123"));

  private Metrics metrics = new Metrics();
  private final Timer timer = new Timer("test-timer");
  private WeChatSimulator weChat;
  private WeChatClient client;

  @BeforeEach
  void start() {
    weChat =
        WeChatSimulator.start(
            SimulatorOptions.defaults()
                .withPort(0)
                .withApps(Map.of(APP.appId(), APP.secret().text()))
                .withForeignCodes(ForeignCodes.REFUSE));
    client = client(weChat.baseUri(), Optional.empty());
  }

  @AfterEach
  void stop() {
    weChat.close();
    timer.close();
  }

  @Test
  void exchangesACode() throws Exception {
    CodeSession session = exchange(weChat.loginCode()).get(5, SECONDS);

    String openId = weChat.defaultOpenId(APP.appId());
    assertEquals(openId, session.openId());
    assertEquals(
        SessionKey.parse(weChat.sessionKey(APP.appId(), openId)).orElseThrow(),
        session.sessionKey());
  }

  @Test
  void encodesEveryValueInTheUrl() throws Exception {
    failure(exchange("a&appid=evil&secret=x#%00\" +\r\n微"));

    RecordedCall call = weChat.calls().get(0);
    assertEquals("a&appid=evil&secret=x#%00\" +\r\n微", call.query().get("js_code"));
    assertEquals(APP.appId(), call.query().get("appid"));
    assertEquals(APP.secret().text(), call.query().get("secret"));
    assertEquals(4, call.query().size());
    assertFalse(call.rawQuery().contains("+"), "a blank is %20 and a plus %2B");
  }

  @Test
  void callsARelayBelowItsPath() {
    client = client(URI.create(weChat.baseUri() + "/wx/api"), Optional.empty());

    failure(exchange("code")); // the simulator has no such path

    assertEquals("/wx/api/sns/jscode2session", weChat.calls().get(0).path());
  }

  @Test
  void givesUpAnAnswerThatNeverComes() {
    weChat.faults(Fault.of(FaultMode.HANG));

    assertEquals(Kind.TIMEOUT, failure(exchange(weChat.loginCode())).kind());
    assertEquals(1, weChat.calls().size());
  }

  @Test
  void givesUpABodyThatDrips() {
    weChat.faults(Fault.of(FaultMode.DRIP));

    assertEquals(Kind.TIMEOUT, failure(exchange(weChat.loginCode())).kind());
  }

  @Test
  void givesUpSoonerWhenTheDeadlineIsNear() {
    weChat.faults(Fault.of(FaultMode.HANG));
    Deadline far = Deadline.in(Duration.ofSeconds(2));

    CompletableFuture<CodeSession> exchange =
        client.codeToSession(APP, weChat.loginCode(), Deadline.in(Duration.ofMillis(100)));

    assertEquals(Kind.TIMEOUT, failure(exchange).kind());
    assertFalse(far.passed());
  }

  @ParameterizedTest
  @EnumSource(names = {"RESET", "TRUNCATE"})
  void sendsOnceWhenTheConnectionBreaksAfterSending(FaultMode mode) {
    weChat.faults(Fault.of(mode));

    assertEquals(Kind.TIMEOUT, failure(exchange(weChat.loginCode())).kind());
    assertEquals(1, weChat.calls().size(), "the code may be spent");
  }

  @ParameterizedTest
  @EnumSource(names = {"STATUS", "GARBAGE", "REDIRECT", "HUGE"})
  void refusesAnswersThatAreNotTheDocumentedOne(FaultMode mode) {
    weChat.faults(Fault.of(mode));

    assertEquals(Kind.MALFORMED, failure(exchange(weChat.loginCode())).kind());
    assertEquals(1, weChat.calls().size(), "a redirect is not followed");
  }

  @Test
  void asksOnceMoreWhenWeChatIsBusyAndSucceeds() throws Exception {
    weChat.faults(Fault.of(FaultMode.BUSY).times(1));

    exchange(weChat.loginCode()).get(5, SECONDS);

    assertEquals(2, weChat.calls().size());
  }

  @Test
  void asksNoThirdTimeWhenWeChatStaysBusy() {
    weChat.faults(Fault.of(FaultMode.BUSY));

    assertEquals(Kind.BUSY, failure(exchange(weChat.loginCode())).kind());
    assertEquals(2, weChat.calls().size());
  }

  @Test
  void doesNotAskAgainWhenTheDeadlineLeavesNoRoom() {
    weChat.faults(Fault.of(FaultMode.BUSY));

    CompletableFuture<CodeSession> exchange =
        client.codeToSession(APP, weChat.loginCode(), Deadline.in(Duration.ofSeconds(1)));

    assertEquals(Kind.BUSY, failure(exchange).kind());
    assertEquals(1, weChat.calls().size());
  }

  @ParameterizedTest
  @ValueSource(ints = {40029, 40163, 40226, 45011, 45009, 40013, 40125, 99999})
  void asksOnceWhenWeChatRefuses(int errcode) {
    weChat.faults(Fault.errcode(errcode));

    assertEquals(errcode, failure(exchange(weChat.loginCode())).errcode().orElseThrow());
    assertEquals(1, weChat.calls().size());
  }

  @Test
  void saysThatNothingWasSentWhenNobodyListens() throws IOException {
    WeChatClient nobody = client(unusedPort(), Optional.empty());

    assertEquals(
        Kind.UNREACHABLE, failure(nobody.codeToSession(APP, "code", fiveSeconds())).kind());
  }

  /** As if a firewall dropped every packet: Linux ignores whoever finds the queue full. */
  @Test
  void asksTheOtherHostWhenTheFirstAnswersNoPacket() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket one = new Socket(silent.getInetAddress(), silent.getLocalPort());
        Socket two = new Socket(silent.getInetAddress(), silent.getLocalPort())) {
      assertTrue(one.isConnected() && two.isConnected(), "the queue is full");
      URI nobody = URI.create("http://127.0.0.1:" + silent.getLocalPort());

      assertEquals(
          Kind.UNREACHABLE,
          failure(client(nobody, Optional.empty()).codeToSession(APP, "code", fiveSeconds()))
              .kind());
      CodeSession session =
          client(nobody, Optional.of(weChat.baseUri()))
              .codeToSession(APP, weChat.loginCode(), fiveSeconds())
              .get(5, SECONDS);
      assertEquals(weChat.defaultOpenId(APP.appId()), session.openId());
    }
  }

  @Test
  void saysThatNothingWasSentWhenTheNameIsUnknown() {
    WeChatClient nowhere = client(URI.create("https://nowhere.invalid"), Optional.empty());

    assertEquals(
        Kind.UNREACHABLE, failure(nowhere.codeToSession(APP, "code", fiveSeconds())).kind());
  }

  @Test
  void saysThatNothingWasSentWhenTlsFails() {
    URI plain = URI.create(weChat.baseUri().toString().replace("http:", "https:"));

    WeChatException e =
        failure(client(plain, Optional.empty()).codeToSession(APP, "code", fiveSeconds()));

    assertTrue(e.kind() == Kind.UNREACHABLE || e.kind() == Kind.TIMEOUT, e.getMessage());
    assertEquals(0, weChat.calls().stream().filter(c -> c.path().contains("sns")).count());
  }

  @Test
  void asksTheOtherHostWhenNothingWasSentToTheFirst() throws Exception {
    WeChatClient withFallback = client(unusedPort(), Optional.of(weChat.baseUri()));

    CodeSession session =
        withFallback.codeToSession(APP, weChat.loginCode(), fiveSeconds()).get(5, SECONDS);

    assertEquals(weChat.defaultOpenId(APP.appId()), session.openId());
  }

  @Test
  void doesNotAskTheOtherHostOnceTheFirstWasSentSomething() {
    WeChatSimulator other = WeChatSimulator.startOnFreePort();
    try (other) {
      weChat.faults(Fault.of(FaultMode.RESET));
      WeChatClient withFallback = client(weChat.baseUri(), Optional.of(other.baseUri()));

      failure(withFallback.codeToSession(APP, weChat.loginCode(), fiveSeconds()));

      assertEquals(0, other.calls().size());
    }
  }

  @Test
  void stopsAskingWhileMostCallsFailAndBeginsAgain() throws Exception {
    weChat.faults(Fault.of(FaultMode.STATUS));
    for (int i = 0; i < 20; i++) {
      failure(exchange("code" + i));
    }
    weChat.clearCalls();

    assertEquals(Kind.OVERLOADED, failure(exchange("code")).kind());
    assertEquals(0, weChat.calls().size());
    assertEquals(2, loginBreaker());

    weChat.faults(Fault.of(FaultMode.OK));
    eventually(() -> assertDoesNotThrow(() -> exchange(weChat.loginCode()).get(5, SECONDS)));
    assertEquals(0, loginBreaker());
  }

  @Test
  void nobodyIsRefusedOnceWeChatIsWellAgain() throws Exception {
    failUntilItStopsAsking();
    weChat.faults(Fault.of(FaultMode.OK).delayed(Duration.ofMillis(300)));
    awaitNextTrial();

    List<CompletableFuture<CodeSession>> logins = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      logins.add(exchange(weChat.loginCode(APP.appId(), "o" + i)));
    }

    for (CompletableFuture<CodeSession> login : logins) {
      assertDoesNotThrow(() -> login.get(5, SECONDS));
    }
    assertEquals(50, weChat.calls().size());
  }

  @Test
  void allAreRefusedAfterOneTrialWhileWeChatIsStillAway() throws Exception {
    failUntilItStopsAsking();
    weChat.faults(Fault.of(FaultMode.STATUS).delayed(Duration.ofMillis(300)));
    awaitNextTrial();

    List<CompletableFuture<CodeSession>> logins = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      logins.add(exchange("code" + i));
    }

    for (CompletableFuture<CodeSession> login : logins.subList(1, 50)) {
      assertEquals(Kind.OVERLOADED, failure(login).kind());
    }
    assertEquals(1, weChat.calls().size());
  }

  @Test
  void nobodyWaitsForATrialBeyondTheirDeadline() throws Exception {
    failUntilItStopsAsking();
    weChat.faults(Fault.of(FaultMode.HANG));
    awaitNextTrial();
    CompletableFuture<CodeSession> trial = exchange("trial");

    CompletableFuture<CodeSession> waiting =
        client.codeToSession(APP, "code", Deadline.in(Duration.ofMillis(1_500)));

    assertEquals(Kind.OVERLOADED, failure(waiting).kind());
    assertFalse(trial.isDone(), "half a second has passed of the three that a trial may take");
  }

  private void failUntilItStopsAsking() {
    weChat.faults(Fault.of(FaultMode.STATUS));
    for (int i = 0; i < 20; i++) {
      failure(exchange("code" + i));
    }
    assertEquals(Kind.OVERLOADED, failure(exchange("code")).kind());
    weChat.clearCalls();
  }

  /** The breaker's own pause, which it measures with the system's clock. */
  private static void awaitNextTrial() throws InterruptedException {
    Thread.sleep(2_100);
  }

  @Test
  void goesOnAskingWhileCallersSendBadCodes() {
    for (int i = 0; i < 40; i++) {
      failure(exchange("bad" + i));
    }

    assertEquals(40, weChat.calls().size());
  }

  @Test
  void goesOnAskingWhileWeChatRefusesWithUnknownErrcodes() {
    weChat.faults(Fault.errcode(99999));
    for (int i = 0; i < 40; i++) {
      failure(exchange("code" + i));
    }

    assertEquals(40, weChat.calls().size());
  }

  @Test
  void failsInAnOrderlyWayWhenItIsCalledWhileEverythingCloses() {
    weChat.faults(Fault.of(FaultMode.OK).delayed(Duration.ofMillis(100))); // not done at once
    timer.close();

    for (int i = 0; i < 30; i++) {
      assertEquals(Kind.OVERLOADED, failure(exchange(weChat.loginCode())).kind());
    }
  }

  @Test
  void saysNothingOfSecretCodeOrUrlInAnyFailure() throws IOException {
    for (FaultMode mode : FaultMode.values()) {
      if (mode == FaultMode.OK || mode == FaultMode.RAW) {
        continue;
      }
      Fault fault = mode == FaultMode.ERRCODE ? Fault.errcode(40125) : Fault.of(mode);
      weChat.faults(fault);
      assertSaysNothing(exchange("canary-code-" + mode));
    }
    assertSaysNothing(
        client(unusedPort(), Optional.empty()).codeToSession(APP, "canary-code", fiveSeconds()));
  }

  private static void assertSaysNothing(CompletableFuture<CodeSession> exchange) {
    Throwable thrown = assertThrows(ExecutionException.class, () -> exchange.get(8, SECONDS));
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      assertFalse(t.toString().contains("canary"), "secret or code");
      assertFalse(t.toString().contains("jscode2session"), "URL");
    }
  }

  private CompletableFuture<CodeSession> exchange(String code) {
    return client.codeToSession(APP, code, fiveSeconds());
  }

  private double loginBreaker() {
    return Scrape.of(metrics.text()).value("thirdsession_breaker_state{breaker=\"wechat-login\"}");
  }

  private WeChatClient client(URI url, Optional<URI> fallback) {
    HttpClient http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1))
            .build();
    metrics = new Metrics();
    return new WeChatClient(
        http,
        new WeChatSettings(url, fallback, Optional.empty()),
        timer,
        RandomGenerator.getDefault(),
        Clock.systemUTC(),
        metrics);
  }

  private static Deadline fiveSeconds() {
    return Deadline.in(Duration.ofSeconds(5));
  }

  private static URI unusedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }
  }

  private static WeChatException failure(CompletableFuture<?> future) {
    ExecutionException e = assertThrows(ExecutionException.class, () -> future.get(8, SECONDS));
    return assertInstanceOf(WeChatException.class, e.getCause());
  }
}
