package io.thirdsession.backend;

import static io.thirdsession.testing.Eventually.eventually;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cn.binarywang.wx.miniapp.api.WxMaService;
import cn.binarywang.wx.miniapp.api.impl.WxMaServiceImpl;
import cn.binarywang.wx.miniapp.config.impl.WxMaDefaultConfigImpl;
import com.google.gson.JsonObject;
import io.thirdsession.simulator.Fault;
import io.thirdsession.simulator.FaultMode;
import io.thirdsession.simulator.RecordedCall;
import io.thirdsession.testing.AppServer;
import io.thirdsession.testing.AppTestBase;
import io.thirdsession.testing.TestClients;
import io.thirdsession.testing.TestHttp;
import io.thirdsession.testing.TestHttp.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import me.chanjar.weixin.common.error.WxErrorException;
import me.chanjar.weixin.common.error.WxRuntimeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Other services fetch the access_token here, with WxJava and with nothing but HTTP. */
class StableTokenTest extends AppTestBase {
  private static final String PATH = "/cgi-bin/stable_token";
  private static final String NO_SCOPE = "canary-client-secret-that-only-introspects";
  private static final String ONE_APP = "canary-client-secret-of-the-other-app";
  private static final int SERVICES = 10;

  StableTokenTest() {
    super(
        "SERVICE_CLIENTS",
        String.join(
            ",",
            TestClients.setting(),
            TestClients.entry("asks", NO_SCOPE, "introspect"),
            TestClients.entry("other", ONE_APP, "token:" + AppServer.OTHER_APP)));
  }

  @Test
  void wxJavaFetchesTheTokenHereAndUsesItAtWeChat() throws Exception {
    server.login("alice");
    String code = server.weChat.phone(AppServer.APP, AppServer.openId("alice")).code();

    String phone =
        wxJava(TestClients.SECRET).getUserService().getPhoneNumber(code).getPhoneNumber();

    assertEquals("13580006666", phone);
    RecordedCall fetch = onlyFetch();
    assertTrue(fetch.body().contains("canary-app-secret-0123456789"), "our AppSecret is sent");
    assertFalse(fetch.body().contains(TestClients.SECRET), "and not the client's secret");
  }

  @Test
  void wxJavaSeesWhatIsWrongWithItsSecretAsFromWeChat() {
    WxMaService wxJava = wxJava("canary-client-secret-of-nobody");

    Exception e = assertThrows(Exception.class, () -> wxJava.getAccessToken(false));

    assertEquals(40125, errcode(e));
  }

  @Test
  void aStormOfComplaintsFromTenServicesCausesOneRefresh() throws Exception {
    server.login("alice");
    List<WxMaService> services = new ArrayList<>();
    for (int i = 0; i < SERVICES; i++) {
      services.add(wxJava(TestClients.SECRET));
      services.get(i).getAccessToken(false);
    }
    assertEquals(1, fetches().size());
    String dead = services.get(0).getAccessToken(false);
    server.clock.advance(Duration.ofMinutes(10));
    refreshBehindOurBack();
    server.weChat.clearCalls();

    AtomicInteger complaints = new AtomicInteger();
    Set<String> tokens =
        atOnce(
            services,
            service -> {
              String code = server.weChat.phone(AppServer.APP, AppServer.openId("alice")).code();
              try {
                service.getUserService().getPhoneNumber(code); // asks once more by itself
              } catch (WxErrorException refused) {
                assertEquals(40001, refused.getError().getErrorCode());
                complaints.incrementAndGet();
                service.getAccessToken(true);
                service.getUserService().getPhoneNumber(code);
              }
              return service.getAccessToken(false);
            });

    assertTrue(complaints.get() > 0, "somebody was the first to complain");
    assertEquals(1, tokens.size());
    assertFalse(tokens.contains(dead));
    assertEquals(1, fetches().size());
  }

  @Test
  void answersInWeChatsForm() {
    Response response = ask(AppServer.APP, TestClients.SECRET);

    assertEquals(200, response.status(), response.toString());
    assertEquals(Set.of("access_token", "expires_in"), response.json().keySet());
    assertEquals(7200, response.json().get("expires_in").getAsInt());
    assertEquals("no-store", response.header("Cache-Control"));
  }

