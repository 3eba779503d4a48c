package io.thirdsession.app;

import static io.thirdsession.testing.AppServer.APP;
import static io.thirdsession.testing.TestHttp.bearer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.testing.OpenDataUser;
import io.thirdsession.testing.Scrape;
import io.thirdsession.testing.SharedAppTestBase;
import io.thirdsession.testing.TestClients;
import io.thirdsession.testing.TestHttp.Response;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class MetricsTest extends SharedAppTestBase {
  private static final String METRICS_ONLY = "canary-client-secret-of-prometheus";
  private static final String WITHOUT = "canary-client-secret-of-a-shop";
  private static final String LIMITED = "canary-client-secret-of-one-app";

  MetricsTest() {
    super(
        "SERVICE_CLIENTS",
        String.join(
            ",",
            TestClients.setting(),
            TestClients.entry("prometheus", METRICS_ONLY, "metrics"),
            TestClients.entry("shop", WITHOUT, "introspect+users+manage+phone+token"),
            TestClients.entry("limited", LIMITED, "metrics:" + APP)));
  }

  @Test
  void aClientWithTheScopeGetsPrometheusText() {
    Response response = server.http.get("/metrics", TestClients.basic("prometheus", METRICS_ONLY));

    assertEquals(200, response.status());
    assertEquals(
        "text/plain; version=0.0.4;charset=utf-8",
        response.header("Content-Type").replace("charset=UTF-8", "charset=utf-8"));
    assertTrue(response.text().contains("thirdsession_build_info{schema=\"4\",version=\""));
    assertTrue(response.text().contains("\njvm_memory_used_bytes{"));
  }

  @Test
  void nobodyElseGetsIt() {
    assertEquals(401, server.http.get("/metrics").status());
    assertEquals(
        401,
        server.http.get("/metrics", TestClients.basic("prometheus", METRICS_ONLY + "x")).status());
    assertEquals(403, server.http.get("/metrics", TestClients.basic("shop", WITHOUT)).status());
    assertEquals(405, server.http.send("POST", "/metrics", "", TestClients.basic()).status());
  }

  @Test
  void aClientThatIsLimitedToAppsGetsNothing() {
    Response response = server.http.get("/metrics", TestClients.basic("limited", LIMITED));

    assertEquals(403, response.status());
    assertEquals("forbidden", response.field("error"));
  }

  @Test
  void aRequestIsMeasuredByItsRoute() {
    String token = server.login("measured").token();
    Scrape before = Scrape.of(server);

    server.http.check(token);
    server.http.check("3rd_made-up");
    server.http.send(
        "DELETE", "/api/sessions/01a20377-d06c-726d-9486-34975df567d9", null, bearer(token));

    assertMore(1, before, count("GET", "/api/session", 200, "SUCCESS"));
    assertMore(1, before, count("GET", "/api/session", 401, "CLIENT_ERROR"));
    assertMore(1, before, count("DELETE", "/api/sessions/*", 404, "CLIENT_ERROR"));
  }

  @Test
  void aResponseThatComesLaterIsMeasuredToo() {
    Scrape before = Scrape.of(server);

    server.login("later");

    assertMore(1, before, count("POST", "/api/login", 200, "SUCCESS"));
  }

  @Test
  void loginsAreCountedByTheirEnd() {
    Scrape before = Scrape.of(server);

    server.login("comes");
    server.http.login("not-a-code");
    server.http.get("/getOpenid.html?nick=a&avaurl=&sex=1&code=" + server.code("older"));

    assertMore(1, before, login("login", "success"));
    assertMore(1, before, login("login", "code_invalid"));
    assertMore(1, before, login("getOpenid", "success"));
    assertEquals(0, Scrape.of(server).value("thirdsession_logins_in_flight"));
  }

  @Test
  void aCodeThatIsSentAgainIsOneLogin() {
    Scrape before = Scrape.of(server);
    String code = server.code("impatient");

    server.http.login(code);
    server.http.login(code);

    assertMore(1, before, login("login", "success"));
  }

  @Test
  void whatWeChatRefusesIsCountedByItsErrcode() {
    Scrape before = Scrape.of(server);

    server.http.login("not-a-code");

    assertMore(
        1,
        before,
        "thirdsession_wechat_errcodes_total{app=\"%s\",call=\"jscode2session\",errcode=\"40029\"}"
            .formatted(APP));
    assertMore(
        1,
        before,
        "thirdsession_wechat_call_seconds_count{call=\"jscode2session\",outcome=\"code_refused\"}");
  }

  @Test
  void checksAreCountedByTheCallThatAsks() {
    String token = server.login("checked").token();
    String madeUp = token.substring(0, 70) + "AAAAAAAAA";
    Scrape before = Scrape.of(server);

    server.http.check(token);
    server.http.introspect(token, TestClients.basic());
    server.http.introspect(madeUp, TestClients.basic());
    server.http.get("/api/gateway", bearer(token));
    server.http.get("/api/gateway/shop", bearer(madeUp));

    assertMore(1, before, check("session", "live"));
    assertMore(1, before, check("introspect", "live"));
    assertMore(1, before, check("introspect", "not_live"));
    assertMore(1, before, check("gateway", "live"));
    assertMore(1, before, check("gateway", "not_live"));
  }

  @Test
  void phoneCodesAreCountedByWhatTheyCost() {
    OpenDataUser user = OpenDataUser.logIn(server, "phone");
    String code = server.weChat.phone(APP, user.openId()).code();
    Scrape before = Scrape.of(server);

    assertEquals(200, post(user.token(), "/api/me/phone", json("code", code)).status());
    post(user.token(), "/api/me/phone", json("code", code));

    assertMore(1, before, phone("success"));
    assertMore(1, before, phone("phone_code_invalid"));
    assertTrue(
        Scrape.of(server)
                .value("thirdsession_access_token_expires_seconds{app=\"%s\"}".formatted(APP))
            > 0);
  }

  @Test
  void aNumberThatWasPaidForAndIsNotStoredIsLost() throws SQLException {
    OpenDataUser user = OpenDataUser.logIn(server, "lost");
    String code = server.weChat.phone(APP, user.openId()).code();
    Scrape before = Scrape.of(server);

    try (Connection other = database.connect();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("SELECT id FROM user FOR UPDATE");
      assertEquals(503, post(user.token(), "/api/me/phone", json("code", code)).status());
    }

    assertMore(1, before, phone("lost"));
    assertMore(0, before, phone("success"));
  }

  @Test
  void failuresToDecryptAreCountedAndKeysThatRest() {
    OpenDataUser user = OpenDataUser.logIn(server, "guesses");
    Scrape before = Scrape.of(server);

    for (int i = 0; i < 5; i++) {
      post(
          user.token(),
          "/api/me/decrypt",
          json("encryptedData", "AAAAAAAAAAAAAAAAAAAAAA==", "iv", "AAAAAAAAAAAAAAAAAAAAAA=="));
    }

    assertMore(
        5,
        before,
        "thirdsession_decrypt_failures_total{app=\"%s\",reason=\"wrong_key\"}".formatted(APP));
    assertMore(1, before, "thirdsession_key_quarantines_total");
  }

  @Test
  void sessionsThatEndAreCountedByTheReason() {
    endEverybodys(); // those of other tests
    Scrape before = Scrape.of(server);
    server.http.logout(server.login("ends").token());
    String one = server.login("ends").token();
    server.login("ends", bearer("3rd_none"));
    post(one, "/api/sessions/end", json("which", "others"));
    post(one, "/api/sessions/end", json("which", "all"));
    String disabled = server.login("ends").userId();
    admin("POST", "/api/users/" + disabled + "/disable");
    admin("POST", "/api/users/" + disabled + "/enable");
    server.login("ends");
    admin("POST", "/api/users/" + disabled + "/end-sessions");
    server.login("ends");
    admin("DELETE", "/api/users/" + disabled);
    server.login("ends");
    endEverybodys();

    for (String reason :
        new String[] {
          "logout", "others", "all", "disabled", "service_client", "erased", "everybody",
        }) {
      assertMore(1, before, "thirdsession_sessions_ended_total{reason=\"" + reason + "\"}");
    }
  }

  /** What a client sends is no label: the time series stay, whatever comes. */
  @Test
  void nobodyCanMakeTimeSeries() {
    OpenDataUser user = OpenDataUser.logIn(server, "series");
    strange(user, 0);
    Set<String> before = Scrape.of(server).samples();

    for (int i = 1; i <= 60; i++) {
      strange(user, i);
    }

    Set<String> more = new TreeSet<>(Scrape.of(server).samples());
    more.removeAll(before);
    more.removeIf(sample -> sample.startsWith("thirdsession_purge_")); // it begins by itself
    assertEquals(Set.of(), more);
  }

  private void strange(OpenDataUser user, int i) {
    server.http.get("/nowhere/" + i);
    server.http.get("/api/nowhere" + i);
    server.http.get("/api/users/" + i, TestClients.basic());
    server.http.get("/api/gateway/" + i, bearer(user.token()));
    server.http.send("DELETE", "/api/sessions/" + i, null, bearer(user.token()));
    server.http.send("METHOD" + i, "/api/session", null);
    server.http.login("code-" + i);
    server.http.post("/api/login", json("code", "code" + i, "appId", "wx" + i).toString());
    server.http.introspect("3rd_" + i, TestClients.basic());
    server.http.introspect("3rd_" + i, TestClients.basic("client" + i, "secret"));
    post(user.token(), "/api/me/phone", json("code", "phone" + i));
  }

  private void endEverybodys() {
    String confirm = json("confirm", "end all sessions").toString();
    assertEquals(
        200, server.http.post("/api/sessions/end-all", confirm, TestClients.basic()).status());
  }

  private void admin(String method, String path) {
    assertEquals(204, server.http.send(method, path, null, TestClients.basic()).status(), path);
  }

  private void assertMore(int count, Scrape before, String sample) {
    Scrape after = Scrape.of(server);
    assertEquals(
        count,
        after.value(sample) - before.value(sample),
        () -> sample + " in " + after.samples(sample.replaceFirst("\\{.*", "")));
  }

  private static String count(String method, String uri, int status, String outcome) {
    return "http_server_requests_seconds_count{method=\"%s\",outcome=\"%s\",status=\"%d\",uri=\"%s\"}"
        .formatted(method, outcome, status, uri);
  }

  private static String login(String origin, String outcome) {
    return "thirdsession_logins_total{app=\"%s\",origin=\"%s\",outcome=\"%s\"}"
        .formatted(APP, origin, outcome);
  }

  private static String check(String via, String outcome) {
    return "thirdsession_checks_total{outcome=\"%s\",via=\"%s\"}".formatted(outcome, via);
  }

  private static String phone(String outcome) {
    return "thirdsession_phone_codes_total{app=\"%s\",outcome=\"%s\"}".formatted(APP, outcome);
  }
}
