package io.thirdsession.app;

import io.thirdsession.simulator.WeChatSimulator;
import io.thirdsession.testing.FakeClock;
import io.thirdsession.testing.TestDatabase;
import io.thirdsession.testing.TestHttp;

/** The whole application on a database of its own, for tests of other packages. */
public final class RunningApp implements AutoCloseable {
  /** The app whose users the names below mean. */
  public static final String APP = AppServer.APP;

  private final TestDatabase database;
  private final AppServer server;

  private RunningApp(TestDatabase database, AppServer server) {
    this.database = database;
    this.server = server;
  }

  /** Starts it. */
  public static RunningApp start() throws Exception {
    TestDatabase database = TestDatabase.create();
    try {
      return new RunningApp(database, AppServer.start(database));
    } catch (Exception e) {
      database.close();
      throw e;
    }
  }

  public TestHttp http() {
    return server.http;
  }

  public WeChatSimulator weChat() {
    return server.weChat;
  }

  public FakeClock clock() {
    return server.clock;
  }

  public TestDatabase database() {
    return database;
  }

  /** Returns the openid of the first app's user of this name. */
  public static String openId(String name) {
    return AppServer.openId(name);
  }

  /** Returns how many codes were exchanged with WeChat. */
  public long exchanges() {
    return server.weChat.calls().stream()
        .filter(call -> call.path().equals("/sns/jscode2session"))
        .count();
  }

  @Override
  public void close() {
    server.close();
    database.close();
  }
}
