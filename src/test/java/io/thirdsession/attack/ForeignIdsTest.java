package io.thirdsession.attack;

import static io.thirdsession.testing.AppServer.APP;
import static io.thirdsession.testing.AppTestBase.json;
import static io.thirdsession.testing.TestClients.basic;
import static io.thirdsession.testing.TestHttp.bearer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.thirdsession.simulator.PhoneEvent;
import io.thirdsession.simulator.ProfileEvent;
import io.thirdsession.testing.AppServer;
import io.thirdsession.testing.SharedAppTestBase;
import io.thirdsession.testing.TestClients;
import io.thirdsession.testing.TestHttp;
import io.thirdsession.testing.TestHttp.Response;
import io.thirdsession.testing.TestPictures;
import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two users, every route, and every place where one might name the other: one place at a time, with
 * a request that is good but for that.
 */
class ForeignIdsTest extends SharedAppTestBase {
  private static final List<String> NAMES =
      List.of("userId", "userid", "uid", "openid", "openId", "unionid", "sid", "user_id", "id");

  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String JSON = "application/json";
  private static final String NICK = "bob-the-only";
  private static final String PHONE = "13912345678";
  private static final String UNION_ID = "ubob-the-only";

  private final List<Row> rows = rows();

  private int users;

  private String bob;
  private String bobId;
  private String bobSid;
  private String bobPicture;
  private List<String> ofBob;

  ForeignIdsTest() {
    super("SERVICE_CLIENTS", TestClients.setting());
  }

  @BeforeAll
  void logBobIn() throws Exception {
    String openId = AppServer.openId("bob");
    bob = server.http.login(server.weChat.loginCode(APP, openId, UNION_ID)).token();
    bobId = server.http.check(bob).field("userId");
    bobSid = server.http.check(bob).field("sid");
    posted(bob, "/api/me", json("nickName", NICK));
    posted(bob, "/api/me/phone", json("code", server.weChat.phone(APP, openId, PHONE).code()));
    byte[] png = TestPictures.of("png", 8, 8);
    Response upload = server.http.upload("/api/me/avatar", "file", png, bearer(bob));
    bobPicture = URI.create(upload.field("avatarUrl")).getPath();
    ofBob = everythingOfBob();
  }

  @ParameterizedTest(name = "{arguments}")
  @MethodSource("matrix")
  void theCallIsTheCallersOwnWhoeverElseIsNamed(Row row, Carrier carrier) throws Exception {
    for (boolean ownOpenId : List.of(false, true)) { // true: what if one is checked, one used
      Caller caller = newCaller();
      Request valid = row.valid.apply(this, caller);
      String openId = ownOpenId ? caller.openId : AppServer.openId("bob");

      Response response = send(carrier.add(valid, foreign(carrier, openId)));

      if (row.refusing.contains(carrier)) {
        assertEquals(400, response.status(), response.toString());
        assertEquals("invalid_request", response.field("error"));
      } else {
        assertEquals(row.status, response.status(), response.toString());
        String own = says(row, caller);
        assertTrue(whole(response).contains(own), response + " says " + own);
      }
      assertNothingOfBob(response);
    }
    assertNothingOfBobHasChanged();
    assertEquals(200, server.http.check(bob).status());
    assertEquals(200, server.http.get(bobPicture).status());
  }

  Stream<Arguments> matrix() {
    return rows.stream()
        .flatMap(row -> Arrays.stream(Carrier.values()).map(carrier -> Arguments.of(row, carrier)));
  }

  /** The newer calls do not even read past it. */
  @ParameterizedTest(name = "{arguments}")
  @MethodSource("strictRows")
  void aBodyThatNamesSomebodyIsRefusedByThatName(Row row) throws Exception {
    Caller caller = newCaller();
    for (String name : NAMES) {
      Request valid = row.valid.apply(this, caller);

      Response response = send(Carrier.BODY.add(valid, Map.of(name, bobId)));

      assertEquals(400, response.status(), response.toString());
      assertEquals(name, response.field("field"));
      assertNothingOfBob(response);
    }
    assertNothingOfBobHasChanged();
  }

