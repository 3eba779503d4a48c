package io.thirdsession.war;

import static io.thirdsession.testing.AppServer.APP;

import io.thirdsession.simulator.SimulatorOptions;
import io.thirdsession.simulator.SimulatorOptions.ForeignCodes;
import io.thirdsession.simulator.WeChatSimulator;
import io.thirdsession.testing.Canaries;
import io.thirdsession.testing.TestDatabase;
import io.thirdsession.testing.TestHttp;
import java.util.Map;

/** The WAR in a container, with a database and a WeChat, as all contracts find it. */
final class DeployedWar implements AutoCloseable {
  /** More than any other test here needs of one user. */
  static final int DECRYPTIONS = 20;

  private static final String SECRET = "canary-app-secret-0123456789";

  final TestDatabase database;
  final WeChatSimulator weChat;
  final TestHttp http;
  private final Container container;

  private DeployedWar(TestDatabase database, WeChatSimulator weChat, Container container) {
    this.database = database;
    this.weChat = weChat;
    this.container = container;
    this.http = new TestHttp(container.base());
  }

  static DeployedWar start(Container.Starter starter) throws Exception {
    return start(starter, Map.of());
  }

  /** Starts with these settings too, which win. */
  static DeployedWar start(Container.Starter starter, Map<String, String> more) throws Exception {
    TestDatabase database = TestDatabase.create();
    WeChatSimulator weChat =
        WeChatSimulator.start(
            SimulatorOptions.defaults()
                .withPort(0)
                .withApps(Map.of(APP, SECRET))
                .withLoginsPerMinute(100_000)
                .withForeignCodes(ForeignCodes.REFUSE));
    Map<String, String> settings = War.settings(database, weChat, APP + ":" + SECRET);
    settings.put(
        "RATE_LIMITS",
        "login=100000/1m,login.user=100000/1m,decrypt=100000/1m,"
            + "account.user=100000/1m,export.user=100000/1m,decrypt.user="
            + DECRYPTIONS
            + "/1h");
    settings.putAll(more);
    return new DeployedWar(database, weChat, starter.start(settings));
  }

  @Override
  public void close() {
    Canaries.record(weChat, SECRET);
    container.close();
    weChat.close();
    database.close();
  }
}