  @Test
  void saysHowMuchIsLeftOfATokenThatItHolds() {
    String first = ask(AppServer.APP, TestClients.SECRET).field("access_token");
    server.clock.advance(Duration.ofMinutes(30));

    Response later = ask(AppServer.APP, TestClients.SECRET);

    assertEquals(first, later.field("access_token"));
    assertEquals(5400, later.json().get("expires_in").getAsInt());
    assertEquals(1, fetches().size());
  }

  @Test
  void givesEachAppItsOwnToken() {
    assertNotEquals(
        ask(AppServer.APP, TestClients.SECRET).field("access_token"),
        ask(AppServer.OTHER_APP, TestClients.SECRET).field("access_token"));
  }

  @Test
  void aComplaintAboutAnOldTokenFetchesWithoutForcing() {
    String first = ask(AppServer.APP, TestClients.SECRET).field("access_token");
    refreshBehindOurBack();
    server.clock.advance(Duration.ofSeconds(60));
    server.weChat.clearCalls();

    String second = complain().field("access_token");

    assertNotEquals(first, second);
    assertFalse(onlyFetch().body().contains("force_refresh"), onlyFetch().toString());
  }

  @Test
  void aComplaintKeepsTheTokenWhileWeChatGivesNoOther() throws Exception {
    String first = ask(AppServer.APP, TestClients.SECRET).field("access_token");
    server.clock.advance(Duration.ofSeconds(7_000)); // the next is fetched early, beside it
    server.weChat.faults(Fault.errcode(45009).on(PATH));
    int reads = server.clock.readsBy("AccessTokens");
    assertEquals(first, ask(AppServer.APP, TestClients.SECRET).field("access_token"));
    // once when the next was asked for, and once when its refusal was taken in
    eventually(() -> assertEquals(reads + 2, server.clock.readsBy("AccessTokens")));
    assertEquals(2, fetches().size());

    assertEquals(first, complain().field("access_token"));
    assertEquals(first, ask(AppServer.APP, TestClients.SECRET).field("access_token"));
  }

  @Test
  void hasOneDeadlineHoweverOftenWeChatIsSlow() throws Exception {
    server.weChat.faults(Fault.of(FaultMode.OK).delayed(Duration.ofMillis(2_700)).on(PATH));
    CompletableFuture<Response> response = CompletableFuture.supplyAsync(this::complain);
    eventually(() -> assertEquals(1, fetches().size()));
    server.clock.advance(Duration.ofSeconds(60)); // the token is old when it comes

    assertRefused(-1, response.get(10, TimeUnit.SECONDS));
    assertEquals(2, fetches().size(), "it was slow twice");
  }

  @Test
  void aComplaintAboutAYoungTokenGetsItAsItIs() {
    String first = ask(AppServer.APP, TestClients.SECRET).field("access_token");
    server.clock.advance(Duration.ofMillis(59_999));

    assertEquals(first, complain().field("access_token"));
    assertEquals(1, fetches().size());
  }

  @Test
  void aComplaintWithoutGroundGetsTheSameTokenFromWeChat() {
    String first = ask(AppServer.APP, TestClients.SECRET).field("access_token");
    server.clock.advance(Duration.ofMinutes(10));

    assertEquals(first, complain().field("access_token"));
    assertEquals(2, fetches().size());
  }

  @Test
  void refusesAnAppThatIsNotConfigured() {
    assertRefused(40013, ask("wx00000000000000ff", TestClients.SECRET));
    assertEquals(List.of(), fetches());
  }

