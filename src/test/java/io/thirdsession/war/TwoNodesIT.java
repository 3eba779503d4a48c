package io.thirdsession.war;

import static io.thirdsession.testing.AppServer.APP;
import static io.thirdsession.testing.TestHttp.bearer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.thirdsession.simulator.SimulatorOptions;
import io.thirdsession.simulator.SimulatorOptions.ForeignCodes;
import io.thirdsession.simulator.WeChatSimulator;
import io.thirdsession.testing.Canaries;
import io.thirdsession.testing.TestClients;
import io.thirdsession.testing.TestDatabase;
import io.thirdsession.testing.TestHttp;
import io.thirdsession.testing.TestHttp.Response;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two nodes on one database, Jetty and Tomcat: what is ended on the one is ended on the other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TwoNodesIT {
  private static final String SECRET = "canary-app-secret-0123456789";

  private TestDatabase database;
  private WeChatSimulator weChat;
  private Container jetty;
  private Container tomcat;
  private int users;

  @BeforeAll
  void deployTwice() throws Exception {
    database = TestDatabase.create();
    weChat =
        WeChatSimulator.start(
            SimulatorOptions.defaults()
                .withPort(0)
                .withApps(Map.of(APP, SECRET))
                .withForeignCodes(ForeignCodes.REFUSE));
    Map<String, String> settings = War.settings(database, weChat, APP + ":" + SECRET);
    jetty = JettyContainer.start(settings);
    tomcat = TomcatContainer.start(settings);
  }

  @AfterAll
  void undeploy() {
    Canaries.record(weChat, SECRET);
    tomcat.close();
    jetty.close();
    weChat.close();
    database.close();
  }

  @ParameterizedTest
  @CsvSource({
    "LOG_OUT, true",
    "LOG_OUT, false",
    "END_ONE, true",
    "END_ONE, false",
    "END_OTHERS, true",
    "END_OTHERS, false",
    "END_ALL, true",
    "END_ALL, false",
    "ERASE_ONESELF, true",
    "ERASE_ONESELF, false",
    "BACK_END_ENDS, true",
    "BACK_END_ENDS, false",
    "BACK_END_DISABLES, true",
    "BACK_END_DISABLES, false",
    "BACK_END_ERASES, true",
    "BACK_END_ERASES, false",
  })
  void whatIsEndedOnOneNodeIsEndedOnTheOtherAtOnce(Way way, boolean onJetty) {
    TestHttp here = new TestHttp((onJetty ? jetty : tomcat).base());
    TestHttp there = new TestHttp((onJetty ? tomcat : jetty).base());
    String openId = WeChatSimulator.openIdOf(APP, "user-" + ++users);
    String ending = there.login(weChat.loginCode(APP, openId)).token();
    String asking = here.login(weChat.loginCode(APP, openId)).token();
    String bystander =
        here.login(weChat.loginCode(APP, WeChatSimulator.openIdOf(APP, "bystander"))).token();
    String userId = here.check(asking).field("userId");
    String sid = there.check(ending).field("sid");
    assertLive(there, ending);
    assertLive(here, ending);

    int status = way.end(here, new Ended(ending, asking, userId, sid)).status();

    assertEquals(204, status);
    assertEnded(there, ending);
    assertEnded(here, ending);
    assertLive(there, bystander);
    boolean askingLives = way == Way.LOG_OUT || way == Way.END_ONE || way == Way.END_OTHERS;
    assertEquals(askingLives ? 200 : 401, there.check(asking).status());
  }

  private static void assertLive(TestHttp node, String token) {
    assertEquals(200, node.check(token).status());
    assertEquals("true", introspect(node, token).field("active"));
    assertEquals(200, node.get("/api/gateway/shop", bearer(token)).status());
  }

  private static void assertEnded(TestHttp node, String token) {
    Response check = node.check(token);
    Response introspection = introspect(node, token);
    Response gateway = node.get("/api/gateway/shop", bearer(token));
    assertEquals(401, check.status());
    assertEquals("session_invalid", check.field("error"));
    assertEquals("{\"active\":false}", introspection.text());
    assertEquals(401, gateway.status());
    assertFalse(gateway.headers().map().containsKey("X-WX-OPENID"));
  }

  private static Response introspect(TestHttp node, String token) {
    Response response = node.introspect(token, TestClients.basic());
    assertEquals(200, response.status(), response.toString());
    return response;
  }

  /**
   * Who takes part.
   *
   * @param ending the token whose session ends
   * @param asking another token of the same user
   * @param userId the user
   * @param sid the session that ends
   */
  private record Ended(String ending, String asking, String userId, String sid) {}

  /** In which way a session ends. */
  private enum Way {
    LOG_OUT {
      @Override
      Response end(TestHttp node, Ended ended) {
        return node.logout(ended.ending);
      }
    },
    END_ONE {
      @Override
      Response end(TestHttp node, Ended ended) {
        return node.send("DELETE", "/api/sessions/" + ended.sid, null, bearer(ended.asking));
      }
    },
    END_OTHERS {
      @Override
      Response end(TestHttp node, Ended ended) {
        return node.post("/api/sessions/end", "{\"which\":\"others\"}", bearer(ended.asking));
      }
    },
    END_ALL {
      @Override
      Response end(TestHttp node, Ended ended) {
        return node.post("/api/sessions/end", "{\"which\":\"all\"}", bearer(ended.asking));
      }
    },
    ERASE_ONESELF {
      @Override
      Response end(TestHttp node, Ended ended) {
        return node.send("DELETE", "/api/me", null, bearer(ended.asking));
      }
    },
    BACK_END_ENDS {
      @Override
      Response end(TestHttp node, Ended ended) {
        return manage(node, "POST", ended.userId + "/end-sessions");
      }
    },
    BACK_END_DISABLES {
      @Override
      Response end(TestHttp node, Ended ended) {
        return manage(node, "POST", ended.userId + "/disable");
      }
    },
    BACK_END_ERASES {
      @Override
      Response end(TestHttp node, Ended ended) {
        return manage(node, "DELETE", ended.userId);
      }
    };

    abstract Response end(TestHttp node, Ended ended);

    private static Response manage(TestHttp node, String method, String path) {
      return node.send(method, "/api/users/" + path, null, TestClients.basic());
    }
  }
}
