package io.thirdsession.purge;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thirdsession.Deadline;
import io.thirdsession.Uuid7;
import io.thirdsession.testing.AppTestBase;
import io.thirdsession.testing.LoginsMeanwhile;
import io.thirdsession.testing.TestDatabase;
import io.thirdsession.testing.TestHttp.Response;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A million rows: {@code mvn test -Pattacks -Dtest=PurgeUnderLoadTest}. */
class PurgeUnderLoadTest extends AppTestBase {
  private static final int ROWS = Integer.getInteger("purge.rows", 5_000);
  private static final RandomGenerator RANDOM = RandomGenerator.getDefault();
  private static final Logger log = LoggerFactory.getLogger(PurgeUnderLoadTest.class);

  @Test
  void expiredSessionsLeaveWhileLoginsGoOn() throws SQLException {
    server.login("alice");
    database.execute("UPDATE lease SET held_until = " + Long.MAX_VALUE); // not yet
    insertExpired();
    database.execute("UPDATE lease SET held_until = 0");
    Deadline patience = Deadline.in(Duration.ofMinutes(9));
    LoginsMeanwhile logins = new LoginsMeanwhile(server);
    long startedNanos = System.nanoTime();

    while (database.number("SELECT COUNT(*) FROM (SELECT 1 FROM session LIMIT 200) s") == 200) {
      for (int i = 0; i < 20; i++) {
        Response login = logins.login("user-" + i);
        server.http.logout(login.token()); // so that fewer than 200 are left in the end
      }
      assertTrue(!patience.passed(), "they do not leave");
    }

    log.info(
        "rows={} seconds={} {}", ROWS, (System.nanoTime() - startedNanos) / 1_000_000_000, logins);
    logins.assertUndisturbed();
  }

  private void insertExpired() throws SQLException {
    Instant old = server.clock.instant().minus(Duration.ofDays(31));
    String url = database.url() + (database.url().contains("?") ? "&" : "?");
    try (Connection connection =
            TestDatabase.connect(
                url + "rewriteBatchedStatements=true",
                TestDatabase.user(),
                TestDatabase.password());
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO session (sid, secret_hash, user_id, identity_id, last_seen_at,"
                    + " origin, address) VALUES (?, ?, ?, ?, 0, 'login', '')")) {
      byte[] user = HexFormat.of().parseHex(column("user_id"));
      byte[] identity = HexFormat.of().parseHex(column("id"));
      connection.setAutoCommit(false);
      for (int i = 1; i <= ROWS; i++) {
        insert.setBytes(1, Uuid7.bytes(Uuid7.next(old.plusMillis(i / 10), RANDOM)));
        insert.setBytes(2, new byte[32]);
        insert.setBytes(3, user);
        insert.setBytes(4, identity);
        insert.addBatch();
        if (i % 5_000 == 0 || i == ROWS) {
          insert.executeBatch();
          connection.commit();
        }
      }
    }
  }

  private String column(String name) {
    return database.column("SELECT HEX(" + name + ") FROM identity").get(0);
  }
}
