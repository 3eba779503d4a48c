package io.thirdsession.testing;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** One server, on a database that was empty, for all tests of a class: each needs its own users. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class SharedAppTestBase extends AppFixture {
  /** Starts with these settings, in pairs. */
  protected SharedAppTestBase(String... settings) {
    super(settings);
  }

  @BeforeAll
  protected final void startServer() throws Exception {
    start();
  }

  @AfterAll
  protected final void stopServer() {
    stop();
  }
}