  Stream<Row> strictRows() {
    return rows.stream().filter(row -> row.refusing.contains(Carrier.BODY));
  }

  @Test
  void everyRouteHasItsRow() {
    assertEquals(
        server.mappings(),
        rows.stream().map(Row::mapping).collect(Collectors.toCollection(TreeSet::new)));
  }

  @Test
  void everyMethodOfARouteHasItsRow() throws Exception {
    Map<String, Set<String>> methods = new LinkedHashMap<>();
    for (Row row : rows) {
      methods.computeIfAbsent(row.mapping, mapping -> new TreeSet<>()).add(row.method());
    }
    for (Row row : rows) {
      Request valid = row.valid.apply(this, newCaller());
      Response other = server.http.send("PROPFIND", valid.path, null);
      if (other.status() == 405) {
        Set<String> allowed = new TreeSet<>(List.of(other.header("Allow").split(", ")));
        allowed.remove("HEAD");
        allowed.removeAll(methods.get(row.mapping));
        assertEquals(Set.of(), allowed, row + " answers other methods too");
      }
    }
  }

  @Test
  void nobodyEndsTheSessionOfAnother() {
    Caller caller = newCaller();

    Response response =
        server.http.send("DELETE", "/api/sessions/" + bobSid, null, bearer(caller.token));

    assertEquals(404, response.status(), response.toString());
    assertEquals("not_found", response.field("error"));
    assertEquals(200, server.http.check(bob).status());
  }

  /** Version 1 of wafer names the session beside its token. */
  @Test
  void anotherUsersSessionIdIsAnsweredAsAnUnknownOne() {
    Caller caller = newCaller();

    Response response =
        server.http.get("/weapp/user", "X-WX-Skey", caller.token, "X-WX-Id", bobSid);

    assertEquals(401, response.status(), response.toString());
    assertNothingOfBob(response);
  }

  @Test
  void theLoginsThatEndAnOldTokenEndNobodyElses() {
    for (Request login :
        List.of(
            new Request("POST", "/api/login").body(json("code", newCode())).header(bearer(bob)),
            new Request("GET", "/weapp/login").header("X-WX-Code", newCode(), "X-WX-Skey", bob),
            new Request("GET", "/onLogin?code=" + newCode() + "&third_Session=" + bob))) {
      Response response = send(login);

      assertEquals(200, response.status(), response.toString());
      assertTrue(response.text().contains("3rd_"), response.toString());
      assertEquals(200, server.http.check(bob).status(), login.path);
    }
  }

  @Test
  void aTokenIsReadFromOnePlaceAlone() {
    String alice = newCaller().token;
    for (String[] headers :
        List.of(
            new String[] {"Cookie", "token=" + alice + "; third_Session=" + alice},
            new String[] {"X-Token", alice},
            new String[] {"X-WX-Skey", alice},
            new String[] {"Authorization", alice},
            new String[] {"Authorization", "Token " + alice},
            new String[] {"Authorization", "Bearer x" + alice},
            new String[] {"Authorization", "Bearer 4th_" + alice.substring(4)},
            bearer(alice.substring(4)))) {
      for (String path :
          List.of("/api/session", "/api/sessions", "/api/me", "/api/gateway", "/api/me/export")) {
        Response response =
            server.http.get(path + "?token=" + alice + "&access_token=" + alice, headers);
        assertEquals(401, response.status(), path);
        assertEquals("session_invalid", response.field("error"));
      }
    }
  }

  @Test
  void theSameOpenidInAnotherAppIsSomebodyElse() {
    Caller alice = newCaller();
    String code = server.weChat.loginCode(AppServer.OTHER_APP, alice.openId);
    String there =
        server
            .http
            .post("/api/login", json("code", code, "appId", AppServer.OTHER_APP).toString())
            .token();

    assertNotEquals(alice.userId, server.http.check(there).field("userId"));
    assertEquals(APP, server.http.check(alice.token).field("appId"));
  }

