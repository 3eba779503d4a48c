package io.thirdsession.testing;

import static io.thirdsession.testing.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.mysql.cj.jdbc.JdbcConnection;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class TestDatabaseTest {
  private static final byte[] NOT_UTF_8 = {(byte) 0xA2, (byte) 0x88, (byte) 0xD4};

  private final TestDatabase database = TestDatabase.create();

  @Test
  void transactionsAreCountedWhileAStatementHasBytesThatAreNoText() throws Exception {
    database.execute("CREATE TABLE one (id INT PRIMARY KEY)", "INSERT INTO one VALUES (1)");
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (database;
        Connection connection = database.connect();
        PreparedStatement slow =
            connection
                .unwrap(JdbcConnection.class)
                .serverPrepareStatement("SELECT ?, id, SLEEP(2) FROM one FOR UPDATE")) {
      connection.setAutoCommit(false);
      slow.setBytes(1, NOT_UTF_8);
      Future<Boolean> run = thread.submit(() -> slow.execute());
      eventually(() -> assertEquals(1, database.transactions()));
      run.get();
      assertEquals(1, database.transactions(), "idle");
      connection.rollback();
      eventually(() -> assertEquals(0, database.transactions()));
    } finally {
      thread.shutdownNow();
    }
  }
}
