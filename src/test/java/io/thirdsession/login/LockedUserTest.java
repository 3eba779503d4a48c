package io.thirdsession.login;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thirdsession.testing.AppTestBase;
import io.thirdsession.testing.TestHttp.Response;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A row that somebody has locked and forgotten. */
class LockedUserTest extends AppTestBase {
  private final ExecutorService phones = Executors.newFixedThreadPool(40);

  LockedUserTest() {
    super("RATE_LIMITS", "off");
  }

  @AfterEach
  void stopPhones() {
    phones.shutdownNow();
  }

  @Test
  void holdsUpNobodysLoginsButThoseOfItsUser() throws Exception {
    server.login("alice");
    List<Future<Response>> locked = new ArrayList<>();
    try (Connection forgotten = database.connect();
        Statement statement = forgotten.createStatement()) {
      forgotten.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED); // no gaps
      forgotten.setAutoCommit(false);
      statement.execute("SELECT id FROM user FOR UPDATE");
      for (int i = 0; i < 40; i++) {
        locked.add(phones.submit(() -> server.login("alice")));
      }

      for (int i = 0; i < 40; i++) {
        assertEquals(200, server.login("other" + i).status());
      }
      for (Future<Response> login : locked) {
        assertEquals(503, login.get().status());
      }
      forgotten.rollback();
    }
    assertEquals(200, server.login("alice").status(), "once it is free again");
  }
}