  /** Each route with a request that is good; what is said of its answer is the caller's own. */
  private static List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    rows.add(
        new Row("/api/login", "POST")
            .with((t, a) -> t.post("/api/login").body(json("code", t.code(a))))
            .saying("{userId}")
            .refusing(Carrier.BODY));
    rows.add(new Row("/api/session", "GET").saying("{userId}"));
    rows.add(new Row("/api/session", "DELETE").status(204));
    rows.add(new Row("/api/sessions", "GET").saying("{sid}"));
    rows.add(
        new Row("/api/sessions/*", "DELETE")
            .with((t, a) -> t.call("DELETE", "/api/sessions/" + t.sidOfAnother(a), a))
            .status(204));
    rows.add(
        new Row("/api/sessions/*", "POST")
            .with((t, a) -> t.call("POST", "/api/sessions/end", a).body(json("which", "all")))
            .status(204)
            .refusing(Carrier.BODY));
    rows.add(new Row("/api/me", "GET").saying("{userId}"));
    for (String method : List.of("PUT", "POST")) {
      rows.add(
          new Row("/api/me", method)
              .with((t, a) -> t.call(method, "/api/me", a).body(json("nickName", "taken")))
              .saying("{userId}")
              .refusing(Carrier.BODY));
    }
    rows.add(new Row("/api/me", "DELETE").status(204));
    rows.add(
        new Row("/api/me/profile", "POST")
            .with(
                (t, a) -> {
                  ProfileEvent event = t.profile(a);
                  return t.call("POST", "/api/me/profile", a)
                      .body(json("rawData", event.rawData(), "signature", event.signature()));
                })
            .saying("{userId}")
            .refusing(Carrier.BODY));
    rows.add(
        new Row("/api/me/phone", "POST")
            .with((t, a) -> t.call("POST", "/api/me/phone", a).body(json("code", t.tap(a).code())))
            .saying("13580006666")
            .refusing(Carrier.BODY));
    rows.add(new Row("/api/me/phone", "DELETE").status(204));
    rows.add(
        new Row("/api/me/decrypt", "POST")
            .with(
                (t, a) -> {
                  ProfileEvent event = t.profile(a);
                  return t.call("POST", "/api/me/decrypt", a)
                      .body(json("encryptedData", event.encryptedData(), "iv", event.iv()));
                })
            .saying("\"nickName\"")
            .refusing(Carrier.BODY));
    rows.add(
        new Row("/api/me/avatar", "POST")
            .with((t, a) -> t.call("POST", "/api/me/avatar", a).picture())
            .saying("/avatars/"));
    rows.add(
        new Row("/avatars/*", "GET")
            .with((t, a) -> new Request("GET", t.pictureOf(a)))
            .saying("JFIF"));
    rows.add(new Row("/api/me/export", "GET").saying("{userId}"));
    rows.addAll(backEndRows());
    rows.addAll(olderRows());
    rows.add(new Row("/healthz", "GET").with((t, a) -> new Request("GET", "/healthz")));
    rows.add(new Row("/readyz", "GET").with((t, a) -> new Request("GET", "/readyz")));
    rows.add(
        new Row("/metrics", "GET").with((t, a) -> new Request("GET", "/metrics").header(basic())));
    rows.add(
        new Row("/api/events", "GET")
            .with((t, a) -> new Request("GET", "/api/events").header(basic()))
            .status(403)
            .saying("forbidden"));
    rows.add(
        new Row("/api/doctor", "GET")
            .with((t, a) -> new Request("GET", "/api/doctor").header(basic())));
    for (String[] nothing : new String[][] {{"/error", "/error"}, {"/api/*", "/api/nothing"}}) {
      rows.add(
          new Row(nothing[0], "GET")
              .with((t, a) -> t.call("GET", nothing[1], a))
              .status(404)
              .saying("not_found"));
    }
    return rows;
  }

  /** The service client names whom it means, in one place: nowhere else may somebody be named. */
  private static List<Row> backEndRows() {
    List<Row> rows = new ArrayList<>();
    rows.add(
        new Row("/api/introspect", "POST")
            .with((t, a) -> t.post("/api/introspect").form("token=" + a.token).header(basic()))
            .saying("\"sub\":\"{userId}\""));
    rows.add(
        new Row("/api/revoke", "POST")
            .with((t, a) -> t.post("/api/revoke").form("token=" + a.token).header(basic())));
    for (String document : List.of("oauth-authorization-server", "openid-configuration")) {
      String path = "/.well-known/" + document;
      rows.add(new Row(path, "GET").with((t, a) -> new Request("GET", path)).status(404));
    }
    for (String method : List.of("GET", "POST")) {
      rows.add(
          new Row("/wx/push/*", method)
              .with((t, a) -> new Request(method, "/wx/push/wx0000000000000000"))
              .status(404));
    }
    for (String path : List.of("/api/gateway", "/api/gateway/shop/1")) {
      rows.add(
          new Row(path.equals("/api/gateway") ? path : "/api/gateway/*", "GET")
              .with((t, a) -> t.call("GET", path, a))
              .saying("{openId}"));
    }
    rows.add(
        new Row("/api/users", "GET")
            .with((t, a) -> new Request("GET", "/api/users?userId=" + a.userId).header(basic()))
            .saying("{userId}")
            .refusing(Carrier.QUERY));
    rows.add(
        new Row("/api/users/find", "POST")
            .with(
                (t, a) -> {
                  t.bindPhone(a, "13700000001");
                  return t.post("/api/users/find")
                      .body(json("phoneNumber", "13700000001"))
                      .header(basic());
                })
            .saying("{userId}")
            .refusing(Carrier.BODY));
    rows.add(
        new Row("/api/client", "GET")
            .with((t, a) -> new Request("GET", "/api/client").header(basic()))
            .saying("\"id\":\"all\""));
    rows.add(
        new Row("/api/sessions/end-all", "POST") // of the app in which nobody is
            .with(
                (t, a) ->
                    t.post("/api/sessions/end-all")
                        .body(json("appid", AppServer.OTHER_APP, "confirm", AppServer.OTHER_APP))
                        .header(basic()))
            .saying("\"done\":true")
            .refusing(Carrier.BODY));
    rows.add(
        new Row("/api/users/*", "GET")
            .with(
                (t, a) ->
                    new Request("GET", "/api/users/" + a.userId + "/sessions").header(basic()))
            .saying("\"sid\":\"{sid}\""));
    rows.add(
        new Row("/api/users/*", "GET")
            .with((t, a) -> new Request("GET", "/api/users/" + a.userId + "/audit").header(basic()))
            .saying("\"events\":")
            .refusing(Carrier.QUERY));
    rows.add(
        new Row("/api/users/import", "POST")
            .with(
                (t, a) ->
                    new Request("POST", "/api/users/import")
                        .line(json("appid", APP, "openid", a.openId))
                        .header(basic()))
            .saying("\"unchanged\",\"userId\":\"{userId}\""));
    for (String action : List.of("disable", "enable", "end-sessions")) {
      rows.add(
          new Row("/api/users/*", "POST")
              .with((t, a) -> t.post("/api/users/" + a.userId + "/" + action).header(basic()))
              .status(204));
    }
    rows.add(
        new Row("/api/users/*", "POST")
            .with(
                (t, a) -> t.post("/api/users/" + a.userId + "/reset-session-keys").header(basic()))
            .saying("\"openid\":\"{openId}\""));
    rows.add(
        new Row("/api/users/*", "PUT")
            .with(
                (t, a) ->
                    new Request("PUT", "/api/users/" + a.userId + "/external-id")
                        .body(json("externalId", "C-" + a.userId))
                        .header(basic()))
            .status(204)
            .refusing(Carrier.BODY));
    rows.add(
        new Row("/api/users/*", "DELETE")
            .with((t, a) -> new Request("DELETE", "/api/users/" + a.userId).header(basic()))
            .status(204));
    rows.add(
        new Row("/cgi-bin/stable_token", "POST")
            .with(
                (t, a) ->
                    t.post("/cgi-bin/stable_token")
                        .body(
                            json(
                                "grant_type",
                                "client_credential",
                                "appid",
                                APP,
                                "secret",
                                TestClients.SECRET)))
            .saying("access_token"));
    return rows;
  }

  /** Each of the tutorials' pages under both its addresses and by both its methods; wafer. */
  private static List<Row> olderRows() {
    List<Row> rows = new ArrayList<>();
    rows.addAll(
        page(
            "/getOpenid",
            "\"openid\":\"{openId}\"",
            (t, a) -> json("code", t.code(a), "nick", "n", "avaurl", "", "sex", "1")));
    rows.addAll(page("/onLogin", "\"userId\":\"{userId}\"", (t, a) -> json("code", t.code(a))));
    rows.addAll(
        page(
            "/setUserInfo",
            "{\"code\":0}",
            (t, a) -> json("third_Session", a.token, "nickName", "taken", "gender", "1")));
    rows.addAll(page("/getUserInfo", "\"isLogin\":1", (t, a) -> json("third_Session", a.token)));
    rows.addAll(
        page("/getUserId", "\"userId\":\"{userId}\"", (t, a) -> json("third_Session", a.token)));
    rows.addAll(
        page(
            "/checkSignature",
            "{\"code\":0}",
            (t, a) -> {
              ProfileEvent event = t.profile(a);
              return json(
                  "third_Session",
                  a.token,
                  "rawData",
                  event.rawData(),
                  "signature",
                  event.signature());
            }));
    rows.addAll(
        page(
            "/getPhoneNumber",
            "13580006666",
            (t, a) -> {
              PhoneEvent tap = t.tap(a);
              return json("code", t.code(a), "encryptedData", tap.encryptedData(), "iv", tap.iv());
            }));
    rows.addAll(page("/thirdLogin", "\"uid\":\"{userId}\"", (t, a) -> json("code", t.code(a))));
    for (String method : List.of("GET", "POST")) {
      rows.add(
          new Row("/weapp/login", method)
              .with((t, a) -> new Request(method, "/weapp/login").header("X-WX-Code", t.code(a)))
              .saying("\"openId\":\"{openId}\""));
      rows.add(
          new Row("/weapp/user", method)
              .with((t, a) -> new Request(method, "/weapp/user").header("X-WX-Skey", a.token))
              .saying("\"openId\":\"{openId}\""));
    }
    return rows;
  }

  private static List<Row> page(
      String path, String says, BiFunction<ForeignIdsTest, Caller, JsonObject> parameters) {
    List<Row> rows = new ArrayList<>();
    for (String address : List.of(path, path + ".html")) {
      rows.add(
          new Row(address, "GET")
              .with((t, a) -> new Request("GET", address + query(parameters.apply(t, a))))
              .saying(says));
      rows.add(
          new Row(address, "POST")
              .with((t, a) -> t.post(address).body(parameters.apply(t, a)))
              .saying(says));
    }
    rows.add(
        new Row(path, "POST")
            .with((t, a) -> t.post(path).form(query(parameters.apply(t, a)).substring(1)))
            .saying(says));
    return rows;
  }

  private static String query(JsonObject parameters) {
    Map<String, String> texts = new LinkedHashMap<>();
    parameters.entrySet().forEach(e -> texts.put(e.getKey(), e.getValue().getAsString()));
    return TestHttp.query(texts);
  }

  /** Names bob in every way, by this openid, and has his token where none is read. */
  private Map<String, String> foreign(Carrier carrier, String openId) {
    Map<String, String> foreign = new LinkedHashMap<>();
    NAMES.forEach(name -> foreign.put(name, bobId));
    foreign.put("openid", openId);
    foreign.put("openId", openId);
    foreign.put("unionid", UNION_ID);
    foreign.put("sid", bobSid);
    foreign.put("access_token", bob);
    foreign.put("session_id", bob);
    foreign.put("skey", bob);
    if (carrier == Carrier.HEADER) {
      NAMES.forEach(name -> foreign.put("X-" + name, foreign.get(name)));
      foreign.put("third_Session", bob);
      foreign.put("X-Token", bob);
      foreign.put("X-Auth-Token", bob);
      foreign.put("X-User-Id", bobId);
      foreign.put("X-WX-OPENID", openId);
      foreign.put("X-WX-UNIONID", UNION_ID);
      foreign.put("X-WX-FROM-OPENID", openId);
    } else if (carrier == Carrier.COOKIE) {
      foreign.put("JSESSIONID", bobSid);
      foreign.put("third_Session", bob);
      foreign.put("token", bob);
    }
    return foreign;
  }

  private String says(Row row, Caller caller) {
    return row.says.contains("{sid}")
        ? row.says.replace("{sid}", server.http.check(caller.token).field("sid"))
        : row.says.replace("{userId}", caller.userId).replace("{openId}", caller.openId);
  }

  /** Somebody new, so that what one call does is not in the way of the next. */
  private Caller newCaller() {
    String openId = AppServer.openId("alice-" + ++users);
    Response login = server.http.login(server.weChat.loginCode(APP, openId));
    String userId = login.userId();
    return new Caller(openId, login.token(), userId);
  }

  private String sidOfAnother(Caller caller) {
    return server.http.check(server.http.login(code(caller)).token()).field("sid");
  }

  private String newCode() {
    return server.weChat.loginCode(APP, newCaller().openId);
  }

  private String code(Caller caller) {
    return server.weChat.loginCode(APP, caller.openId);
  }

  private PhoneEvent tap(Caller caller) {
    return server.weChat.phone(APP, caller.openId);
  }

  private ProfileEvent profile(Caller caller) {
    return server.weChat.profile(APP, caller.openId, json("nickName", "taken"));
  }

  private void bindPhone(Caller caller, String number) {
    String code = server.weChat.phone(APP, caller.openId, number).code();
    assertEquals(200, posted(caller.token, "/api/me/phone", json("code", code)).status());
  }

  private String pictureOf(Caller caller) {
    byte[] png = TestPictures.of("png", 9, 9);
    Response upload = server.http.upload("/api/me/avatar", "file", png, bearer(caller.token));
    return URI.create(upload.field("avatarUrl")).getPath();
  }

  private Response posted(String token, String path, JsonObject body) {
    Response response = post(token, path, body);
    assertEquals(200, response.status(), response.toString());
    return response;
  }

  private Request post(String path) {
    return new Request("POST", path);
  }

  private Request call(String method, String path, Caller caller) {
    return new Request(method, path).header(bearer(caller.token));
  }

  private Response send(Request request) {
    String[] headers = request.headers.toArray(String[]::new);
    if (request.form == Request.Body.PICTURE) {
      byte[] png = TestPictures.of("png", 7, 7);
      return server.http.upload(request.path, "file", png, request.fields, headers);
    }
    String body = request.body.isEmpty() ? null : request.body;
    return server.http.send(request.method, request.path, body, headers);
  }

  private void assertNothingOfBob(Response response) {
    String whole = whole(response);
    for (String his :
        List.of(
            NICK,
            PHONE,
            "139****5678",
            UNION_ID,
            bobId,
            bobSid,
            bob,
            bobPicture,
            AppServer.openId("bob"))) {
      assertFalse(whole.contains(his), () -> "something of bob's: " + response);
    }
    assertEquals(List.of(), response.headers().allValues("Set-Cookie"));
  }

  private static String whole(Response response) {
    return response.text() + response.headers().map();
  }

  private void assertNothingOfBobHasChanged() throws SQLException {
    List<String> before = ofBob;
    ofBob = everythingOfBob(); // what one call has changed is not another's fault
    assertEquals(before, ofBob);
  }

  /** Returns every column of every row of bob's. */
  private List<String> everythingOfBob() throws SQLException {
    List<String> rows = new ArrayList<>();
    byte[] id = HexFormat.of().parseHex(bobId.replace("-", ""));
    try (Connection connection = database.connect()) {
      for (String table :
          List.of(
              "user WHERE id",
              "identity WHERE user_id",
              "session WHERE user_id",
              "avatar WHERE user_id")) {
        try (PreparedStatement select =
            connection.prepareStatement("SELECT * FROM " + table + " = ?")) {
          select.setBytes(1, id);
          try (ResultSet results = select.executeQuery()) {
            assertTrue(results.next(), table);
            do {
              rows.add(table + ": " + columns(results));
            } while (results.next());
          }
        }
      }
    }
    return rows;
  }

  private static String columns(ResultSet results) throws SQLException {
    StringBuilder columns = new StringBuilder();
    for (int i = 1; i <= results.getMetaData().getColumnCount(); i++) {
      byte[] value = results.getBytes(i);
      columns
          .append(results.getMetaData().getColumnName(i))
          .append('=')
          .append(value == null ? "NULL" : HexFormat.of().formatHex(value))
          .append(' ');
    }
    return columns.toString();
  }

  /** Where somebody else is named. */
  private enum Carrier {
    BODY {
      @Override
      Request add(Request request, Map<String, String> foreign) {
        return request.inBody(foreign);
      }
    },
    QUERY {
      @Override
      Request add(Request request, Map<String, String> foreign) {
        String query = TestHttp.query(foreign).substring(1);
        request.path += (request.path.contains("?") ? "&" : "?") + query;
        return request;
      }
    },
    HEADER {
      @Override
      Request add(Request request, Map<String, String> foreign) {
        foreign.forEach(request::header);
        return request;
      }
    },
    COOKIE {
      @Override
      Request add(Request request, Map<String, String> foreign) {
        return request.header(
            "Cookie",
            foreign.entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining("; ")));
      }
    };

    abstract Request add(Request request, Map<String, String> foreign);
  }

  /** The one whose call it is. */
  private record Caller(String openId, String token, String userId) {}

  /** One route, by one method. */
  private static final class Row {
    private final String mapping;
    private final String method;
    private BiFunction<ForeignIdsTest, Caller, Request> valid;
    private int status = 200;
    private String says = "";
    private Set<Carrier> refusing = Set.of();

    Row(String mapping, String method) {
      this.mapping = mapping;
      this.method = method;
      this.valid = (test, caller) -> test.call(method, mapping, caller);
    }

    Row with(BiFunction<ForeignIdsTest, Caller, Request> valid) {
      this.valid = valid;
      return this;
    }

    Row status(int status) {
      this.status = status;
      return this;
    }

    Row saying(String says) {
      this.says = says;
      return this;
    }

    Row refusing(Carrier carrier) {
      this.refusing = Set.of(carrier);
      return this;
    }

    String mapping() {
      return mapping;
    }

    String method() {
      return method;
    }

    @Override
    public String toString() {
      return method + " " + mapping;
    }
  }

  /** A request that grows. */
  static final class Request {
    private final String method;
    private String path;
    private Body form = Body.NONE;
    private String body = "";
    private final Map<String, String> fields = new LinkedHashMap<>();
    private final List<String> headers = new ArrayList<>();

    /** What a body is made of. */
    enum Body {
      NONE,
      JSON,
      LINES,
      FORM,
      PICTURE
    }

    Request(String method, String path) {
      this.method = method;
      this.path = path;
    }

    Request header(String... pairs) {
      headers.addAll(List.of(pairs));
      return this;
    }

    Request body(JsonObject json) {
      form = Body.JSON;
      body = json.toString();
      return header("Content-Type", JSON);
    }

    Request line(JsonObject json) {
      form = Body.LINES;
      body = json + "\n";
      return header("Content-Type", "application/x-ndjson");
    }

    Request form(String text) {
      form = Body.FORM;
      body = text;
      return header("Content-Type", FORM);
    }

    Request picture() {
      form = Body.PICTURE;
      return this;
    }

    /** Adds to the body; where there is none, this is it. */
    Request inBody(Map<String, String> foreign) {
      switch (form) {
        case NONE -> {
          JsonObject json = new JsonObject();
          foreign.forEach(json::addProperty);
          body(json);
        }
        case JSON -> {
          JsonObject json = JsonParser.parseString(body).getAsJsonObject();
          foreign.forEach(
              (name, value) -> {
                if (!json.has(name)) {
                  json.addProperty(name, value);
                }
              });
          body = json.toString();
        }
        case LINES -> { // each for itself
          JsonObject json = new JsonObject();
          foreign.forEach(json::addProperty);
          body += json;
        }
        case FORM -> body += "&" + TestHttp.query(foreign).substring(1);
        case PICTURE -> fields.putAll(foreign);
      }
      return this;
    }
  }
}
