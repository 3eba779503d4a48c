package io.thirdsession.testing;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** An empty database and a server on it for each test. */
public abstract class AppTestBase extends AppFixture {
  /** Starts with these settings, in pairs. */
  protected AppTestBase(String... settings) {
    super(settings);
  }

  @BeforeEach
  protected final void startServer() throws Exception {
    start();
  }

  @AfterEach
  protected final void stopServer() {
    stop();
  }
}
