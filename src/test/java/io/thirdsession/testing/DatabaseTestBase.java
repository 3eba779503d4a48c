package io.thirdsession.testing;

import io.thirdsession.jdbc.Database;
import io.thirdsession.metrics.Metrics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A database with our tables, without rows, and the product's way to it, for each test. */
public abstract class DatabaseTestBase {
  protected TestDatabase testDatabase;
  protected Database database;

  @BeforeEach
  protected final void startDatabase() {
    testDatabase = TestDatabase.create();
    database = new Database(testDatabase.settings(), queries -> {}, new Metrics());
    database.start();
  }

  @AfterEach
  protected final void stopDatabase() {
    database.close();
    testDatabase.close();
  }
}
