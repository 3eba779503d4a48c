package io.thirdsession.war;

import static io.thirdsession.testing.AppServer.APP;
import static io.thirdsession.testing.TestHttp.bearer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.thirdsession.simulator.SimulatorOptions;
import io.thirdsession.simulator.SimulatorOptions.ForeignCodes;
import io.thirdsession.simulator.WeChatSimulator;
import io.thirdsession.testing.Canaries;
import io.thirdsession.testing.Ports;
import io.thirdsession.testing.TestClients;
import io.thirdsession.testing.TestDatabase;
import io.thirdsession.testing.TestHttp;
import io.thirdsession.testing.TestHttp.Response;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Spring's own resource server, in a JVM of its own, asks the WAR who is calling. Its project is
 * {@code src/it/spring-resource-server}; {@code .ci/spring} packages it and runs this test.
 */
class SpringIT {
  private static final Path JAR = Path.of("target/spring-resource-server/shop.jar");
  private static final String APP_SECRET = "canary-app-secret-0123456789";
  private static final String SHOP_SECRET = "canary/client+secret=of%20the-shop";

  @Test
  void springReadsTheOpenidFromThePrincipal() throws Exception {
    assumeTrue(Files.exists(JAR), JAR + " is not there, so Spring was not tested: run .ci/spring");
    try (TestDatabase database = TestDatabase.create();
        WeChatSimulator weChat =
            WeChatSimulator.start(
                SimulatorOptions.defaults()
                    .withPort(0)
                    .withApps(Map.of(APP, APP_SECRET))
                    .withForeignCodes(ForeignCodes.REFUSE));
        Container container = TomcatContainer.start(settings(database, weChat));
        Spring spring = Spring.start(container.base())) {
      TestHttp phone = new TestHttp(container.base());
      TestHttp shop = TestHttp.ofAnother(spring.base);
      String openId = WeChatSimulator.openIdOf(APP, "alice");
      Response login = phone.login(weChat.loginCode(APP, openId));

      Response orders = shop.get("/orders", bearer(login.token()));

      assertEquals(200, orders.status(), orders.toString());
      assertEquals(openId, orders.field("openid"));
      assertEquals(login.userId(), orders.field("userId"));

      assertEquals(204, phone.logout(login.token()).status());
      Response afterwards = shop.get("/orders", bearer(login.token()));
      assertEquals(401, afterwards.status(), afterwards.toString());
      assertTrue(afterwards.header("WWW-Authenticate").startsWith("Bearer"), afterwards.toString());
      assertEquals(401, shop.get("/orders", "Authorization", "Bearer nonsense").status());
      assertEquals(401, shop.get("/orders").status());
      Canaries.record(weChat, APP_SECRET, SHOP_SECRET);
    }
  }

  private static Map<String, String> settings(TestDatabase database, WeChatSimulator weChat) {
    Map<String, String> settings = War.settings(database, weChat, APP + ":" + APP_SECRET);
    settings.put("SERVICE_CLIENTS", TestClients.entry("shop", SHOP_SECRET, ""));
    return settings;
  }

  /** The packaged project, with its own class path; only addresses are told it. */
  private record Spring(Process process, URI base) implements AutoCloseable {
    static Spring start(URI thirdSession) throws Exception {
      URI base = URI.create("http://127.0.0.1:" + Ports.free());
      Path log = JAR.resolveSibling("output.log");
      ProcessBuilder java =
          new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-XX:TieredStopAtLevel=1", // it runs for seconds
              "-jar",
              JAR.toString(),
              "--server.port=" + base.getPort(),
              "--spring.security.oauth2.resourceserver.opaquetoken.introspection-uri="
                  + thirdSession.resolve("/api/introspect"));
      java.environment().put("SHOP_SECRET", SHOP_SECRET);
      java.redirectErrorStream(true).redirectOutput(log.toFile());
      Process process = java.start();
      Ports.awaitAnswer(base.getPort(), process, "Spring: see " + log);
      return new Spring(process, base);
    }

    @Override
    public void close() {
      process.destroy();
      try {
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
