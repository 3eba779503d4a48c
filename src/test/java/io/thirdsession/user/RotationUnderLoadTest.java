package io.thirdsession.user;

import static io.thirdsession.testing.AppServer.APP;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thirdsession.Deadline;
import io.thirdsession.Uuid7;
import io.thirdsession.keys.Mac;
import io.thirdsession.testing.AppServer;
import io.thirdsession.testing.AppTestBase;
import io.thirdsession.testing.LoginsMeanwhile;
import io.thirdsession.testing.TestDatabase;
import io.thirdsession.testing.TestKeys;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A million identities: {@code mvn test -Pattacks -Dtest=RotationUnderLoadTest}. */
class RotationUnderLoadTest extends AppTestBase {
  private static final int ROWS = Integer.getInteger("rotation.rows", 2_000);
  private static final RandomGenerator RANDOM = RandomGenerator.getDefault();
  private static final Logger log = LoggerFactory.getLogger(RotationUnderLoadTest.class);

  @Test
  void everyIdentityMovesToTheActiveKeyWhileItsUsersLogIn() throws Exception {
    insertIdentities();
    restart("MASTER_KEYS", TestKeys.setting("k2", "k1"), "RATE_LIMITS", "off");
    server.login("user-0"); // the first one of a server is slow
    long startedNanos = System.nanoTime();
    CompletableFuture<Long> rotation =
        CompletableFuture.supplyAsync(
            () -> {
              rotate();
              return System.nanoTime() - startedNanos;
            });
    LoginsMeanwhile logins = new LoginsMeanwhile(server);

    do {
      logins.login("user-" + RANDOM.nextInt(ROWS));
    } while (!rotation.isDone());

    log.info("rows={} seconds={} {}", ROWS, rotation.get() / 1_000_000_000, logins);
    assertEquals(0, database.number("SELECT COUNT(*) FROM identity WHERE mac_key <> 'k2'"));
    assertEquals(ROWS, database.number("SELECT COUNT(*) FROM user"), "nobody became a new user");
    logins.assertUndisturbed();
  }

  /** As the server does by itself every minute: what a disk that flushes held up is done next. */
  private void rotate() {
    Deadline patience = Deadline.in(Duration.ofMinutes(9));
    do {
      server.app.rotateMasterKeys();
    } while (database.number("SELECT EXISTS (SELECT 1 FROM identity WHERE mac_key = 'k1')") == 1
        && !patience.passed());
  }

  /** The session_keys are nobody's: the next login replaces them. */
  private void insertIdentities() throws SQLException {
    IdentityMacs macs = new IdentityMacs(TestKeys.ring("k1"));
    String url = database.url() + (database.url().contains("?") ? "&" : "?");
    try (Connection connection =
            TestDatabase.connect(
                url + "rewriteBatchedStatements=true",
                TestDatabase.user(),
                TestDatabase.password());
        PreparedStatement users =
            connection.prepareStatement(
                "INSERT INTO user (id, created_at, last_login_at) VALUES (?, 0, 0)");
        PreparedStatement identities =
            connection.prepareStatement(
                "INSERT INTO identity (id, user_id, appid, openid, mac_key, mac, created_at,"
                    + " key_sealed, key_fingerprint, key_exchanged_at)"
                    + " VALUES (?, ?, ?, ?, 'k1', ?, 0, '', '', 0)")) {
      connection.setAutoCommit(false);
      for (int i = 0; i < ROWS; i++) {
        UUID userId = Uuid7.next(Instant.EPOCH.plusMillis(i), RANDOM);
        UUID id = Uuid7.next(Instant.EPOCH.plusMillis(i), RANDOM);
        Identity identity =
            new Identity(id, userId, APP, AppServer.openId("user-" + i), Optional.empty());
        Mac mac = macs.of(identity);
        users.setBytes(1, Uuid7.bytes(userId));
        users.addBatch();
        identities.setBytes(1, Uuid7.bytes(id));
        identities.setBytes(2, Uuid7.bytes(userId));
        identities.setString(3, APP);
        identities.setString(4, identity.openId());
        identities.setBytes(5, mac.value().bytes());
        identities.addBatch();
        if (i % 500 == 499 || i == ROWS - 1) {
          users.executeBatch();
          identities.executeBatch();
          connection.commit();
        }
      }
    }
  }
}