  @Test
  void refusesAnAppThatIsNotTheClients() {
    assertRefused(40013, ask(AppServer.APP, ONE_APP));
    assertEquals(200, ask(AppServer.OTHER_APP, ONE_APP).status());
    assertTrue(ask(AppServer.OTHER_APP, ONE_APP).json().has("access_token"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {NO_SCOPE, "canary-client-secret-of-nobody", "", "canary-app-secret-0123456789"})
  void refusesEverySecretButAClientsWithTheScope(String secret) {
    assertRefused(40125, ask(AppServer.APP, secret));
    assertEquals(List.of(), fetches());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          40002 | {"grant_type":"authorization_code","appid":"%s","secret":"%s"}
          40002 | {"appid":"%s","secret":"%s"}
          47001 | {"grant_type":"client_credential","appid":"%s","secret":"%s"
          47001 | {"grant_type":"client_credential","appid":"%s","secret":"%s","force_refresh":"yes"}
          47001 | []
          """)
  void refusesWhatWeChatRefuses(int errcode, String body) {
    assertRefused(
        errcode, server.http.post(PATH, body.formatted(AppServer.APP, TestClients.SECRET)));
    assertEquals(List.of(), fetches());
  }

  @Test
  void aSecretInTheAddressIsOfNoUse() {
    String query =
        "?grant_type=client_credential&appid=" + AppServer.APP + "&secret=" + TestClients.SECRET;

    assertRefused(43002, server.http.get(PATH + query));
    assertRefused(47001, server.http.send("POST", PATH + query, ""));
    assertEquals(404, server.http.get("/cgi-bin/token" + query).status());
    assertEquals(List.of(), fetches());
  }

  @Test
  void saysThatItIsBusyWhenWeChatGivesNoToken() {
    server.weChat.faults(Fault.errcode(40125));
    assertRefused(-1, ask(AppServer.APP, TestClients.SECRET)); // not the client's secret is wrong

    server.weChat.faults(Fault.of(FaultMode.RESET));
    assertRefused(-1, ask(AppServer.APP, TestClients.SECRET));
  }

  /** Configured as the documentation says: one address, and our secret. */
  private WxMaService wxJava(String secret) {
    WxMaDefaultConfigImpl config = new WxMaDefaultConfigImpl();
    config.setAppid(AppServer.APP);
    config.setSecret(secret);
    config.useStableAccessToken(true);
    config.setAccessTokenUrl(server.http.base() + PATH);
    config.setApiHostUrl(server.weChat.baseUri().toString()); // stands for api.weixin.qq.com
    WxMaService wxJava = new WxMaServiceImpl();
    wxJava.setWxMaConfig(config);
    return wxJava;
  }

  private Response ask(String appId, String secret) {
    return server.http.post(PATH, question(appId, secret).toString());
  }

  private Response complain() {
    JsonObject question = question(AppServer.APP, TestClients.SECRET);
    question.addProperty("force_refresh", true);
    return server.http.post(PATH, question.toString());
  }

  private static JsonObject question(String appId, String secret) {
    return json("grant_type", "client_credential", "appid", appId, "secret", secret);
  }

  /** Some other program that has the AppSecret kills the token that everybody else holds. */
  private void refreshBehindOurBack() {
    JsonObject question = question(AppServer.APP, "canary-app-secret-0123456789");
    question.addProperty("force_refresh", true);
    TestHttp.ofAnother(server.weChat.baseUri()).post(PATH, question.toString());
  }

  private List<RecordedCall> fetches() {
    return server.weChat.calls().stream().filter(call -> call.path().equals(PATH)).toList();
  }

  private RecordedCall onlyFetch() {
    assertEquals(1, fetches().size());
    return fetches().get(0);
  }

  private static void assertRefused(int errcode, Response response) {
    assertEquals(200, response.status(), response.toString());
    assertEquals(Set.of("errcode", "errmsg"), response.json().keySet());
    assertEquals(errcode, response.json().get("errcode").getAsInt());
  }

  private static int errcode(Exception e) {
    if (e instanceof WxRuntimeException && e.getCause() instanceof WxErrorException cause) {
      return cause.getError().getErrorCode();
    }
    return e instanceof WxErrorException error ? error.getError().getErrorCode() : 0;
  }

  /** Lets each service do this, all beginning together; returns what came out. */
  private static Set<String> atOnce(List<WxMaService> services, ServiceCall call) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(services.size());
    CyclicBarrier start = new CyclicBarrier(services.size());
    try {
      List<Callable<String>> calls = new ArrayList<>();
      for (WxMaService service : services) {
        calls.add(
            () -> {
              start.await(10, SECONDS);
              return call.of(service);
            });
      }
      Set<String> results = new HashSet<>();
      for (Future<String> result : threads.invokeAll(calls, 60, SECONDS)) {
        results.add(result.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }

  @FunctionalInterface
  private interface ServiceCall {
    String of(WxMaService service) throws Exception;
  }
}
