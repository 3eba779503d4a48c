package io.thirdsession.wechat;

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
import io.thirdsession.simulator.SimulatorOptions;
import io.thirdsession.simulator.WeChatSimulator;
import io.thirdsession.testing.FakeClock;
import io.thirdsession.wechat.WeChatException.Kind;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallsWithTokenTest {
  private static final WeChatApp APP =
      new WeChatApp("wx0123456789abcdef", Secret.of("canary-app-secret-wx0123"));
  private static final int REFUSED = 40001;

  private final Timer timer = new Timer("test-timer");
  private final FakeClock clock = new FakeClock(Instant.parse("2026-11-22T08:00:00Z"));

  /** What WeChat makes of one call after the other: 0 is success. */
  private final Deque<Integer> outcomes = new ArrayDeque<>();

  private final List<AccessToken> borne = new ArrayList<>();
  private WeChatSimulator weChat;
  private CallsWithToken calls;

  @BeforeEach
  void start() {
    weChat =
        WeChatSimulator.start(
            SimulatorOptions.defaults()
                .withPort(0)
                .withClock(clock)
                .withApps(Map.of(APP.appId(), APP.secret().text())));
    calls =
        new CallsWithToken(
            new WeChatClient(
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build(),
                    new WeChatSettings(weChat.baseUri(), Optional.empty(), Optional.empty()),
                    timer,
                    RandomGenerator.getDefault(),
                    clock,
                    new Metrics())
                .accessTokens());
  }

  @AfterEach
  void stop() {
    weChat.close();
    timer.close();
  }

  @Test
  void makesTheCallOnceIfItSucceeds() throws Exception {
    outcomes.add(0);

    assertEquals("done", call().get(5, SECONDS));

    assertEquals(1, borne.size());
  }

  @ParameterizedTest
  @ValueSource(ints = {40001, 40014, 42001})
  void makesItOnceMoreWithAnotherTokenIfTheFirstIsRefused(int errcode) throws Exception {
    outcomes.addAll(List.of(0, errcode, 0));
    call().get(5, SECONDS);
    weChat.advance(Duration.ofHours(2)); // WeChat has another token to give then

    assertEquals("done", call().get(5, SECONDS));

    assertEquals(borne.get(0), borne.get(1));
    assertNotEquals(borne.get(1).value(), borne.get(2).value());
  }

  @Test
  void doesNotRepeatACallThatFailedOtherwise() {
    outcomes.addAll(List.of(40029, 0));

    WeChatException e = failure(call());

    assertEquals(OptionalInt.of(40029), e.errcode());
    assertFalse(e.wasNotAsked(), "the call was made");
    assertEquals(1, borne.size());
  }

  @Test
  void aSecondRefusalIsTheOperatorsToMend() throws Exception {
    outcomes.addAll(List.of(0, REFUSED, REFUSED));
    call().get(5, SECONDS);
    weChat.advance(Duration.ofHours(2));

    WeChatException e = failure(call());

    assertEquals(Kind.CONFIGURATION, e.kind());
    assertTrue(e.wasNotAsked(), "a code in the call is still good");
    assertEquals(3, borne.size());
  }

  @Test
  void aCallForWhichThereIsNoTokenWasNotMade() {
    weChat.faults(Fault.errcode(45011));

    WeChatException e = failure(call());

    assertEquals(Kind.RATE_LIMITED, e.kind());
    assertTrue(e.wasNotAsked());
    assertEquals(List.of(), borne);
  }

  private CompletableFuture<String> call() {
    return calls.make(
        APP,
        Deadline.in(Duration.ofSeconds(5)),
        token -> {
          borne.add(token);
          int errcode = outcomes.remove();
          return errcode == 0
              ? CompletableFuture.completedFuture("done")
              : CompletableFuture.failedFuture(failure(errcode, token));
        });
  }

  private static WeChatException failure(int errcode, AccessToken token) {
    byte[] body = ("{\"errcode\":" + errcode + "}").getBytes(StandardCharsets.UTF_8);
    WeChatResponse response = WeChatResponse.read(body, APP.appId(), token.value());
    return assertThrows(WeChatException.class, response::success);
  }

  private static WeChatException failure(CompletableFuture<?> future) {
    ExecutionException e = assertThrows(ExecutionException.class, () -> future.get(8, SECONDS));
    return assertInstanceOf(WeChatException.class, e.getCause());
  }
}
