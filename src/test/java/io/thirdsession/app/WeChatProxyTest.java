package io.thirdsession.app;

import static io.thirdsession.testing.AppServer.APP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.testing.AppServer;
import io.thirdsession.testing.ConnectProxy;
import io.thirdsession.testing.LogCapture;
import io.thirdsession.testing.TestDatabase;
import io.thirdsession.testing.TestHttp;
import io.thirdsession.testing.TlsServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** WeChat by TLS, under a name that only the proxy knows. */
class WeChatProxyTest {
  private static final String HOST = "api.weixin.test";
  private static final Duration WHOLE_LOGIN = Duration.ofSeconds(5);

  @TempDir Path folder;

  private SSLContext before;
  private TestDatabase database;
  private TlsServer tls;
  private ConnectProxy proxy;
  private AppServer server;

  @BeforeEach
  void start() throws Exception {
    before = SSLContext.getDefault();
    database = TestDatabase.create();
    tls = TlsServer.start(folder, HOST);
    SSLContext.setDefault(tls.trusted());
    proxy = ConnectProxy.start();
    proxy.leadTo(tls.port());
    server =
        AppServer.start(database, "WX_API_URL", "https://" + HOST, "WX_PROXY", proxy.address());
    tls.leadTo(server.weChat.baseUri().getPort());
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    proxy.close();
    tls.close();
    SSLContext.setDefault(before);
    database.close();
  }

  @Test
  void callsToWeChatGoThroughATunnelThatShowsNothing() {
    String token = server.login("alice").token();
    String code = server.weChat.phone(APP, AppServer.openId("alice")).code();
    TestHttp.Response bound =
        server.http.post("/api/me/phone", "{\"code\":\"" + code + "\"}", TestHttp.bearer(token));

    assertEquals(200, bound.status(), bound.toString());
    assertEquals(Set.of("CONNECT " + HOST + ":443 HTTP/1.1"), new TreeSet<>(proxy.asked()));
    assertTrue(proxy.read().length() > 1_000, "it has seen all of it, encrypted");
    for (String part : Set.of("canary-app-secret", "jscode2session", "access_token", APP)) {
      assertFalse(proxy.read().contains(part), part);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "403 | IOException: Tunnel failed, got: 403",
        "502 | IOException: Tunnel failed, got: 502",
        "407 | the proxy says status=407",
      })
  void aProxyThatRefusesIsNamedAndTheCodeIsStillGood(int status, String reason) {
    String code = server.code("alice");
    proxy.refuse(status);

    assertUnreachable(server, code, reason);

    proxy.refuse(200);
    assertEquals(200, server.http.login(code).status());
  }

  @Test
  void aSilentProxyIsGivenUpWithinTheDeadline() {
    proxy.fallSilent();
    long startedNanos = System.nanoTime();

    assertUnreachable(server, server.code("alice"), "no connection in time");

    assertTrue(System.nanoTime() - startedNanos < WHOLE_LOGIN.toNanos());
  }

  @Test
  void aProxyThatIsAwayIsNamed() throws IOException {
    proxy.close();

    assertUnreachable(server, server.code("alice"), "ConnectException");
  }

  @Test
  void aProxyThatOpensTlsIsRefused() throws Exception {
    SSLContext.setDefault(before); // does not know the certificate
    AppServer distrustful = server.anotherNode();

    assertUnreachable(distrustful, server.code("alice"), "SSLHandshakeException");

    distrustful.stopNode();
  }

  private void assertUnreachable(AppServer node, String code, String reason) {
    try (LogCapture log = LogCapture.of("io.thirdsession.http")) {
      TestHttp.Response refused = node.http.login(code);

      assertEquals(503, refused.status(), refused.toString());
      assertEquals("wechat_unreachable", refused.field("error"));
      String expected =
          "reason=\"WeChat: nothing could be sent through the proxy "
              + proxy.address()
              + ": "
              + reason;
      assertEquals(1, log.linesWith(expected).size(), log.lines().toString());
      assertEquals(0, server.exchanges());
    }
  }
}
