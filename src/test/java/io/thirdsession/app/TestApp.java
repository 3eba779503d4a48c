package io.thirdsession.app;

import io.thirdsession.opendata.OpenDataService;
import io.thirdsession.session.SessionService;
import io.thirdsession.session.SessionTokens;
import jakarta.servlet.ServletContext;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;

/** Opens the wired application, which nobody outside this package sees, to the tests' fixture. */
public final class TestApp implements AutoCloseable {
  private final App app;

  private TestApp(App app) {
    this.app = app;
  }

  /** Wires and starts the application with these settings and this clock. */
  public static TestApp start(Map<String, String> settings, Clock clock) {
    Environment environment = TestEnvironment.of(settings);
    App app = new App(SettingsReader.read(environment), clock, new SecureRandom());
    app.start(new SecretFiles(environment));
    return new TestApp(app);
  }

  /** Registers every servlet and filter, as the listener of the WAR does. */
  public void register(ServletContext context) {
    Routes.register(context, app);
  }

  /** Compares the clock of the tests with the database's, which is the real one. */
  public void compareClocks() {
    app.compareClocks();
  }

  /** Returns the service that tests call below HTTP, to race it. */
  public SessionService sessions() {
    return app.sessions;
  }

  /** Returns what makes tokens, for tests that write sessions themselves. */
  public SessionTokens tokens() {
    return app.tokens;
  }

  /** Returns the service that tests call below HTTP, with a session that is gone. */
  public OpenDataService openData() {
    return app.openData;
  }

  /** Writes when sessions were last used, as happens every second. */
  public void writeTouches() {
    app.touches.write();
  }

  /** Moves everything to the active master key, as happens every minute. */
  public void rotateMasterKeys() {
    app.rotateMasterKeys();
  }

  @Override
  public void close() {
    app.close();
  }
}
